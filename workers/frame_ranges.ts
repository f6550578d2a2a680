/**
 * Splits a video at keyframes, so that its parts can be decoded side by side.
 */

import { ffprobe, type RunOptions } from './ffmpeg.ts'
import type { Probe } from './media/probe.ts'
import { fractionValue } from './media/timecode.ts'
import type { Tools } from './operation.ts'

/** A part of a video in ticks: from a keyframe, or from the beginning, to a few frames into the next part. */
export interface Range {
  start?: number
  /** Exclusive. */
  end?: number
}

/** Formats with an index, and codecs whose keyframes begin anew. What comes of it is proven when parts are joined. */
const containers = /^(mov,|matroska)/
const codecs = /^(h264|hevc|vp8|vp9|av1|prores|dnxhd|mjpeg)$/

/** Seconds: a part must be worth its process, and must not be long in reaching the next one. */
const shortest = 8
const longest = 300

/** Frames that two parts both decode. */
const overlap = 16

/**
 * Finds parts of about equal length, as many as there are threads or a multiple of that.
 * A single part that is everything where the video cannot be split, or where that is not worth while.
 */
export async function splitAtKeyframes(
  path: string,
  probe: Probe,
  tools: Tools,
  options: RunOptions,
): Promise<Range[]> {
  const { video, duration, container } = probe
  const parts = countParts(duration, tools.threads)
  if (parts < 2 || !containers.test(container) || !codecs.test(video.codec)) return [{}]
  const keyframes = await findKeyframes(path, probe, 8 * parts, tools, options)
  const tick = fractionValue(video.timeBase)
  const wanted = Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * duration) / parts / tick)
  const starts = [...new Set(wanted.map((time) => nearest(keyframes, time)))].filter((start) => start > 0)
  const more = Math.ceil(overlap / fractionValue(video.frameRate) / tick)
  return [undefined, ...starts].map((start, i) => {
    const next = starts[i]
    return { ...(start !== undefined && { start }), ...(next !== undefined && { end: next + more }) }
  })
}

function countParts(duration: number, threads: number): number {
  if (duration > longest * threads) return threads * Math.ceil(duration / longest / threads)
  return Math.min(threads, Math.floor(duration / shortest))
}

const nearest = (keyframes: number[], time: number) =>
  keyframes.reduce((best, key) => (Math.abs(key - time) < Math.abs(best - time) ? key : best), 0)

interface Packets {
  packets?: { pts?: number; flags: string }[]
}

/** PTS of the keyframes before `count` evenly spaced times; none where they cannot be told. */
async function findKeyframes(
  path: string,
  { video, duration }: Probe,
  count: number,
  tools: Tools,
  options: RunOptions,
): Promise<number[]> {
  const times = Array.from({ length: count }, (_, i) => ((i + 1) * duration) / (count + 1))
  const intervals = times.map((time) => `${time.toFixed(3)}%+#1`).join(',')
  const shown = ['-show_entries', 'packet=pts,flags', '-select_streams', String(video.index)]
  const { packets = [] } = await ffprobe<Packets>(
    tools,
    path,
    [...shown, '-read_intervals', intervals],
    options,
  ).catch((): Packets => ({}))
  options.signal.throwIfAborted()
  return packets.flatMap(({ pts, flags }) => (flags.startsWith('K') && pts !== undefined ? [pts] : []))
}
