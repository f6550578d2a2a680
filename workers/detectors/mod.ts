/**
 * All measurements and all detectors there are. To be named here is to be measured, and to be on offer.
 */

import { adaptiveDetector } from './adaptive.ts'
import { changes, contentDetector } from './content.ts'
import type { Detector, Measurement } from './detector.ts'
import { dissolveDetector } from './dissolve.ts'
import { editDetector } from './edit.ts'
import { flashDetector } from './flash.ts'
import { hashDetector, hashes } from './hash.ts'
import { histogramDetector, histograms } from './histogram.ts'
import { history } from './history.ts'
import { sharpness } from './sharpness.ts'
import { thresholdDetector } from './threshold.ts'

/** All are taken in one decode, whichever detector is asked for, so that any other can be tried afterwards. */
export const measurements: readonly Measurement[] = [changes, hashes, histograms, history, sharpness]

export const detectors: readonly Detector[] = [
  contentDetector,
  adaptiveDetector,
  thresholdDetector,
  hashDetector,
  histogramDetector,
  flashDetector,
  dissolveDetector,
  editDetector,
]

/** @throws Error that tells what detectors there are. */
export function detectorNamed(name: string): Detector {
  const found = detectors.find((detector) => detector.name === name)
  if (found) return found
  throw new Error(`There is no detector “${name}”. There are:\n${detectorLines().join('\n')}`)
}

/** A line for each: its name, what its threshold is where none is given, and when to use it. */
export function detectorLines(): string[] {
  const width = Math.max(...detectors.map(({ name }) => name.length))
  return detectors.map(
    ({ name, threshold, summary }) =>
      `  ${name.padEnd(width)}  ${String(threshold.default).padStart(4)}  ${summary}`,
  )
}
