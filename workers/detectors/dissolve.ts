/**
 * The dissolve detector: content's cuts, and one in the middle of each dissolve and of each fade.
 */

import { contentDetector, contentScores, cutsAbove } from './content.ts'
import { type Detector, type DetectorSettings, type Measured, measureNamed } from './detector.ts'
import { frameClock } from './frame_clock.ts'
import { flatContrast } from './grid.ts'
import { remembered } from './remember.ts'
import { returnMemory } from './returns.ts'

export const dissolveDetector: Detector = {
  name: 'dissolve',
  summary: 'as content, and one cut in the middle of each dissolve and fade; for trailers and documentaries.',
  threshold: contentDetector.threshold,
  reads: [...contentDetector.reads, 'contrast', 'returned', 'drift', 'driftSpan'],
  scores: (measured) => withTransitions(contentScores(measured), measured),
  decide: (measured, settings) => decideWithTransitions(contentScores(measured), measured, settings),
}

/** A change from one scene to another that takes its time. */
interface Transition {
  /** Frames that take part, from first to last. */
  first: number
  last: number
  /** Of a fade, the black (or white) that it leads to or comes from. */
  flat?: { first: number; last: number }
  /** What the threshold is held against: the measure `drift`. */
  amount: number
}

/** All transitions, in order. A fade out and a fade in are two, with the same cut. */
const transitionsOf = remembered((measured): Transition[] => {
  const [drift, driftSpan] = [measureNamed(measured, 'drift'), measureNamed(measured, 'driftSpan')]
  const contrast = measureNamed(measured, 'contrast')
  const returned = measureNamed(measured, 'returned')
  const found: Transition[] = []
  for (let frame = 0; frame < drift.length; frame++) {
    const amount = drift[frame] ?? 0
    if (amount <= 0) continue
    const span = driftSpan[frame] ?? 0
    if (!isPeak(drift, frame, span) || comesBack(returned, middle(frame - span, frame))) continue
    found.push({ ...withFlat(contrast, frame - span, frame), amount })
  }
  return found
})

/** True where nothing within `reach` is higher, nor as high and earlier. */
function isPeak(values: Float64Array, at: number, reach: number): boolean {
  const value = values[at] ?? 0
  for (let back = Math.max(0, at - reach); back < at; back++) if ((values[back] ?? 0) >= value) return false
  const end = Math.min(values.length - 1, at + reach)
  for (let ahead = at + 1; ahead <= end; ahead++) if ((values[ahead] ?? 0) > value) return false
  return true
}

/** True where the picture soon looks again as it did before `frame`: what drifts there is a flash that dies away. */
function comesBack(returned: Float64Array, frame: number): boolean {
  return returned.subarray(frame, frame + returnMemory).some((back, ahead) => back > ahead)
}

/** Where a drift leads to black or comes from it, all of that belongs to the transition. */
function withFlat(contrast: Float64Array, first: number, last: number): Omit<Transition, 'amount'> {
  const isFlat = (frame: number) => (contrast[frame] ?? Infinity) < flatContrast
  let from = Math.max(0, first - margin)
  while (from <= last + margin && !isFlat(from)) from++
  if (from > last + margin) return { first, last }
  let to = from
  while (isFlat(from - 1)) from--
  while (isFlat(to + 1)) to++
  return { first: Math.min(first, from), last: Math.max(last, to), flat: { first: from, last: to } }
}

/** A drift may be found a frame or two beside where it is. */
const margin = 2

/**
 * The frame in the middle, of a fade that of its black. None where a film begins out of black or ends in it.
 * @param frames of the film.
 */
function cutOf({ first, last, flat }: Transition, frames: number): number | undefined {
  if (flat && (flat.first === 0 || flat.last === frames - 1)) return undefined
  return flat ? middle(flat.first, flat.last) : middle(first, last)
}

const middle = (first: number, last: number) => Math.ceil((first + last) / 2)

/** `scores`, and in the middle of every transition how much it amounts to. */
export function withTransitions(scores: Float64Array, measured: Pick<Measured, 'measures'>): Float64Array {
  const higher = scores.slice()
  for (const transition of transitionsOf(measured)) {
    const cut = cutOf(transition, scores.length)
    if (cut !== undefined) higher[cut] = Math.max(higher[cut] ?? 0, transition.amount)
  }
  return higher
}

/**
 * Cuts where `scores` reach the threshold, and in the middle of transitions that do. Inside of these there is no
 * other cut, unless black begins or ends at once; and what is certain to the frame goes first: no middle lies
 * closer to another cut than a scene may be long.
 */
export function decideWithTransitions(
  scores: Float64Array,
  measured: Measured,
  settings: DetectorSettings,
): number[] {
  const outside = scores.slice()
  const middles: number[] = []
  for (const transition of transitionsOf(measured)) {
    if (transition.amount < settings.threshold) continue
    const certain = hardEdges(transition, measured).filter((at) => (scores[at] ?? 0) >= settings.threshold)
    outside.fill(0, transition.first + 1, transition.last + 1) // the first frame's score is of what was before
    for (const at of certain) outside[at] = scores[at] ?? 0
    const cut = cutOf(transition, scores.length)
    if (certain.length === 0 && cut !== undefined) middles.push(cut)
  }
  return withMiddles(cutsAbove(outside, measured, settings), middles, measured, settings)
}

/** `cuts`, and of `middles` those that keep the minimum length from all others. */
function withMiddles(
  cuts: number[],
  middles: number[],
  measured: Measured,
  { minSceneLength }: DetectorSettings,
): number[] {
  if (middles.length === 0) return cuts
  const { rate, between } = frameClock(measured)
  const isApart = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || (a !== b && between(a, b) >= minSceneLength / rate)
  const all: number[] = []
  let next = 0
  for (const middle of middles.sort((a, b) => a - b)) {
    while ((cuts[next] ?? Infinity) <= middle) all.push(cuts[next++] ?? 0)
    if (isApart(all.at(-1), middle) && isApart(middle, cuts[next])) all.push(middle)
  }
  return [...all, ...cuts.slice(next)]
}

/** Where black begins without fading out, or ends without fading in. */
function hardEdges({ flat }: Transition, measured: Measured): number[] {
  const contrast = measureNamed(measured, 'contrast')
  const isHard = (at: number) => Math.max(contrast[at - 1] ?? 0, contrast[at] ?? 0) >= 16 * flatContrast
  return flat ? [flat.first, flat.last + 1].filter(isHard) : []
}
