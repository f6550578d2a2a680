/**
 * The hash detector: a cut is where the coarse pattern of light and dark becomes another.
 */

import { type Detector, measureNamed, type Measurement, type Measurer } from './detector.ts'
import { hashWaves } from './hash_waves.ts'
import type { SmallPicture } from './sampler.ts'
import { spacedCuts } from './spaced_cuts.ts'
import { planSquare, side } from './square.ts'

/** `hashDistance`: the share of bits of the perceptual hash that differ from the frame before, 0 to 1; 0 for the first. */
export const hashes: Measurement = { measures: ['hashDistance'], memory: 1, start: startHashes }

/** Gives the distances and cuts of PySceneDetect 0.7's `detect-hash`: a hash of 8 by 8, and half of all frequencies. */
export const hashDetector: Detector = {
  name: 'hash',
  summary: 'hard cuts by composition alone; for footage whose colour or exposure wanders within a shot.',
  threshold: { default: 0.35, least: 0, most: 1 },
  reads: ['hashDistance'],
  scores: (measured) => measureNamed(measured, 'hashDistance'),
  decide(measured, { threshold, minSceneLength }) {
    const distances = measureNamed(measured, 'hashDistance')
    return spacedCuts(measured, minSceneLength, (frame) => (distances[frame] ?? 0) >= threshold)
  },
}

const bits = 64

function startHashes({ kernel, at, plane, width, height }: SmallPicture): Measurer {
  const grey = kernel.allocate(plane)
  const square = kernel.allocate(side * side)
  const shrink = planSquare({ kernel, at: grey, width, height }, square)
  const waves = kernel.place(hashWaves())
  const scratch = kernel.allocate(4 * 512)
  const kept = kernel.allocate(8)
  let isFirst = true
  return (values) => {
    // OpenCV's BGR2GRAY: BT.601 in 15 bits.
    kernel.loops.weighColours(at, plane, 3735, 19235, 9798, 15, grey)
    shrink()
    const changed = kernel.loops.hashChange(square, waves, scratch, kept)
    values[0] = isFirst ? 0 : changed / bits
    isFirst = false
  }
}
