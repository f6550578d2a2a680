/**
 * The edit detector: content's cuts without flashes, and one in the middle of each dissolve and of each fade.
 */

import { contentDetector } from './content.ts'
import type { Detector } from './detector.ts'
import { decideWithTransitions, dissolveDetector, withTransitions } from './dissolve.ts'
import { flashDetector, flashlessScores } from './flash.ts'

export const editDetector: Detector = {
  name: 'edit',
  summary: 'flash and dissolve together; for a finished edit with flashes, dissolves and fades.',
  threshold: contentDetector.threshold,
  reads: [...new Set([...flashDetector.reads, ...dissolveDetector.reads])],
  scores: (measured) => withTransitions(flashlessScores(measured), measured),
  decide: (measured, settings) => decideWithTransitions(flashlessScores(measured), measured, settings),
}
