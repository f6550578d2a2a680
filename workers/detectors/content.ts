/**
 * The content detector: a cut is where hue, saturation and brightness change much from one frame to the next.
 */

import type { Detector, DetectorSettings, Measured } from './detector.ts'
import { frameClock } from './frame_clock.ts'
import { mergeFlashes } from './flash_filter.ts'
import { roundHalfEven } from './small_image.ts'

/**
 * Gives the scores and cuts of PySceneDetect 0.7's `detect-content` with its default weights.
 * Measures: `hue`, `saturation` and `luma`, each the mean over the small image of the absolute change
 * since the frame before, in 8-bit HSV as OpenCV has it (hue 0 to 179); 0 for the first frame.
 */
export const contentDetector: Detector = {
  name: 'content',
  measures: ['hue', 'saturation', 'luma'],
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

/** Without branches in the loop: which channel is the greatest is as good as random, and guessed wrong it costs. */
function measurer(pixels: number): (small: Uint8Array, values: Float64Array) => void {
  const before = new Uint8Array(3 * pixels)
  let isFirst = true
  return (small, values) => {
    let hues = 0
    let saturations = 0
    let lumas = 0
    for (let i = 0; i < 3 * pixels; i += 3) {
      const b = small[i] ?? 0
      const g = small[i + 1] ?? 0
      const r = small[i + 2] ?? 0
      const max = greater(greater(b, g), r)
      const span = max - smaller(smaller(b, g), r)
      const isRed = ~((r - max) >> 31)
      const isGreen = ~((g - max) >> 31)
      const turn =
        (isRed & (g - b)) | (~isRed & ((isGreen & (b - r + 2 * span)) | (~isGreen & (r - g + 4 * span))))
      const scaled = (turn * (hueScale[span] ?? 0) + 2048) >> 12
      const hue = scaled + (180 & (scaled >> 31))
      const saturation = (span * (saturationScale[max] ?? 0) + 2048) >> 12
      hues += magnitude(hue - (before[i] ?? 0))
      saturations += magnitude(saturation - (before[i + 1] ?? 0))
      lumas += magnitude(max - (before[i + 2] ?? 0))
      before[i] = hue
      before[i + 1] = saturation
      before[i + 2] = max
    }
    values[0] = isFirst ? 0 : hues / pixels
    values[1] = isFirst ? 0 : saturations / pixels
    values[2] = isFirst ? 0 : lumas / pixels
    isFirst = false
  }
}

const greater = (a: number, b: number) => a - ((a - b) & ((a - b) >> 31))
const smaller = (a: number, b: number) => b + ((a - b) & ((a - b) >> 31))
const magnitude = (value: number) => (value ^ (value >> 31)) - (value >> 31)

/** OpenCV's tables for BGR to HSV in 8 bits: division by multiplication with 12 bits. */
const saturationScale = reciprocals(255)
const hueScale = reciprocals(30)

function reciprocals(scale: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : roundHalfEven((scale * 4096) / i)))
}
