/**
 * How single frames are got out of a video at the least cost: which ones one run of ffmpeg takes.
 */

import type { Probe } from './probe.ts'

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

/** At most so many in one run, so that outputs appear while it goes on. */
const mostPerRun = 24
/** An expression of so many terms still fits into one argument. */
const mostPerPass = 1000

/**
 * Wanted frames (rising) as runs, each of them one seek and one stretch of decoding. Neighbours share a run
 * where decoding on is cheaper than starting anew.
 */
export function planRuns(frames: number[], probe: Probe): number[][] {
  const runs: number[][] = []
  const seekable = canSeek(probe)
  for (const frame of frames) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const full = run && run.length >= (seekable ? mostPerRun : mostPerPass)
    const joins = last !== undefined && !full && (!seekable || decodingOn(frame - last, probe))
    if (run && joins) run.push(frame)
    else runs.push([frame])
  }
  return runs
}

/** Seconds that starting ffmpeg, opening the file and seeking take (measured, two cores). */
const startUp = 0.08
/** Frames from a keyframe to a wanted one: half of the usual longest distance of 250. */
const halfGroup = 125

function decodingOn(gap: number, { video }: Probe): boolean {
  const perFrame = video.codedWidth * video.codedHeight * secondsPerPixel(video.codec)
  const afresh = startUp + (intra.test(video.codec) ? 1 : Math.min(gap / 2, halfGroup)) * perFrame
  return gap * perFrame <= afresh
}

/** CPU seconds of decoding (measured for H.264; the others in proportion). */
const secondsPerPixel = (codec: string) =>
  intra.test(codec) ? 8e-9 : /^(hevc|av1|vp9)$/.test(codec) ? 4e-9 : 1.8e-9
