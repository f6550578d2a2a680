/**
 * What is measured of frames, once, and what a detector is, which finds cuts in that as often as one likes.
 */

import type { Fraction } from '../media/timecode.ts'
import type { SmallPicture } from './sampler.ts'

/** Numbers taken of every frame of a film, whichever detectors read them. */
export interface Measurement {
  /** Names of the numbers, different from those of all other measurements. */
  measures: readonly string[]
  /**
   * How many frames before it a frame's numbers depend on: 0 for none, 1 where it is held against the one before.
   * So many frames at the beginning of a part that is decoded on its own come out differently, and are not used.
   */
  memory: number
  /** Starts measuring frames, in order, whose small images appear in `small` one after another. */
  start(small: SmallPicture): Measurer
}

/** Measures the small image that is there now into `values`, in the order of `measures`. */
export type Measurer = (values: Float64Array) => void

/** A way of finding cuts. Both functions are pure: another threshold, or another detector, needs no decode. */
export interface Detector {
  name: string
  /** When to use it, in one sentence of a studio's words. */
  summary: string
  /** Range in which a threshold makes sense, both ends included. */
  threshold: { default: number; least: number; most: number }
  /** On which side of its threshold a score makes a cut; above it unless said. */
  side?: 'below'
  /** What it needs to know of every frame, besides PTS: names of measures. */
  reads: readonly string[]
  /** The curve that the threshold is held against, one value per frame. */
  scores(measured: Measured): Float64Array
  /** First frames of new scenes, ascending, without frame 0. */
  decide(measured: Measured, settings: DetectorSettings): number[]
}

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

/** @throws Error where it was not measured. */
export function measureNamed({ measures }: Pick<Measured, 'measures'>, name: string): Float64Array {
  const values = measures[name]
  if (!values) throw new Error(`“${name}” was not measured.`)
  return values
}
