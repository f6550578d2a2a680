/**
 * The flash detector: content's cuts, but what comes back after a camera flash or a strobe is the same scene.
 */

import { contentDetector, contentScores, cutsAbove } from './content.ts'
import { type Detector, measureNamed } from './detector.ts'
import { remembered } from './remember.ts'

/**
 * Content's scores, 0 in every flash: from the frame after the one that the picture returns to, up to the one that
 * returns. A scene that begins in a flash keeps its cut, for nothing returns.
 */
export const flashlessScores = remembered((measured): Float64Array => {
  const scores = contentScores(measured).slice()
  measureNamed(measured, 'returned').forEach((back, frame) => {
    if (back > 0) scores.fill(0, frame - back + 1, frame + 1)
  })
  return scores
})

export const flashDetector: Detector = {
  name: 'flash',
  summary: 'as content, but a camera flash or a strobe is no cut; for concerts, red carpets and gunfire.',
  threshold: contentDetector.threshold,
  reads: [...contentDetector.reads, 'returned'],
  scores: flashlessScores,
  decide: (measured, settings) => cutsAbove(flashlessScores(measured), measured, settings),
}
