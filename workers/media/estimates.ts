/**
 * What work will take: learned from past operations like it, and before there are enough of them from a stated rule.
 */

import type { Encoder } from '../../db/schema.ts'
import type { PresetSettings } from './presets.ts'
import type { Probe } from './probe.ts'
import { fractionValue } from './timecode.ts'
import { fit, pixelAspect } from './video.ts'

/** A guess and how far off it may be. */
export interface Range {
  low: number
  likely: number
  high: number
}

/** One operation of one session, as far as it decides what it takes. */
export interface Task {
  operation: string
  encoder: Encoder
  /** Codec and size of the master. */
  codec: string | null
  width: number | null
  height: number | null
  /** From `mannerOf`. */
  manner: string
  /** How much work it is: megapixels or bytes, by the operation (`workUnits`). */
  amount: number
  /** Bytes of the sound that goes into what it makes, which its pictures say nothing of; for the rule. */
  sound?: number
}

/** A task that was done. */
export interface Sample extends Task {
  seconds: number
  /** Of what it made. */
  bytes: number
  files: number
}

export interface Estimate {
  seconds: Range
  bytes: Range
  /** How many past operations it was learned from; 0 where the rule said it. */
  samples: number
  /** "from 14 clips like these". */
  basis: string
}

/** What the work of an operation is counted in. Those that are not here take the same every time. */
export const workUnits: Record<string, 'megapixels' | 'bytes'> = {
  copy_master: 'bytes',
  detect: 'megapixels',
  thumbnails: 'megapixels',
  clips: 'megapixels',
  stills_hq: 'megapixels',
  stills_web: 'megapixels',
  optimise_master: 'megapixels',
  research: 'bytes',
}

/** Fewer past operations than these tell less than the rule. */
export const enough = 3
const most = 20
/** How much nearer one past operation may be than another and both still count as alike; a doubling of size is 1. */
const alike = 0.75
/** What is further away than this is no likeness: another codec counts as 1. */
const farthest = 2

/** Seconds and bytes of one task, from `samples` of the same operation, or by the rule. */
export function estimate(task: Task, samples: readonly Sample[]): Estimate {
  const near = nearest(task, samples)
  if (near.length < enough) return byRule(task)
  const rate = (measure: 'seconds' | 'bytes') =>
    scaled(spread(near.map((sample) => sample[measure] / sample.amount)), task.amount)
  return { seconds: rate('seconds'), bytes: rate('bytes'), samples: near.length, basis: basisOf(task, near) }
}

/** Those with the same encoder and settings, of the nearest codec and size. */
function nearest(task: Task, samples: readonly Sample[]): Sample[] {
  const measured = samples
    .filter((sample) => sample.operation === task.operation && sample.manner === task.manner)
    .filter((sample) => sample.encoder === task.encoder && sample.amount > 0)
    .map((sample) => ({ sample, distance: distanceOf(task, sample) }))
    .filter(({ distance }) => distance <= farthest)
    .toSorted((a, b) => a.distance - b.distance)
  const least = measured[0]?.distance ?? 0
  return measured
    .filter(({ distance }) => distance <= least + alike)
    .slice(0, most)
    .map(({ sample }) => sample)
}

const distanceOf = (task: Task, sample: Sample) =>
  (task.codec === sample.codec ? 0 : 1) + Math.abs(Math.log2(pixelsOf(task) / pixelsOf(sample)))

const pixelsOf = ({ width, height }: Task) => Math.max(1, (width ?? 0) * (height ?? 0))

/** The middle, and what all but a tenth on either side lie within; wider where few tell. */
export function spread(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b)
  const doubt = 1 + 1 / Math.max(1, sorted.length)
  const likely = quantile(sorted, 0.5)
  return {
    low: quantile(sorted, 0.1) / doubt,
    likely,
    high: Math.max(likely, quantile(sorted, 0.9)) * doubt,
  }
}

/** Between the two nearest values, in proportion; `sorted` rises. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
  return below + (above - below) * (at - Math.floor(at))
}

const scaled = ({ low, likely, high }: Range, by: number): Range => ({
  low: low * by,
  likely: likely * by,
  high: high * by,
})

function basisOf({ operation }: Task, near: readonly Sample[]): string {
  const files = near.reduce((sum, sample) => sum + sample.files, 0)
  const one = fileWords[operation]
  if (one !== undefined && files > 0) return `from ${files} ${files === 1 ? one : `${one}s`} like these`
  return `from ${near.length} masters like this`
}

const fileWords: Record<string, string> = { clips: 'clip', stills_hq: 'still', stills_web: 'web still' }

interface Rule {
  /** Per unit of work. */
  seconds: number
  bytes: number
}

/**
 * The rule: what one unit of work took for the footage that Cutroom is tried with, on two cores. A range from a third
 * to the triple is told with it.
 */
const rules: Record<string, Rule> = {
  probe: { seconds: 1, bytes: 0 },
  copy_master: { seconds: 1 / 300e6, bytes: 1 },
  detect: { seconds: 0.008, bytes: 0 },
  thumbnails: { seconds: 0.008, bytes: 3500 },
  clips: { seconds: 0.08, bytes: 12_000 },
  stills_hq: { seconds: 1, bytes: 1_200_000 },
  stills_web: { seconds: 0.3, bytes: 250_000 },
  optimise_master: { seconds: 0.08, bytes: 12_000 },
  research: { seconds: 3e-7, bytes: 2 },
  finish: { seconds: 0.1, bytes: 4000 },
}
const doubtOfRule = 3
/** x264: so much more CRF halves the bytes, roughly. */
const crfToHalve = 6
const crfOfRule = 20

function byRule({ operation, manner, amount, sound = 0 }: Task): Estimate {
  const rule = rules[operation] ?? { seconds: 1, bytes: 0 }
  const crf = operation === 'clips' ? Number(/crf ([\d.]+)/.exec(manner)?.[1] ?? crfOfRule) : crfOfRule
  const finer = 2 ** ((crfOfRule - crf) / crfToHalve)
  const around = (value: number): Range => ({
    low: value / doubtOfRule,
    likely: value,
    high: value * doubtOfRule,
  })
  const exact = operation === 'copy_master'
  const bytes = rule.bytes * amount * finer + sound
  return {
    seconds: around(rule.seconds * amount),
    bytes: exact ? { low: bytes, likely: bytes, high: bytes } : around(bytes),
    samples: 0,
    basis: 'by a rule, until there is more history',
  }
}

/** The settings that decide what an operation costs, besides how much work it is. */
export function mannerOf(operation: string, preset: PresetSettings): string {
  const { video, stills_web } = preset
  if (operation === 'clips') return `crf ${video.crf} ${video.speed}`
  if (operation === 'stills_web') return `quality ${stills_web.quality}`
  return ''
}

/** What an archive's size follows from. */
export interface Outlook {
  probe: Probe
  preset: PresetSettings
  encoder: Encoder
  /** Frames of the master. */
  frames: number
  scenes: number
  /** Frames that go into clips and groups. */
  clipFrames: number
  /** Bytes of what is read from the R&D folder. */
  research: number
}

/** The tasks of an archive's operations, by their names; what this session does not do is left out. */
export function tasksOf(outlook: Outlook, operations: readonly string[]): Task[] {
  const { probe, preset, encoder } = outlook
  const { codec, width, height } = probe.video
  return operations.flatMap((operation) => {
    const amount = amountOf(operation, outlook)
    if (amount <= 0) return []
    const task = { operation, encoder, codec, width, height, manner: mannerOf(operation, preset), amount }
    return [{ ...task, sound: soundOf(operation, outlook) }]
  })
}

/** Bytes of sound in what an operation makes. */
function soundOf(operation: string, { probe, preset, frames, clipFrames }: Outlook): number {
  const shares: Record<string, number> = { clips: clipFrames / frames, optimise_master: 1 }
  const bytesPerSecond = probe.audio.length > 0 ? preset.audio.bitrate * 125 : 0
  return (shares[operation] ?? 0) * probe.duration * bytesPerSecond
}

/** How much work an operation is, in its unit. */
export function amountOf(operation: string, outlook: Outlook): number {
  const { probe, preset, frames, scenes, clipFrames, research } = outlook
  const source = megapixels(probe.video)
  const encoded = megapixels(fit(probe.video, pixelAspect(probe.video), preset.video.size))
  const amounts: Record<string, number> = {
    copy_master: probe.bytes,
    detect: frames * source,
    thumbnails: frames * source,
    clips: clipFrames * encoded,
    optimise_master: frames * encoded,
    stills_hq: scenes * source,
    stills_web: scenes * stillMegapixels(probe, preset),
    research,
    choose: 0,
  }
  return amounts[operation] ?? 1
}

function stillMegapixels({ video }: Probe, { stills_web, thumbnails }: PresetSettings): number {
  const shrunk = (most: 'source' | number) =>
    megapixels(video) * Math.min(1, most === 'source' ? 1 : most / video.width) ** 2
  return shrunk(stills_web.max_width) + (thumbnails.enabled ? shrunk(thumbnails.max_width) : 0)
}

const megapixels = ({ width, height }: { width: number; height: number }) => (width * height) / 1e6

export const framesOf = ({ video, duration }: Probe): number =>
  video.frames ?? Math.max(1, Math.round(duration * fractionValue(video.frameRate)))

/** The sum of parts whose misses partly cancel out. */
export function sumOf(ranges: readonly Range[]): Range {
  const likely = ranges.reduce((sum, range) => sum + range.likely, 0)
  const miss = (side: 'low' | 'high') =>
    Math.sqrt(ranges.reduce((sum, range) => sum + (range[side] - range.likely) ** 2, 0))
  return { low: Math.max(0, likely - miss('low')), likely, high: likely + miss('high') }
}

/**
 * Bytes that clips of so many frames will take: what a review room tells of the scenes that are ticked.
 * @param samples of the operation `clips`; without enough of them the rule tells.
 */
export function expectedBytes(outlook: Outlook, samples: readonly Sample[]): Estimate {
  const [task] = tasksOf(outlook, ['clips'])
  const none = { low: 0, likely: 0, high: 0 }
  return task ? estimate(task, samples) : { seconds: none, bytes: none, samples: 0, basis: '' }
}

/** A step as far as it decides when another can start. */
export interface Waiting {
  name: string
  needs: readonly string[]
  after?: readonly string[]
}

/**
 * Seconds until all steps are done where `bound` of them run at once, each as soon as what it waits for is done.
 * @param left seconds of each step; one that is not named is done.
 */
export function finishTime(steps: readonly Waiting[], left: ReadonlyMap<string, number>, bound: number) {
  const ends = new Map<string, number>()
  const lanes = Array.from({ length: Math.max(1, bound) }, () => 0)
  for (const { name, needs, after = [] } of steps) {
    const seconds = left.get(name)
    if (seconds === undefined) continue
    const ready = Math.max(0, ...[...needs, ...after].map((other) => ends.get(other) ?? 0))
    const lane = lanes.indexOf(Math.min(...lanes))
    const end = Math.max(ready, seconds === 0 ? 0 : (lanes[lane] ?? 0)) + seconds
    if (seconds > 0) lanes[lane] = end
    ends.set(name, end)
  }
  return Math.max(0, ...ends.values())
}

export interface Past {
  low: number
  likely: number
  high: number
  actual: number
}

export interface Accuracy {
  /** How many estimates came to their end. */
  count: number
  /** Those that ended within their range. */
  held: number
  /** How far the middle one was off, as a share of what was said: 0.14 is 14 percent. */
  miss: number
}

/** How right estimates were. */
export function accuracyOf(past: readonly Past[]): Accuracy {
  const told = past.filter(({ likely }) => likely > 0)
  const misses = told.map(({ likely, actual }) => Math.abs(actual / likely - 1))
  return {
    count: told.length,
    held: told.filter(({ low, high, actual }) => actual >= low && actual <= high).length,
    miss: quantile(
      misses.toSorted((a, b) => a - b),
      0.5,
    ),
  }
}
