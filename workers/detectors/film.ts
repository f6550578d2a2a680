/**
 * Collects what is measured of a film's frames, and joins stretches that were decoded apart.
 */

import type { Measured, Measurement, Measurer } from './detector.ts'
import type { SmallPicture } from './sampler.ts'

/** Frames of one stretch, in order. PTS arrive on their own and are matched by order. */
export interface Film {
  onStart(small: SmallPicture): void
  onFrame(): void
  onPts(value: number): void
  /** Frames whose PTS and measures are both known. */
  length(): number
  /** PTS of one of these. */
  ptsAt(frame: number): number
  /** PTS of these frames, and every measure. */
  slice(from: number, to: number): Frames
  /** Appends frames that were measured elsewhere; what waits for its PTS or its measures is dropped. */
  append(frames: Frames): void
  /** So many frames at the beginning of a part that was decoded on its own are not what they would be in the film. */
  memory: number
}

/** One entry per frame in every array: `pts` in ticks, and measures by name. */
export type Frames = Pick<Measured, 'pts' | 'measures'>

/** @param onGrowth called after each frame that is complete. */
export function startFilm(measurements: readonly Measurement[], onGrowth: () => void): Film {
  const pts = column()
  const sets = measurements.map(({ measures }) => ({
    values: new Float64Array(measures.length),
    columns: measures.map((name) => ({ name, ...column() })),
  }))
  const columns = sets.flatMap((set) => set.columns)
  const measured = columns[0] ?? pts
  const length = () => Math.min(pts.length(), measured.length())
  let measurers: Measurer[] = []
  return {
    onStart(small) {
      measurers = measurements.map(({ start }) => start(small))
    },
    onFrame() {
      sets.forEach(({ values, columns }, i) => {
        measurers[i]?.(values)
        columns.forEach(({ push }, k) => push(values[k] ?? 0))
      })
      onGrowth()
    },
    onPts(value) {
      pts.push(value)
      onGrowth()
    },
    length,
    ptsAt: pts.at,
    slice: (from, to) => ({
      pts: pts.slice(from, to),
      measures: Object.fromEntries(columns.map(({ name, slice }) => [name, slice(from, to)])),
    }),
    append(frames) {
      const end = length()
      for (const { cut } of [pts, ...columns]) cut(end)
      frames.pts.forEach(pts.push)
      for (const { name, push } of columns) frames.measures[name]?.forEach(push)
      onGrowth()
    },
    memory: memoryOf(measurements),
  }
}

/** How far back the one looks that looks back farthest. */
export const memoryOf = (measurements: readonly Measurement[]) =>
  Math.max(0, ...measurements.map(({ memory }) => memory))

/** A growing list of float64. */
function column() {
  let data = new Float64Array(4096)
  let length = 0
  return {
    length: () => length,
    at: (i: number) => data[i] ?? NaN,
    push(value: number) {
      if (length === data.length) {
        const grown = new Float64Array(2 * length)
        grown.set(data)
        data = grown
      }
      data[length++] = value
    },
    cut: (end: number) => void (length = end),
    slice: (from: number, to: number) => data.slice(from, to),
  }
}

/** So many frames in a row that come out the same twice prove that two decoders saw the same film. */
export const framesThatProve = 16

/**
 * Appends `next`, which begins with some of the last frames of `film` decoded again, where it can be proven that
 * both saw the same: PTS and measures of the very last ones agree, and time runs on. The first frames of `next`,
 * as many as measurements look back, prove nothing: only `film` knows what was before them.
 * @returns false, and nothing is appended, where there is any doubt.
 */
export function join(film: Film, next: Frames): boolean {
  const length = film.length()
  if (length < framesThatProve) return false
  const last = film.slice(length - framesThatProve, length)
  const rest = next.pts.lastIndexOf(film.ptsAt(length - 1)) + 1
  const from = rest - framesThatProve
  const agree = (a: Float64Array, b: Float64Array | undefined) =>
    a.every((value, i) => value === b?.[from + i])
  if (from < film.memory || !agree(last.pts, next.pts) || !isRising(next.pts.subarray(from))) return false
  for (const [name, values] of Object.entries(last.measures)) {
    if (!agree(values, next.measures[name])) return false
  }
  const added = Object.entries(next.measures).map(([name, values]) => [name, values.subarray(rest)] as const)
  film.append({ pts: next.pts.subarray(rest), measures: Object.fromEntries(added) })
  return true
}

const isRising = (pts: Float64Array) => pts.every((value, i) => i === 0 || value > (pts[i - 1] ?? 0))
