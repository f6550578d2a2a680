/**
 * The content detector: a cut is where hue, saturation and brightness change much from one frame to the next.
 */

import {
  type Detector,
  type DetectorSettings,
  type Measured,
  measureNamed,
  type Measurement,
  type Measurer,
} from './detector.ts'
import { frameClock } from './frame_clock.ts'
import { mergeFlashes } from './flash_filter.ts'
import { remembered } from './remember.ts'
import type { SmallPicture } from './sampler.ts'

/**
 * `hue`, `saturation` and `luma`: each the mean over the small image of the absolute change since the frame before,
 * in 8-bit HSV as OpenCV has it (hue 0 to 179); 0 for the first frame. `brightness`: the mean of all B, G and R, 0 to 255.
 */
export const changes: Measurement = {
  measures: ['hue', 'saturation', 'luma', 'brightness'],
  memory: 1,
  start: startChanges,
}

/** What the threshold is held against, per frame. Summed in the order of the original, to the last bit. */
export const contentScores = remembered((measured): Float64Array => {
  const hue = measureNamed(measured, 'hue')
  const saturation = measureNamed(measured, 'saturation')
  const luma = measureNamed(measured, 'luma')
  const scores = new Float64Array(hue.length)
  for (let frame = 0; frame < scores.length; frame++) {
    scores[frame] = ((hue[frame] ?? 0) + (saturation[frame] ?? 0) + (luma[frame] ?? 0)) / 3
  }
  return scores
})

/** Gives the scores and cuts of PySceneDetect 0.7's `detect-content` with its default weights. */
export const contentDetector: Detector = {
  name: 'content',
  summary: 'hard cuts, where colour and light change much from one frame to the next; right for most films.',
  threshold: { default: 30, least: 1, most: 255 },
  reads: ['hue', 'saturation', 'luma'],
  scores: contentScores,
  decide: (measured, settings) => cutsAbove(contentScores(measured), measured, settings),
}

/** Frames whose score reaches the threshold, merged where they lie closer than a scene may be long. */
export function cutsAbove(
  scores: Float64Array,
  measured: Measured,
  { threshold, minSceneLength }: DetectorSettings,
): number[] {
  const clock = frameClock(measured)
  const above = (frame: number) => (scores[frame] ?? 0) >= threshold
  return mergeFlashes(scores.length, above, clock.between, minSceneLength / clock.rate).filter(
    (frame) => frame > 0,
  )
}

/** The changes are summed up by the kernel, exactly as OpenCV's 8-bit HSV has it, and so is the light. */
function startChanges({ kernel, at, plane, width, height }: SmallPicture): Measurer {
  const kept = kernel.allocate(3 * plane)
  const sums = kernel.allocate(16)
  const found = new Int32Array(kernel.view(sums, 16).buffer, sums, 4)
  const pixels = width * height
  let isFirst = true
  return (values) => {
    kernel.loops.hsvChanges(at, plane, kept, sums)
    for (let i = 0; i < 3; i++) values[i] = isFirst ? 0 : (found[i] ?? 0) / pixels
    values[3] = (found[3] ?? 0) / (3 * pixels)
    isFirst = false
  }
}
