/**
 * Which scenes share one encode, where in it each of them lies, and the filter graphs that put them there.
 */

import type { Frames } from '../operation.ts'
import { bounds, type Part, partOf, seconds, soundFilters, type Stretch } from './clip_graph.ts'
import { isEvenlySpaced } from './pace.ts'
import type { Fraction } from './timecode.ts'

/** Seconds of film that is not wanted: about what a new process, its seek and its way from a keyframe cost to decode. */
const longestGap = 5

/** Keeps arguments and expressions short however many scenes there are; a new run costs nothing beside so many clips. */
const mostClips = 200

/**
 * Stretches (rising, each one clip) as runs that are encoded in one go: neighbours with little between them, whose
 * frames follow each other as evenly together as alone, so that each is encoded as it would be by itself.
 */
export function planClipRuns<Clip extends Stretch>(
  clips: readonly Clip[],
  { times, duration }: Pick<Frames, 'times' | 'duration'>,
  frameRate: Fraction,
): Clip[][] {
  const time = (frame: number) => times[frame] ?? duration
  const isEven = (from: number, to: number) => isEvenlySpaced(times.subarray(from, to), frameRate)
  const joins = (run: Clip[], clip: Clip) => {
    const [first = clip, last = clip] = [run[0], run.at(-1)]
    return (
      run.length < mostClips &&
      clip.startFrame >= last.endFrame &&
      time(clip.startFrame) - time(last.endFrame) <= longestGap &&
      (isEven(first.startFrame, clip.endFrame) ||
        (!isEven(first.startFrame, first.endFrame) && !isEven(clip.startFrame, clip.endFrame)))
    )
  }
  const runs: Clip[][] = []
  for (const clip of clips) {
    const run = runs.at(-1)
    if (run && joins(run, clip)) run.push(clip)
    else runs.push([clip])
  }
  return runs
}

/** One clip of a run. */
export interface RunPart extends Part, Stretch {
  /** From 0. */
  index: number
  /** When its first frame is shown in the run, seconds. */
  place: number
  /** Just before that, after the last frame of the clip before it. */
  begins: number
}

/** The parts of a run on its own clock, where each begins as the one before it ends. `origin` as for `partOf`. */
export function placeParts(
  stretches: readonly Stretch[],
  { times, duration }: Pick<Frames, 'times' | 'duration'>,
  origin: number,
): RunPart[] {
  let [place, lastFrame] = [0, 0]
  return stretches.map(({ startFrame, endFrame }, index) => {
    const part = partOf({ startFrame, endFrame }, times, duration, origin)
    const placed = { ...part, startFrame, endFrame, index, place, begins: place - lastFrame / 4 }
    place += part.duration
    lastFrame = (times[endFrame] ?? duration) - (times[endFrame - 1] ?? 0)
    return placed
  })
}

/**
 * The graph from input 0, opened with `-copyts`, to `[v]`: the frames of all parts, each at its place. Every PTS is
 * reckoned from the file's own, so a frame that is missing moves no other one.
 */
export function runGraph(parts: readonly RunPart[], video: number, filters: readonly string[]): string {
  const gaps = gapsOf(parts)
  const between = gaps.map(({ from, to }) => `between(t,${seconds(from)},${seconds(to)})`)
  const closed = gaps.map(({ to, length }) => `+gte(T,${seconds(to)})*${seconds(length)}`)
  const chain = [
    `trim=${bounds({ from: parts[0]?.from ?? null, to: parts.at(-1)?.to ?? null })}`,
    ...(gaps.length > 0 ? [`select='not(${between.join('+')})'`] : []),
    `setpts='PTS-round((${seconds(parts[0]?.at ?? 0)}${closed.join('')})/TB)'`,
    ...filters,
  ]
  return `[0:${video}]${chain.join(',')}[v]`
}

/** What lies between the parts; bounds as those of `Part`, length in seconds. */
function gapsOf(parts: readonly RunPart[]): { from: number; to: number; length: number }[] {
  return parts.slice(1).flatMap((next, n) => {
    const last = parts[n]
    if (!last || last.to === null || next.from === null || last.endFrame === next.startFrame) return []
    return [{ from: last.to, to: next.from, length: next.at - last.at - last.duration }]
  })
}

/** The graph from input 0, opened with `-copyts`, to `[a0]`, `[a1]`…: the sound of each part, as long as its picture. */
export function soundGraph(parts: readonly Part[], audio: number, sampleRate: number): string {
  const sounds = parts.map((part, n) => {
    const samples = Math.round(part.duration * sampleRate)
    return `[s${n}]${soundFilters(part, samples, sampleRate).join(',')}[a${n}]`
  })
  const split = parts.map((_, n) => `[s${n}]`).join('')
  return [`[0:${audio}]asplit=${parts.length}${split}`, ...sounds].join(';')
}

/** How many clips, and seconds of film, share the processes that finish them. */
interface BatchSize {
  clips: number
  seconds: number
}

/** Enough that starting ffmpeg costs little beside them, few enough that finished clips do not wait for long. */
export const joinedAtOnce: BatchSize = { clips: 32, seconds: 40 }

/** Sound is made far faster than pictures are: no clip waits for that of so much film. */
export const heardAtOnce: BatchSize = { clips: 64, seconds: 300 }

/** The parts of a run in batches, each of which ends where either is reached. */
export function batchesOf(parts: readonly RunPart[], most: BatchSize): RunPart[][] {
  const batches: RunPart[][] = []
  for (const part of parts) {
    const batch = batches.at(-1)
    const full = batch && (batch.length >= most.clips || lengthOf(batch) >= most.seconds)
    if (batch && !full) batch.push(part)
    else batches.push([part])
  }
  return batches
}

const lengthOf = (batch: RunPart[]) => batch.reduce((total, { duration }) => total + duration, 0)
