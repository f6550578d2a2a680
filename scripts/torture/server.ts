/**
 * A real server in a process group of its own, and the ffmpegs that it started.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Server {
  pid: number
  address: string
  /** True until its process has ended. */
  lives(): boolean
  /** Sends a signal to the server alone. */
  signal(name: NodeJS.Signals): void
  /** Sends a signal to the server and all its children. */
  signalAll(name: NodeJS.Signals): void
  /** Settles when its process has ended. */
  ended: Promise<void>
  /** What it wrote, the last part of it. */
  said(): string
  /** True once the campaign itself ended it: any other end is a fault of the server's. */
  wasEnded: boolean
}

const running = new Set<ChildProcess>()

/** Nothing that was started outlives the campaign. */
process.on('exit', () => {
  for (const child of running) signalGroup(child.pid, 'SIGKILL')
})

/** What servers are started from. */
export interface Means {
  /** The folder that `npm run build` makes: it starts in a fraction of the time that the source takes. */
  program: string
  ffmpeg: string
}

/**
 * Starts a server and waits for its address.
 * @throws Error with what it said, where it ends before it serves.
 */
export async function startServer(data: string, { program, ffmpeg }: Means): Promise<Server> {
  const env = {
    ...process.env,
    CUTROOM_DATA: data,
    CUTROOM_MEDIA: '',
    CUTROOM_FFMPEG: ffmpeg,
    INIT_CWD: data,
  }
  const child = spawn(process.execPath, [path.join(program, 'cutroom.cjs'), 'serve', '--port', '0'], {
    env,
    detached: true,
  })
  running.add(child)
  let said = ''
  const hear = (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-10_000))
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  let lives = true
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      lives = false
      running.delete(child)
      resolve()
    }),
  )
  while (lives && !/http:\S+/.test(said)) await sleep(20)
  const [address] = /http:\S+/.exec(said) ?? []
  if (address === undefined || child.pid === undefined) throw new Error(`The server did not start: ${said}`)
  const { pid } = child
  const server: Server = {
    pid,
    address,
    lives: () => lives,
    signal(name) {
      server.wasEnded ||= ends(name)
      child.kill(name)
    },
    signalAll(name) {
      server.wasEnded ||= ends(name)
      signalGroup(pid, name)
    },
    ended,
    said: () => said,
    wasEnded: false,
  }
  return server
}

const ends = (name: NodeJS.Signals) => name === 'SIGKILL' || name === 'SIGTERM'

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch {
    // all of it has ended
  }
}

/** Pids of the ffmpegs that work on something in a folder. */
export function ffmpegsIn(folder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, state = '', args = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    const isOne = /^\S*ff(mpeg|probe)\S* /.test(args) && args.includes(folder) && !state.startsWith('Z')
    return isOne ? [Number(pid)] : []
  })
}

/**
 * Writes a stand-in that runs ffmpeg with x264 on one thread: with more, old builds do not always make the same bits,
 * and then no two runs could be held against each other.
 */
export function oneThreaded(ffmpeg: string, folder: string): string {
  const file = path.join(folder, 'ffmpeg')
  writeFileSync(
    file,
    `#!/bin/sh
count=$#; before=
for word in "$@"; do
  if [ "$before" = -threads:v ]; then set -- "$@" 1; else set -- "$@" "$word"; fi
  before=$word
done
shift "$count"
exec '${ffmpeg.replaceAll("'", "'\\''")}' "$@"
`,
  )
  chmodSync(file, 0o755)
  return file
}
