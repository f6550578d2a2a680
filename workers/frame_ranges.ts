/**
 * Where a video is split, so that its parts can be decoded side by side.
 */

import type { Probe } from './media/probe.ts'
import { fractionValue } from './media/timecode.ts'

/** Formats with an index, and codecs whose keyframes begin anew. What comes of it is proven when parts are joined. */
const containers = /^(mov,|matroska)/
const codecs = /^(h264|hevc|vp8|vp9|av1|prores|dnxhd|mjpeg)$/

/** True where reading can begin in the middle. */
export const canSplit = ({ container, video }: Probe) =>
  containers.test(container) && codecs.test(video.codec)

/** Seconds: a part must be worth its process, and what it finds is kept only when all of it is read. */
const shortest = 8
const longest = 300

/**
 * Where parts of about equal length begin, in ticks: as many parts as there are threads, or a multiple of that. The
 * first of them begins at `from`, or with the first frame. One part where more are not worth while, or not possible.
 */
export function planParts(
  probe: Probe,
  threads: number,
  from: number | undefined,
): [number | undefined, ...number[]] {
  if (!canSplit(probe)) return [from]
  const tick = fractionValue(probe.video.timeBase)
  const first = from ?? 0
  const left = probe.duration - first * tick
  const parts = countParts(left, threads)
  const later = Array.from(
    { length: parts - 1 },
    (_, i) => first + Math.round(((i + 1) * left) / parts / tick),
  )
  return [from, ...later]
}

function countParts(seconds: number, threads: number): number {
  if (seconds > longest * threads) return threads * Math.ceil(seconds / longest / threads)
  return Math.max(1, Math.min(threads, Math.floor(seconds / shortest)))
}
