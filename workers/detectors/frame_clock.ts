/**
 * Time between frames as PySceneDetect counts it, so that a minimum length falls on the same frames.
 */

import type { Fraction } from '../media/timecode.ts'
import type { Measured } from './detector.ts'
import { roundHalfEven } from './small_image.ts'

export interface FrameClock {
  /** Frames per second, as snapped. */
  rate: number
  /** Seconds from one frame to a later one; 0 where time runs backwards. */
  between: (from: number, to: number) => number
  /** The same in frames of that rate, rounded to whole ones. */
  framesBetween: (from: number, to: number) => number
}

/**
 * Reads PTS as OpenCV and PySceneDetect 0.7 do: whole microseconds from the first frame. Where OpenCV gives no
 * time above the first frame's, PySceneDetect counts frames at the average rate; so it does with the frames that
 * the decoder still holds when the file ends, of which OpenCV tells no time at all. Where frames are evenly
 * spaced that changes nothing; elsewhere it may hide a cut in the very last frames.
 */
export function frameClock(film: Film): FrameClock {
  const { num, den } = snapRate(film.frameRate)
  const first = film.pts[0] ?? 0
  const tick = film.timeBase.num / film.timeBase.den
  const timed = film.pts.length - heldAtEnd(film)
  const micros = (frame: number) => {
    const pts = film.pts[frame] ?? first
    const exact = frame < timed ? roundHalfEven((pts - first) * tick * 1000 * 1000) : 0
    return exact > 0 ? exact : roundHalfEven((frame * den * 1e6) / num)
  }
  const rate = num / den
  const between = (from: number, to: number) => Math.max(0, micros(to) - micros(from)) / 1e6
  return { rate, between, framesBetween: (from, to) => roundHalfEven(between(from, to) * rate) }
}

type Film = Pick<Measured, 'pts' | 'timeBase' | 'frameRate' | 'codec' | 'reordered'>

/** With two threads, where the decoder works on several frames at once it holds one more. The first is told of. */
const heldAtEnd = ({ codec, reordered }: Film) =>
  /^(h264|hevc|mpeg4)$/.test(codec) ? reordered : Math.max(0, reordered - 1)

/**
 * PySceneDetect's reading of an average frame rate: whole numbers stay, what lies within 0.001 of
 * N * 1000/1001 becomes that, the rest the nearest fraction with a denominator up to 10,000.
 */
export function snapRate({ num, den }: Fraction): Fraction {
  const rate = num / den
  if (Number.isInteger(rate)) return { num: rate, den: 1 }
  const base = roundHalfEven((rate * 1001) / 1000)
  if (base > 0 && Math.abs((base * 1000) / 1001 - rate) < 1e-3) return reduce(base * 1000, 1001)
  return nearestFraction(rate, 10_000)
}

function reduce(num: number, den: number): Fraction {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  const common = divisor(num, den)
  return { num: num / common, den: den / common }
}

/** The best approximation with a bounded denominator, by continued fractions over the exact binary value. */
function nearestFraction(value: number, limit: number): Fraction {
  let [n, d] = exactFraction(value)
  if (d <= BigInt(limit)) return { num: Number(n), den: Number(d) }
  const [wholeN, wholeD] = [n, d]
  let [p0, q0, p1, q1] = [0n, 1n, 1n, 0n]
  for (;;) {
    const a = n / d
    const q2 = q0 + a * q1
    if (q2 > BigInt(limit)) break
    ;[p0, q0, p1, q1] = [p1, q1, p0 + a * p1, q2]
    ;[n, d] = [d, n - a * d]
  }
  const k = (BigInt(limit) - q0) / q1
  const [p2, q2] = [p0 + k * p1, q0 + k * q1]
  const distance = (p: bigint, q: bigint) => {
    const cross = p * wholeD - wholeN * q
    return cross < 0n ? -cross : cross
  }
  // |p1/q1 - value| <= |p2/q2 - value|, without division
  const isFirstNearer = distance(p1, q1) * q2 <= distance(p2, q2) * q1
  return isFirstNearer ? { num: Number(p1), den: Number(q1) } : { num: Number(p2), den: Number(q2) }
}

function exactFraction(value: number): [bigint, bigint] {
  let power = 0
  while (!Number.isInteger(value * 2 ** power)) power++
  return [BigInt(value * 2 ** power), 2n ** BigInt(power)]
}
