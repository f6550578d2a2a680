/**
 * Collects what is measured of a film's frames, and joins stretches that were decoded apart.
 */

import type { Detector, Measured, Measurer } from './detector.ts'
import type { SmallPicture } from './sampler.ts'

/** Frames of one stretch, in order. PTS arrive on their own and are matched by order. */
export interface Film {
  onStart(small: SmallPicture): void
  onFrame(): void
  onPts(value: number): void
  /** Frames whose PTS and measures are both known. */
  length(): number
  /** PTS of these frames, and every measure. */
  slice(from: number, to: number): Frames
  /** Appends frames that were measured elsewhere. */
  append(frames: Frames): void
}

/** One entry per frame in every array: `pts` in ticks, and the detector's measures by name. */
export type Frames = Pick<Measured, 'pts' | 'measures'>

/** @param onGrowth called after each frame that is complete. */
export function startFilm(detector: Detector, onGrowth: () => void): Film {
  const values = new Float64Array(detector.measures.length)
  const pts = column()
  const columns = detector.measures.map((name) => ({ name, ...column() }))
  const length = () => Math.min(pts.length(), ...columns.map((measure) => measure.length()))
  let measure: Measurer = () => undefined
  return {
    onStart(small) {
      measure = detector.measurer(small)
    },
    onFrame() {
      measure(values)
      columns.forEach(({ push }, i) => push(values[i] ?? 0))
      onGrowth()
    },
    onPts(value) {
      pts.push(value)
      onGrowth()
    },
    length,
    slice: (from, to) => ({
      pts: pts.slice(from, to),
      measures: Object.fromEntries(columns.map(({ name, slice }) => [name, slice(from, to)])),
    }),
    append(frames) {
      frames.pts.forEach(pts.push)
      for (const { name, push } of columns) frames.measures[name]?.forEach(push)
      onGrowth()
    },
  }
}

/** A growing list of float64. */
function column() {
  let data = new Float64Array(4096)
  let length = 0
  return {
    length: () => length,
    push(value: number) {
      if (length === data.length) {
        const grown = new Float64Array(2 * length)
        grown.set(data)
        data = grown
      }
      data[length++] = value
    },
    slice: (from: number, to: number) => data.slice(from, to),
  }
}

/**
 * Appends `next`, whose first frames are the last ones of `film` decoded again, where it can be proven that
 * both saw the same: their PTS and measures agree, and time runs on. What changed at the first of them only
 * `film` knows, which has the frame before.
 * @param start PTS of the first frame of `next`.
 * @returns false, and nothing is appended, where there is any doubt.
 */
export function join(film: Film, next: Frames, start: number): boolean {
  const { pts, measures } = film.slice(0, film.length())
  const from = pts.indexOf(start)
  const seenTwice = pts.length - from
  if (from < 0 || seenTwice < leastOverlap || !isRising(pts) || !isRising(next.pts)) return false
  const agree = (a: Float64Array, b: Float64Array | undefined, first: number) =>
    a.subarray(from + first).every((value, i) => value === b?.[i + first])
  if (!agree(pts, next.pts, 0)) return false
  for (const [name, values] of Object.entries(measures)) {
    if (!agree(values, next.measures[name], name === 'brightness' ? 0 : 1)) return false
  }
  const rest = (values: Float64Array) => values.subarray(seenTwice)
  const added = Object.entries(next.measures).map(([name, values]) => [name, rest(values)] as const)
  film.append({ pts: rest(next.pts), measures: Object.fromEntries(added) })
  return true
}

/** Frames that must be seen twice. */
const leastOverlap = 3

const isRising = (pts: Float64Array) => pts.every((value, i) => i === 0 || value > (pts[i - 1] ?? 0))
