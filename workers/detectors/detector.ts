/**
 * What a detector is: it measures frames once, and finds cuts in stored measures as often as one likes.
 */

import type { Fraction } from '../media/timecode.ts'
import { contentDetector } from './content.ts'
import type { SmallPicture } from './sampler.ts'

export interface Detector {
  name: string
  /** What is kept of every frame, besides its PTS. */
  measures: readonly string[]
  /** Starts measuring frames, in order, whose small images appear in `small` one after another. */
  measurer(small: SmallPicture): Measurer
  /** First frames of new scenes, ascending, without frame 0. A pure function: a new threshold needs no decode. */
  decide(measured: Measured, settings: DetectorSettings): number[]
}

/** Measures the small image that is there now into `values`, in the order of `measures`. */
export type Measurer = (values: Float64Array) => void

/** One entry per frame in every array. */
export interface Measured {
  /** Ticks of the time base. */
  pts: Float64Array
  timeBase: Fraction
  /** The stream's average frame rate. */
  frameRate: Fraction
  codec: string
  /** How many frames its decoder holds back to put them into the order of showing. */
  reordered: number
  measures: Record<string, Float64Array>
}

export interface DetectorSettings {
  threshold: number
  /** Frames, which are turned into seconds by the average frame rate. */
  minSceneLength: number
}

const detectors: readonly Detector[] = [contentDetector]

/** @throws Error that names the detectors there are. */
export function detectorNamed(name: string): Detector {
  const found = detectors.find((detector) => detector.name === name)
  if (found) return found
  const names = detectors.map((detector) => detector.name).join(', ')
  throw new Error(`There is no detector “${name}”. There is ${names}.`)
}
