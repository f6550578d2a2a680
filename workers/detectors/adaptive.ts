/**
 * The adaptive detector: a cut is where content changes much more than in the frames around it.
 */

import { contentDetector, contentScores } from './content.ts'
import type { Detector } from './detector.ts'
import { remembered } from './remember.ts'
import { spacedCuts } from './spaced_cuts.ts'

/** Gives the ratios and cuts of PySceneDetect 0.7's `detect-adaptive` with its defaults. */
export const adaptiveDetector: Detector = {
  name: 'adaptive',
  summary: 'hard cuts that stand out from what is around them; for fast camera moves and action.',
  threshold: { default: 3, least: 0, most: 255 },
  reads: contentDetector.reads,
  scores: (measured) => contentRatios(measured),
  decide(measured, { threshold, minSceneLength }) {
    const scores = contentScores(measured)
    const ratio = contentRatios(measured)
    const stands = (frame: number) => (ratio[frame] ?? 0) >= threshold && (scores[frame] ?? 0) >= leastContent
    return spacedCuts(measured, minSceneLength, stands, reach)
  },
}

const contentRatios = remembered((measured) => ratios(contentScores(measured)))

/** Frames before and after one that it is held against. */
const reach = 2
/** Content's score below which nothing is a cut, however calm it is around it. */
const leastContent = 15
/** The highest ratio there is; also where there is no change at all around. */
const highest = 255

/** Each frame's score over the mean of its neighbours'; 0 for the first and last frames, which lack some. */
function ratios(scores: Float64Array): Float64Array {
  const found = new Float64Array(scores.length)
  const at = (frame: number) => scores[frame] ?? 0
  for (let frame = reach; frame < scores.length - reach; frame++) {
    const around = (at(frame - 2) + at(frame - 1) + at(frame + 1) + at(frame + 2)) / (2 * reach)
    if (around >= 0.00001) found[frame] = Math.min(at(frame) / around, highest)
    else if (at(frame) >= leastContent) found[frame] = highest
  }
  return found
}
