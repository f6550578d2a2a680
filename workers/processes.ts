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

/**
 * Watches what several children at once cost. The peak of memory is of their sum; the time a child took is what it
 * says itself at its end, or what was last seen of one that was ended before it could.
 */
export function watchChildren() {
  const seen = new Map<number, number>()
  let [peakMemoryBytes, cpuSeconds] = [0, 0]
  const look = () => {
    let sum = 0
    for (const pid of seen.keys()) {
      sum += residentBytes(pid)
      seen.set(pid, statOf(`/proc/${pid}`)?.cpuSeconds ?? seen.get(pid) ?? 0)
    }
    peakMemoryBytes = Math.max(peakMemoryBytes, sum)
  }
  const timer = setInterval(look, lookMs)
  timer.unref()
  return {
    add: (pid: number) => void seen.set(pid, 0),
    remove(pid: number, said: Usage) {
      cpuSeconds += Math.max(said.cpuSeconds, seen.get(pid) ?? 0)
      peakMemoryBytes = Math.max(peakMemoryBytes, said.peakMemoryBytes)
      seen.delete(pid)
    },
    usage: (): Usage => ({ cpuSeconds, peakMemoryBytes }),
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
