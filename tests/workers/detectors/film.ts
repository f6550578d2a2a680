/**
 * A film of 10 frames a second of which only numbers are known.
 */

import type { Measured } from '../../../workers/detectors/detector.ts'

/** @param measures by name, as long as each other. @param pts in tenths of a second; even unless given. */
export function film(measures: Record<string, ArrayLike<number>>, pts?: number[]): Measured {
  const frames = Object.values(measures)[0]?.length ?? 0
  return {
    pts: Float64Array.from({ length: frames }, (_, frame) => pts?.[frame] ?? frame),
    timeBase: { num: 1, den: 10 },
    frameRate: { num: 10, den: 1 },
    codec: 'vp8',
    reordered: 0,
    measures: Object.fromEntries(
      Object.entries(measures).map(([name, values]) => [name, Float64Array.from(values)]),
    ),
  }
}

/** One whose content scores are these. */
export const filmOfScores = (scores: number[]): Measured =>
  film({
    hue: scores.map((score) => score * 3),
    saturation: new Float64Array(scores.length),
    luma: new Float64Array(scores.length),
  })
