/**
 * Frame scores as a person looks at them: a column for each pixel, the highest that is shown, and a threshold to suggest.
 */

/** One entry per column. */
export interface ScoreColumns {
  least: number[]
  most: number[]
}

/**
 * The least and the highest score of the frames that fall into each of `width` columns; fewer columns where there are
 * fewer frames.
 * @param from first frame. @param to exclusive.
 */
export function scoreColumns(scores: Float64Array, from: number, to: number, width: number): ScoreColumns {
  const columns = Math.max(1, Math.min(width, to - from))
  const [least, most]: [number[], number[]] = [[], []]
  for (let column = 0; column < columns; column++) {
    const first = from + Math.floor((column * (to - from)) / columns)
    const end = Math.max(first + 1, from + Math.floor(((column + 1) * (to - from)) / columns))
    let [low, high] = [Infinity, -Infinity]
    for (let frame = first; frame < end; frame++) {
      const score = scores[frame] ?? 0
      if (score < low) low = score
      if (score > high) high = score
    }
    least.push(short(low))
    most.push(short(high))
  }
  return { least, most }
}

/** Three digits after the point are more than a pixel shows. */
const short = (score: number) => Math.round(score * 1000) / 1000

/** What is known of a detector's threshold. */
export interface ThresholdRange {
  default: number
  least: number
  most: number
}

/** The score at the top of the plot: the highest there is, but not so much that the line lies at the very bottom. */
export function plotTop(scores: Float64Array, range: ThresholdRange, threshold: number): number {
  let highest = 0
  for (const score of scores) if (score > highest) highest = score
  const wanted = Math.min(Math.max(1.05 * highest, 2 * range.default), 5 * range.default)
  return Number(Math.min(range.most, Math.max(wanted, 1.1 * threshold)).toPrecision(3))
}

/** Steps that a threshold is moved by: a five-hundredth of what is shown, in round numbers. */
export function thresholdStep(top: number): number {
  const exact = top / 500
  const power = 10 ** Math.floor(Math.log10(exact))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= exact * 0.999) ?? exact
}

/** A stretch of scores in which no peak lies. */
export interface Gap {
  from: number
  to: number
}

/**
 * The widest gap between peaks, among those from half of `around` to twice as much: a threshold inside tells real cuts
 * from noise as clearly as this film allows. Undefined where there are too few peaks to tell.
 * @param reach frames within which only the highest counts.
 * @param side whether cuts are where scores are high, or where they are low.
 */
export function widestGap(
  scores: Float64Array,
  around: number,
  reach: number,
  side: 'above' | 'below' = 'above',
): Gap | undefined {
  const [least, most] = [around / 2, around * 2]
  const peaks = peaksOf(scores, reach, side)
    .filter((peak) => peak >= least / 2 && peak <= 2 * most)
    .sort((a, b) => a - b)
  let widest: Gap | undefined
  for (let i = 1; i < peaks.length; i++) {
    const gap = { from: peaks[i - 1] ?? 0, to: peaks[i] ?? 0 }
    const middle = (gap.from + gap.to) / 2
    if (middle < least || middle > most) continue
    if (!widest || gap.to - gap.from > widest.to - widest.from) widest = gap
  }
  return widest
}

/** Scores of frames that are not exceeded by another within `reach`. */
function peaksOf(scores: Float64Array, reach: number, side: 'above' | 'below'): number[] {
  const sign = side === 'above' ? 1 : -1
  const peaks: number[] = []
  let frame = 1
  while (frame < scores.length) {
    const score = sign * (scores[frame] ?? 0)
    let ahead = frame + 1
    const end = Math.min(scores.length, frame + 1 + reach)
    while (ahead < end && sign * (scores[ahead] ?? 0) <= score) ahead++
    // The next that is higher is the next that may be a peak; none is skipped.
    if (ahead < end) {
      frame = ahead
      continue
    }
    if (isHighestBefore(scores, frame, reach, sign)) peaks.push(scores[frame] ?? 0)
    frame = end
  }
  return peaks
}

function isHighestBefore(scores: Float64Array, frame: number, reach: number, sign: number): boolean {
  const score = sign * (scores[frame] ?? 0)
  for (let back = Math.max(1, frame - reach); back < frame; back++)
    if (sign * (scores[back] ?? 0) > score) return false
  return true
}
