/**
 * The content detector: a cut is where hue, saturation and brightness change much from one frame to the next.
 */

import type { Detector, DetectorSettings, Measured, Measurer } from './detector.ts'
import { frameClock } from './frame_clock.ts'
import { mergeFlashes } from './flash_filter.ts'
import type { SmallPicture } from './sampler.ts'

/**
 * Gives the scores and cuts of PySceneDetect 0.7's `detect-content` with its default weights.
 * Measures: `hue`, `saturation` and `luma`, each the mean over the small image of the absolute change
 * since the frame before, in 8-bit HSV as OpenCV has it (hue 0 to 179); 0 for the first frame. Also
 * `brightness`, the mean of all B, G and R, 0 to 255.
 */
export const contentDetector: Detector = {
  name: 'content',
  measures: ['hue', 'saturation', 'luma', 'brightness'],
  measurer,
  decide,
}

/** What the threshold is held against, per frame. Summed in the order of the original, to the last bit. */
export function contentScores({ measures }: Pick<Measured, 'measures'>): Float64Array {
  const { hue = empty, saturation = empty, luma = empty } = measures
  return hue.map((change, frame) => (change + (saturation[frame] ?? 0) + (luma[frame] ?? 0)) / 3)
}

const empty = new Float64Array(0)

function decide(measured: Measured, { threshold, minSceneLength }: DetectorSettings): number[] {
  const scores = contentScores(measured)
  const clock = frameClock(measured)
  const above = (frame: number) => (scores[frame] ?? 0) >= threshold
  return mergeFlashes(scores.length, above, clock.between, minSceneLength / clock.rate).filter(
    (frame) => frame > 0,
  )
}

/** The changes are summed up by the kernel, exactly as OpenCV's 8-bit HSV has it, and so is the light. */
function measurer({ kernel, at, plane, width, height }: SmallPicture): Measurer {
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
