/**
 * What the kernel knows of processes: whether one still lives, since when, and what it costs.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Usage } from './operation.ts'

/**
 * When a process began, in the kernel's own form, so that a reused pid is never taken for it.
 * Null where there is no such process (a zombie counts as none).
 */
export function processStart(pid: number): string | null {
  if (process.platform !== 'linux') return psStart(pid)
  const stat = statOf(`/proc/${pid}`)
  return stat === null || stat.state === 'Z' ? null : stat.start
}

/** Ends a process if it is still the one that began then. */
export function endProcess(pid: number, started: string): void {
  if (processStart(pid) !== started) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended in between
  }
}

/** CPU seconds of this very thread so far; 0 where the kernel does not tell. */
export function threadCpuSeconds(): number {
  return statOf('/proc/thread-self')?.cpuSeconds ?? 0
}

const lookMs = 100

/** Who is told of a child that does nothing any more. */
export interface Patience {
  /** Of no progress at all. */
  seconds: number
  onStuck(pid: number): void
}

/**
 * Watches what several children at once cost, and whether each still moves. The peak of memory is of their sum; the time
 * a child took is what it says itself at its end, or what was last seen of one that was ended before it could.
 */
export function watchChildren(patience: Patience) {
  const seen = new Map<number, number>()
  const still = watchMovement(patience)
  let [peakMemoryBytes, cpuSeconds, looks] = [0, 0, 0]
  const look = () => {
    let sum = 0
    for (const pid of seen.keys()) {
      sum += residentBytes(pid)
      seen.set(pid, statOf(`/proc/${pid}`)?.cpuSeconds ?? seen.get(pid) ?? 0)
    }
    peakMemoryBytes = Math.max(peakMemoryBytes, sum)
    if (++looks % looksPerMovement === 0) for (const pid of seen.keys()) still.look(pid)
  }
  const timer = setInterval(look, lookMs)
  timer.unref()
  return {
    add: (pid: number) => void seen.set(pid, 0),
    remove(pid: number, said: Usage) {
      cpuSeconds += Math.max(said.cpuSeconds, seen.get(pid) ?? 0)
      peakMemoryBytes = Math.max(peakMemoryBytes, said.peakMemoryBytes)
      seen.delete(pid)
      still.forget(pid)
    },
    usage: (): Usage => ({ cpuSeconds, peakMemoryBytes }),
    stop: () => clearInterval(timer),
  }
}

const looksPerMovement = process.platform === 'linux' ? 5 : 50

/**
 * Counts looks, not time: while this process itself sleeps or is stopped, nobody is called stuck for it.
 */
function watchMovement({ seconds, onStuck }: Patience) {
  const most = Math.max(2, Math.ceil((seconds * 1000) / (lookMs * looksPerMovement)))
  const known = new Map<number, { movement: string | null; looks: number }>()
  return {
    look(pid: number) {
      const movement = movementOf(pid)
      const before = known.get(pid)
      if (movement === null || before?.movement !== movement)
        return void known.set(pid, { movement, looks: 0 })
      if (++before.looks === most) onStuck(pid)
    },
    forget: (pid: number) => void known.delete(pid),
  }
}

/**
 * What changes as long as a process gets on: the CPU it used, the bytes it read and wrote. Null where nothing tells, or
 * where it would run if there were a free core.
 */
function movementOf(pid: number): string | null {
  if (process.platform !== 'linux') return ask(pid, 'time=')
  const stat = statOf(`/proc/${pid}`)
  if (stat === null || stat.state === 'R' || stat.state === 'Z') return null
  const bytes = read(`/proc/${pid}/io`)?.match(/^[rw]char: \d+$/gm) ?? []
  return [stat.cpuSeconds, ...bytes].join(' ')
}

export function residentBytes(pid: number): number {
  const pages = Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0)
  return pages * 4096
}

/** `comm` may hold spaces and brackets, so fields are counted after its last bracket. */
function statOf(folder: string) {
  const text = read(`${folder}/stat`)
  if (text === null) return null
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticksPerSecond = 100
  return {
    state: fields[0] ?? '',
    start: fields[19] ?? '',
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return null
  }
}

const psStart = (pid: number) => ask(pid, 'lstart=')

/** What `ps` tells of a process. */
function ask(pid: number, column: string): string | null {
  try {
    return (
      execFileSync('ps', ['-o', column, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    )
  } catch {
    return null
  }
}
