/**
 * How single frames are got out of a video at the least cost: which ones one run of ffmpeg takes.
 */

import type { Probe } from './probe.ts'
import { fractionValue } from './timecode.ts'

/** Codecs whose every frame stands alone, so that a seek lands on it. */
const intra =
  /^(prores|dnxhd|mjpeg|mjpegb|png|rawvideo|ffv1|v210|v410|huffyuv|ffvhuff|utvideo|cfhd|qtrle|jpeg2000|hap|dvvideo|magicyuv)$/

/** Containers that list where their frames are. Elsewhere ffmpeg guesses, and decodes from the middle of nowhere. */
const indexed = /\b(mov|mp4|matroska|webm)\b/

/**
 * True where a seek before a frame's PTS is known to give that very frame. MPEG-TS is not: measured, seeks land
 * behind their target, or in the middle of a group, where HEVC gives the frame's time with another picture.
 */
export const canSeek = ({ container, video }: Probe) =>
  indexed.test(container) || (intra.test(video.codec) && /\b(mxf|avi)\b/.test(container))

/** A frame that is wanted. Times are seconds from the first frame. */
export interface Wish {
  frame: number
  time: number
  /** Where decoding would begin after a seek to it; undefined where that is not known. */
  keyframe: number | undefined
}

export interface Costs {
  /** Seconds until ffmpeg has started. */
  startUp: number
  /** Runs side by side. */
  lanes: number
}

/** At most so many in one run, so that outputs appear while it goes on. */
const mostPerRun = 24
/** An expression of so many terms still fits into one argument. */
const mostPerPass = 1000

/** As many as give every lane a run. */
const runLength = (frames: number, lanes: number) => Math.min(mostPerRun, Math.ceil(frames / lanes))

/**
 * Wanted frames (rising) as runs, each of them one seek and one stretch of decoding. What a seek saves is the way from
 * the frame before to the keyframe: where that takes longer to decode than another ffmpeg takes to start, it is a run
 * of its own. A run that is long enough ends at the next keyframe, for there a new one has nothing to decode twice.
 */
export function planRuns(wishes: Wish[], probe: Probe, { startUp, lanes }: Costs): number[][] {
  const enough = runLength(wishes.length, lanes)
  const perSecond = decodingCost(probe)
  const runs: number[][] = []
  let before = 0
  for (const { frame, time, keyframe = -Infinity } of wishes) {
    const run = runs.at(-1)
    const saved = (keyframe - before) * perSecond
    const goesOn = saved <= 0 || (saved <= startUp + opening && (run?.length ?? 0) < enough)
    if (run && run.length < mostPerPass && goesOn) run.push(frame)
    else runs.push([frame])
    before = time
  }
  return runs
}

/**
 * The frames whose keyframes `planRuns` has to know: those behind a gap that may be worth a seek, and where runs may
 * end. None where there is no seeking.
 */
export function framesToLookUp(frames: number[], times: Float64Array, probe: Probe, costs: Costs): number[] {
  if (!canSeek(probe)) return []
  const worthwhile = (costs.startUp + opening) / decodingCost(probe)
  const every = runLength(frames.length, costs.lanes)
  const gap = (i: number) => (times[frames[i] ?? 0] ?? 0) - (times[frames[i - 1] ?? 0] ?? 0)
  return frames.filter((_, i) => i > 0 && (gap(i) > worthwhile || i % every === 0))
}

/** True where every frame is a keyframe, and none need be looked up. */
export const isIntra = ({ video }: Probe) => intra.test(video.codec)

/** Seconds that opening a file and its decoder take, once ffmpeg has started (measured). */
const opening = 0.015

/** CPU seconds that one second of the film takes to decode. */
const decodingCost = ({ video }: Probe) =>
  video.codedWidth * video.codedHeight * secondsPerPixel(video.codec) * fractionValue(video.frameRate)

/** Measured for H.264, VP8 (1.5 to 2.5 ns, the bigger the more bits) and ProRes; the others in proportion. */
const secondsPerPixel = (codec: string) =>
  intra.test(codec) ? 8e-9 : /^(hevc|av1|vp9)$/.test(codec) ? 4e-9 : 1.8e-9
