/**
 * Rows about memory: what a long film takes at its peak, all processes together.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { archive } from './archive_job.ts'
import type { Bench, Row } from './row.ts'

const [few, many] = [1, 10]

/**
 * The whole job on a 4K film of ten minutes, against the same of one minute, done before: a process takes its memory once
 * and keeps it, which is no film's doing.
 */
const fourK: Row = {
  name: 'memory-4k',
  measure: `peak memory of the whole job, ${many} min of 4K`,
  against: `${few} min of it`,
  reach: 1.1,
  isLong: true,
  async run(bench) {
    const measure = async (minutes: number) => {
      const file = await bench.footage.generated(2160, minutes)
      return peakOf(await memoryDuring(() => archive(bench, file, 'ultrafast')))
    }
    await measure(few)
    return { against: await measure(few), ours: await measure(many), unit: 'MB' }
  },
}

/** An hour of 1080p: the last third of the time against the first. */
const anHour: Row = {
  name: 'memory-hour',
  measure: 'peak memory of the whole job, an hour of 1080p: last third',
  against: 'first third',
  reach: 1.1,
  isLong: true,
  async run(bench) {
    await warmUp(bench)
    const file = await bench.footage.generated(1080, 60)
    const samples = await memoryDuring(() => archive(bench, file, 'ultrafast'))
    const third = Math.ceil(samples.length / 3)
    const thirds = [0, 1, 2].map((n) => peakOf(samples.slice(n * third, (n + 1) * third)))
    const [first = 0, , last = 0] = thirds
    return { ours: last, against: first, unit: 'MB', note: `thirds: ${thirds.map(Math.round).join(', ')} MB` }
  },
}

const warmUp = async (bench: Bench) => archive(bench, await bench.footage.brief(), 'ultrafast')

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

export const rows: Row[] = [fourK, anHour]
