/**
 * The threshold detector: a cut lies in the middle of each stretch of darkness.
 */

import { type Detector, type DetectorSettings, type Measured, measureNamed } from './detector.ts'
import { type FrameClock, frameClock } from './frame_clock.ts'
import { roundHalfEven } from './small_image.ts'

/** Gives the brightness and cuts of PySceneDetect 0.7's `detect-threshold` as its command line sets it. */
export const thresholdDetector: Detector = {
  name: 'threshold',
  summary: 'fades through black: a cut in the middle of each dark stretch; finds no hard cuts.',
  threshold: { default: 12, least: 0, most: 255 },
  side: 'below',
  reads: ['brightness'],
  scores: (measured) => measureNamed(measured, 'brightness'),
  decide,
}

/**
 * A frame is dark where its brightness is below the threshold, of which only the whole number counts. Dark stretches
 * that end too soon after the one before are left out. One that leads out of the film has its cut where it begins.
 */
function decide(measured: Measured, { threshold, minSceneLength }: DetectorSettings): number[] {
  const brightness = measureNamed(measured, 'brightness')
  const limit = Math.trunc(threshold)
  const clock = frameClock(measured)
  const end = brightness.length - 1
  const cuts: number[] = []
  let lastEnd = 0
  let darkSince: number | undefined
  for (let frame = 0; frame <= end; frame++) {
    const isDark = (brightness[frame] ?? 0) < limit
    if (isDark) darkSince ??= frame
    if (isDark || darkSince === undefined) continue
    if (clock.framesBetween(lastEnd, frame) >= minSceneLength) {
      cuts.push(middleOf(darkSince, frame, clock))
      lastEnd = frame
    }
    darkSince = undefined
  }
  if (darkSince !== undefined && clock.framesBetween(lastEnd, end) >= minSceneLength) cuts.push(darkSince)
  return cuts.filter((frame) => frame > 0)
}

/** The middle in time, rounded to frames of the average rate: the first frame from then on. */
function middleOf(first: number, last: number, { framesBetween }: FrameClock): number {
  const start = framesBetween(0, first)
  const middle = start + roundHalfEven((framesBetween(0, last) - start) / 2)
  let frame = first
  while (framesBetween(0, frame) < middle) frame++
  return frame
}
