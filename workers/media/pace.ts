/**
 * How the frames of a film follow each other: evenly or not, and in what tick their PTS are counted.
 */

import type { Frames } from '../operation.ts'
import type { Stretch } from './clip_graph.ts'
import type { Probe } from './probe.ts'
import { type Fraction, fractionValue, inverse } from './timecode.ts'

/** How frames follow each other. */
export interface Pace {
  /** Seconds per tick of their stored PTS. */
  tick: Fraction
  /** At equal distances. */
  even: boolean
}

/** The pace of stretches of a film: in whole frames where they are evenly spaced, else in what keeps every PTS. */
export function paceOf(
  { times }: Frames,
  video: Probe['video'],
  stretches: readonly Stretch[] = [{ startFrame: 0, endFrame: times.length }],
): Pace {
  const even = stretches.every(({ startFrame, endFrame }) =>
    isEvenlySpaced(times.subarray(startFrame, endFrame), video.frameRate),
  )
  return { tick: even ? inverse(video.frameRate) : longestTick(times, video.timeBase), even }
}

/**
 * The pace of a file whose frames nobody has looked at. A MOV's rates are counted from its own table of frames, so
 * equal rates mean equal frames; others merely claim.
 */
export function claimedPace({ container, video }: Probe): Pace {
  const trusted = /mov|mp4|mxf/.test(container) && !video.variable
  return { tick: trusted ? inverse(video.frameRate) : video.timeBase, even: !video.variable }
}

/** Seconds that a frame may be off the grid: what the rounding of timestamps leaves, and nobody sees or hears. */
const unseen = 0.01

/** True where every frame lies on the grid of a constant rate, but for the rounding of its PTS. */
export function isEvenlySpaced(times: ArrayLike<number>, frameRate: Fraction): boolean {
  const rate = fractionValue(frameRate)
  const tolerance = Math.min(0.25, unseen * rate)
  const first = times[0] ?? 0
  return Array.from(times).every((time, n) => Math.abs((time - first) * rate - n) < tolerance)
}

/**
 * The longest tick in which every frame time is a whole number: 1/25 for 25 fps with frames left out.
 * @param times seconds from the first PTS, each a whole number of `timeBase` apart.
 */
export function longestTick(times: Float64Array, timeBase: Fraction): Fraction {
  const ticks = Array.from(times, (time) => Math.round((time * timeBase.den) / timeBase.num))
  const common = ticks.reduce(gcd, 0) || 1
  const shared = gcd(common * timeBase.num, timeBase.den)
  return { num: (common * timeBase.num) / shared, den: timeBase.den / shared }
}

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))
