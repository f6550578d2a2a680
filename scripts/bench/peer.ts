/**
 * PySceneDetect, where `--peer` names it: the work that others would do with it.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { setPriority } from 'node:os'
import path from 'node:path'
import { median, seconds, type Side } from './measure.ts'

export interface Peer {
  detect(file: string): Side
  /** Cuts, two stills of every scene and all clips: the files that our own job leaves. */
  archive(file: string): Side
}

/** @param command as it is typed in a shell: "python3 -m scenedetect". */
export async function openPeer(command: string, scratch: string): Promise<Peer> {
  const [program = '', ...first] = command.split(' ')
  const run = async (args: string[]) => {
    const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    // Our own ffmpeg gives way to the server like this; on a busy machine both must.
    if (child.pid !== undefined) setPriority(child.pid, 10)
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new Error(`“${command}” failed: ${said.trim().split('\n').at(-1)}`)
  }
  // Not `version`: that looks for other programs, too.
  const starts = []
  for (let i = 0; i < 3; i++) starts.push(await seconds({ work: () => run(['--help']) }))
  const startUp = median(starts)
  const into = async (args: (folder: string) => string[]) => {
    const folder = mkdtempSync(path.join(scratch, 'peer-'))
    await run(args(folder))
    rmSync(folder, { recursive: true })
  }
  const detection = ['detect-content', '-t', '30', '-m', '15']
  return {
    detect: (file) => ({
      startUp,
      work: () => into((folder) => ['-q', '-i', file, '-o', folder, ...detection]),
    }),
    archive: (file) => ({
      startUp,
      work: () =>
        into((folder) => [
          ...['-q', '-i', file, '-o', folder, ...detection, 'save-images', '-n', '2'],
          ...['split-video', '-a', '-c:v libx264 -preset veryfast -crf 22 -c:a aac'],
        ]),
    }),
  }
}
