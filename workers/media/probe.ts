/**
 * What ffprobe says of a video, as the facts that the rest of the program reasons with.
 */

import { fraction, type Fraction, fractionValue } from './timecode.ts'

export interface Probe {
  container: string
  /** Seconds, as the container claims; the decoded length may differ. */
  duration: number
  bytes: number
  video: VideoStream
  audio: AudioStream[]
  /** The camera's or the editor's start timecode, "01:00:00:00", where the file has one. */
  startTimecode: string | null
}

export interface VideoStream {
  index: number
  codec: string
  profile: string | null
  /** As stored, before rotation. */
  codedWidth: number
  codedHeight: number
  /** As shown: rotation applied. */
  width: number
  height: number
  /** Degrees clockwise that a player turns the picture: 0, 90, 180 or 270. */
  rotation: number
  pixelFormat: string
  /** Bits per component, 8 to 16. */
  depth: number
  alpha: boolean
  /** Average frame rate. */
  frameRate: Fraction
  /** True where the container's average and base rates disagree: frames are not evenly spaced. */
  variable: boolean
  timeBase: Fraction
  /** Frames as the container claims; null where it does not say. */
  frames: number | null
  /** Width of a pixel to its height, as stored: a picture turned sideways has it the other way round. */
  sampleAspect: Fraction
  interlaced: boolean
  /** How many frames a decoder holds back to put them into the order of showing. */
  reordered: number
  range: 'tv' | 'pc' | null
  matrix: string | null
  primaries: string | null
  transfer: string | null
  hdr: 'pq' | 'hlg' | null
}

export interface AudioStream {
  index: number
  codec: string
  channels: number
  sampleRate: number
}

/** The parts of `ffprobe -show_format -show_streams -of json` that are read here. */
export interface FfprobeOutput {
  format?: { format_name?: string; start_time?: string; duration?: string; tags?: Record<string, string> }
  streams?: FfprobeStream[]
}

interface FfprobeStream {
  index: number
  codec_type?: string
  codec_name?: string
  profile?: string
  width?: number
  height?: number
  pix_fmt?: string
  bits_per_raw_sample?: string
  r_frame_rate?: string
  avg_frame_rate?: string
  time_base?: string
  duration?: string
  nb_frames?: string
  sample_aspect_ratio?: string
  field_order?: string
  has_b_frames?: number
  color_range?: string
  color_space?: string
  color_primaries?: string
  color_transfer?: string
  channels?: number
  sample_rate?: string
  tags?: Record<string, string>
  disposition?: Record<string, number>
  side_data_list?: { side_data_type?: string; rotation?: number | string }[]
}

/** Reads ffprobe's JSON. Null where there is no picture that moves (audio only, or just a cover image). */
export function readProbe(output: FfprobeOutput, bytes: number): Probe | null {
  const streams = output.streams ?? []
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!video?.width || !video.height) return null
  return {
    container: output.format?.format_name ?? 'unknown',
    duration: Number(output.format?.duration ?? video.duration ?? 0) || 0,
    bytes,
    video: readVideo(video),
    audio: streams
      .filter((stream) => stream.codec_type === 'audio')
      .map((stream) => ({
        index: stream.index,
        codec: stream.codec_name ?? 'unknown',
        channels: stream.channels ?? 0,
        sampleRate: Number(stream.sample_rate ?? 0),
      })),
    startTimecode: startTimecode(output),
  }
}

function readVideo(stream: FfprobeStream): VideoStream {
  const { width = 0, height = 0 } = stream
  const rotation = rotationOf(stream)
  const sideways = rotation === 90 || rotation === 270
  const pixelFormat = stream.pix_fmt ?? 'unknown'
  const { average, base } = ratesOf(stream)
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile ?? null,
    codedWidth: width,
    codedHeight: height,
    width: sideways ? height : width,
    height: sideways ? width : height,
    rotation,
    pixelFormat,
    depth: depthOf(pixelFormat, stream.bits_per_raw_sample),
    alpha: /^(yuva|rgba|bgra|argb|abgr|gbrap|ya8|ya16|pal8)/.test(pixelFormat),
    frameRate: average,
    variable: isVariable(average, base),
    timeBase: fraction(stream.time_base) ?? { num: 1, den: 90000 },
    frames: Number(stream.nb_frames) || null,
    sampleAspect: fraction(stream.sample_aspect_ratio?.replace(':', '/')) ?? { num: 1, den: 1 },
    reordered: stream.has_b_frames ?? 0,
    interlaced: /^(tt|bb|tb|bt)$/.test(stream.field_order ?? ''),
    range:
      stream.color_range === 'pc' || pixelFormat.startsWith('yuvj')
        ? 'pc'
        : stream.color_range === 'tv'
          ? 'tv'
          : null,
    matrix: known(stream.color_space),
    primaries: known(stream.color_primaries),
    transfer: known(stream.color_transfer),
    hdr:
      stream.color_transfer === 'smpte2084' ? 'pq' : stream.color_transfer === 'arib-std-b67' ? 'hlg' : null,
  }
}

/** Newer ffprobe tells the display matrix's angle (counter-clockwise), older ones a `rotate` tag (clockwise). */
function rotationOf(stream: FfprobeStream): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)
  const clockwise = matrix ? -Number(matrix.rotation) : Number(stream.tags?.rotate ?? 0)
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360
}

function depthOf(pixelFormat: string, rawBits: string | undefined): number {
  const named = /(?:p|gray|gbrp|gbrap|x2rgb|y2)(9|10|12|14|16)(?:le|be)?$/.exec(pixelFormat)?.[1]
  if (named) return Number(named)
  if (/^(rgb48|bgr48|rgba64|bgra64|ya16)/.test(pixelFormat)) return 16
  if (/^p0(10|12|16)/.test(pixelFormat)) return Number(pixelFormat.slice(2, 4))
  return Number(rawBits) > 8 ? Number(rawBits) : 8
}

/** The bundled ffprobe says of raw DV that it has 60000 frames per second; a base rate is never that far below. */
function ratesOf(stream: FfprobeStream): { average: Fraction; base: Fraction } {
  const claimed = fraction(stream.avg_frame_rate) ?? fraction(stream.r_frame_rate) ?? { num: 25, den: 1 }
  const base = fraction(stream.r_frame_rate) ?? claimed
  const average = fractionValue(claimed) > 4 * fractionValue(base) ? base : claimed
  return { average, base }
}

/** A base of twice the average counts fields, or is a guess: it says nothing of how frames are spaced. */
function isVariable(average: Fraction, base: Fraction): boolean {
  const ratio = fractionValue(base) / fractionValue(average)
  return Math.abs(ratio - 1) > 0.001 && Math.abs(ratio - 2) > 0.001
}

function startTimecode({ format, streams }: FfprobeOutput): string | null {
  return format?.tags?.timecode ?? streams?.find((stream) => stream.tags?.timecode)?.tags?.timecode ?? null
}

const known = (name: string | undefined) => (name && name !== 'unknown' && name !== 'reserved' ? name : null)
