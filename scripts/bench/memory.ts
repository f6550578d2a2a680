/**
 * Rows about memory: what a long film takes at its peak, all processes together.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { archive } from './archive_job.ts'
import type { Row } from './row.ts'

/**
 * The whole job on a long film, against the same on a short one of its size, done before: a process takes its memory
 * once and keeps it, which is no film's doing.
 */
const long = (name: string, height: 1080 | 2160, few: number, many: number): Row => ({
  name,
  measure: `peak memory of the whole job, ${many} min of ${height}p`,
  against: `${few} min of it`,
  reach: 1.1,
  isLong: true,
  async run(bench) {
    const measure = async (minutes: number) => {
      const file = await bench.footage.generated(height, minutes)
      return memoryDuring(() => archive(bench, file, 'ultrafast'))
    }
    await measure(few)
    const against = peakOf(await measure(few))
    const samples = await measure(many)
    const third = Math.ceil(samples.length / 3)
    const thirds = [0, 1, 2].map((n) => Math.round(peakOf(samples.slice(n * third, (n + 1) * third))))
    return { against, ours: peakOf(samples), unit: 'MB', note: `by thirds: ${thirds.join(', ')} MB` }
  },
})

/** Megabytes of this process and all below it, five times a second. Linux only, where the kernel tells. */
async function memoryDuring(work: () => Promise<void>): Promise<number[]> {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(memoryOfTree()), 200)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return samples
}

function memoryOfTree(): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStatus)
  const below = (pid: number): number =>
    all
      .filter(({ parent }) => parent === pid)
      .reduce((sum, child) => sum + child.megabytes + below(child.pid), 0)
  return below(process.pid) + process.memoryUsage.rss() / 1e6
}

/** Nothing of a process that has ended while one looked. */
function readStatus(pid: string): { pid: number; parent: number; megabytes: number }[] {
  let status: string
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return []
  }
  const figure = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return [{ pid: Number(pid), parent: figure('PPid'), megabytes: figure('VmRSS') / 1000 }]
}

const peakOf = (samples: number[]) => Math.max(...samples)

export const rows: Row[] = [long('memory-4k', 2160, 1, 10), long('memory-hour', 1080, 5, 60)]
