/**
 * What the kernel knows of processes: whether one still lives, since when, and what it costs.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

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

/** Watches the memory of several children at once; the peak is of their sum. */
export function watchMemory() {
  const pids = new Set<number>()
  let peak = 0
  const look = () => {
    let sum = 0
    for (const pid of pids) sum += residentBytes(pid)
    peak = Math.max(peak, sum)
  }
  const timer = setInterval(look, 250)
  timer.unref()
  return {
    add: (pid: number) => void pids.add(pid),
    remove(pid: number, ownPeak: number) {
      pids.delete(pid)
      peak = Math.max(peak, ownPeak)
    },
    peak: () => peak,
    stop: () => clearInterval(timer),
  }
}

function residentBytes(pid: number): number {
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

function psStart(pid: number): string | null {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    )
  } catch {
    return null
  }
}
