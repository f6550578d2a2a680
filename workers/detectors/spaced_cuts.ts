/**
 * Keeps scenes from being shorter than a minimum: a cut that comes too soon after another is left out.
 */

import type { Measured } from './detector.ts'
import { frameClock } from './frame_clock.ts'

/**
 * How all detectors of PySceneDetect 0.7 but content's do it: time since the last cut (at first: the first frame)
 * is rounded to frames of the average rate.
 *
 * @param minSceneLength frames.
 * @param isCut whether a frame would be the first of a scene.
 * @param delay frames that the detector must see after one before it can say so; time runs until then.
 * @returns frames, ascending, without frame 0.
 */
export function spacedCuts(
  measured: Measured,
  minSceneLength: number,
  isCut: (frame: number) => boolean,
  delay = 0,
): number[] {
  const { framesBetween } = frameClock(measured)
  const cuts: number[] = []
  let last = 0
  for (let frame = 1; frame + delay < measured.pts.length; frame++) {
    if (!isCut(frame) || framesBetween(last, frame + delay) < minSceneLength) continue
    cuts.push(frame)
    last = frame
  }
  return cuts
}
