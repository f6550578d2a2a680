/**
 * What a still looks like: its size, its pixels, and the filters that turn a video frame into them.
 */

import type { VideoStream } from './probe.ts'
import { canToneMap, type FilterNames, isRgb, type Size, swscaleMatrices, toneMap } from './video.ts'

export interface StillPicture {
  size: Size
  /** Of the PNG. */
  pixelFormat: 'rgb24' | 'rgba' | 'rgb48be' | 'rgba64be'
  /** The matrix that was assumed or found; null where the video is RGB already. */
  matrix: string | null
  filters: string[]
}

/** The frame as it is: source size and depth, its own colours, alpha kept. */
export function asIs(video: VideoStream): StillPicture {
  const size = squareSize(video)
  const matrix = matrixOf(video)
  const [opaque, clear] = video.depth > 8 ? (['rgb48be', 'rgba64be'] as const) : (['rgb24', 'rgba'] as const)
  const pixelFormat = video.alpha ? clear : opaque
  return { size, pixelFormat, matrix, filters: [convert(size, video.range, matrix), `format=${pixelFormat}`] }
}

/** For the web: as it is, but HDR brought down to SDR where this ffmpeg can. */
export function forWeb(video: VideoStream, filters: FilterNames): StillPicture {
  if (!video.hdr || !canToneMap(filters)) return asIs(video)
  const size = squareSize(video)
  const toRgb = ['format=yuv444p10', convert(size, 'tv', 'bt709'), 'format=rgb24']
  return { size, pixelFormat: 'rgb24', matrix: 'bt709', filters: [...toneMap(video), ...toRgb] }
}

/** As shown, with square pixels; the side that is too short grows, so that no pixel is lost. */
export function squareSize({ width, height, rotation, sampleAspect: { num, den } }: VideoStream): Size {
  const sideways = rotation % 180 !== 0
  const aspect = sideways ? den / num : num / den
  return aspect >= 1
    ? { width: Math.round(width * aspect), height }
    : { width, height: Math.round(height / aspect) }
}

/** Untagged pictures are BT.709 from 720 lines (or 1280 columns) up, else BT.601: what players do. */
function matrixOf(video: VideoStream): string | null {
  if (isRgb(video)) return null
  const tagged = swscaleMatrices[video.matrix ?? '']
  if (tagged) return tagged
  if (video.primaries === 'bt2020') return 'bt2020'
  return video.codedHeight >= 720 || video.codedWidth >= 1280 ? 'bt709' : 'bt601'
}

const convert = ({ width, height }: Size, range: VideoStream['range'], matrix: string | null) =>
  [
    `scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp`,
    ...(matrix ? [`in_color_matrix=${matrix}`, `in_range=${range ?? 'tv'}`] : []),
  ].join(':')
