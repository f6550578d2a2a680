/**
 * Decodes a video once and hands over every frame as a small image, with its PTS.
 */

import { decodeInto, type FrameDecoding, input } from './ffmpeg.ts'
import type { Room } from './frame_pipe.ts'
import {
  bgrSampler,
  type Layout,
  type PlanarLayout,
  type Sampler,
  type SmallPicture,
  yuvSampler,
} from './detectors/sampler.ts'
import { type Axis, planSmallImage, type SmallImage } from './detectors/small_image.ts'
import type { VideoStream } from './media/probe.ts'
import { type Context, OperationError, type Tools } from './operation.ts'

/** A part of a video. */
export interface Range {
  /** Tick: reading begins at the keyframe there, or at the one before. Undefined for the first frame. */
  start?: number | undefined
  /** Ends the reading before the video ends. */
  enough?: AbortSignal
}

export interface FrameSink {
  /** Before all frames: where their small images will appear, one after another. */
  onStart(small: SmallPicture): void
  /** The next frame's small image is there. */
  onFrame(): void
  /** The next frame's PTS in ticks. Comes in the same order, but later or earlier than its picture. */
  onPts(pts: number): void
}

/** Size of the images that `readFrames` hands over. */
export const smallSize = ({ width, height }: Pick<VideoStream, 'width' | 'height'>) => {
  const small = planSmallImage(width, height)
  return { width: small.x.size, height: small.y.size }
}

/**
 * Reads every frame of the video, or of a range of it, in the order of showing. Memory does not grow with its length.
 * Pixels are those that OpenCV reads and shrinks: BT.601 whatever the tags say, full range only where the
 * pixel format itself means it, the picture turned as shown.
 * @throws OperationError `ffmpeg_failed` where decoding ends early, or the signal's reason.
 */
export async function readFrames(
  path: string,
  video: VideoStream,
  tools: Tools,
  context: Pick<Context, 'signal' | 'children'>,
  sink: FrameSink,
  { start, enough }: Range = {},
): Promise<void> {
  const { decoder, filters, pixelFormat, sampler } = planReading(video)
  sink.onStart(sampler.small)
  const { room, left } = frameByFrame(sampler.frame, () => {
    sampler.sample()
    sink.onFrame()
  })
  const threads = ['-threads', String(tools.threads)]
  const opened = input(path, ...threads, ...undisturbed, ...decoder, ...seek(video, start))
  const args = [...opened, ...frames(video, filters, pixelFormat), ...clock(video)]
  const signal = enough ? AbortSignal.any([context.signal, enough]) : context.signal
  try {
    const run = await decodeInto(room, tools, args, { ...context, signal })
    await Promise.all([readPts(run, sink), run.finished])
  } catch (error) {
    if (enough?.aborted && !context.signal.aborted) return
    throw error
  }
  if (left() > 0) throw brokenFrame()
}

/** PTS as stored, and the picture not turned: the sampler does that. */
const undisturbed = ['-copyts', '-noautorotate']

interface Reading {
  /** Options of the decoder. */
  decoder: string[]
  filters: string
  pixelFormat: string
  sampler: Sampler
}

/** Planes as they are where the conversion is ours to do; any other format is converted by ffmpeg. */
function planReading(video: VideoStream): Reading {
  const { codedWidth: width, codedHeight: height, pixelFormat } = video
  // OpenCV makes quarter turns the other way round (its issue 26795); weights fall differently upside down.
  const rotation = (360 - video.rotation) % 360
  const image = planSmallImage(video.width, video.height)
  const chromaShift = planarFormats[pixelFormat]
  // Of odd heights swscale interpolates the chroma; only there its fast path, which we follow, is not taken.
  if (chromaShift && height % 2 === 0) {
    const layout = { width, height, rotation, chromaShift, fullRange: isFullRange(pixelFormat) }
    if (isPicked(image.x) && isPicked(image.y)) return planPicking(layout, image)
    return {
      decoder: [],
      filters: `format=${pixelFormat}`,
      pixelFormat,
      sampler: yuvSampler(layout, image),
    }
  }
  const layout = { width, height, rotation }
  if (isUpright(layout) ? isPicked(image.x) : isPicked(image.y)) {
    const thin = thinFormats[pixelFormat]
    if (thin && height % 2 === 0) return planThinning(layout, image, pixelFormat, thin)
  }
  return {
    ...asConverted,
    filters: `${convert(pixelFormat)},crop=${width}:${height}:0:0`,
    sampler: bgrSampler(layout, image),
  }
}

/** The picture is cropped only after the conversion, whose chroma filters depend on the coded size. */
const asConverted = { decoder: ['-apply_cropping', '0'], pixelFormat: 'bgr24' }

const isUpright = ({ rotation }: Layout) => rotation % 180 === 0

/** Where the small image is made of pixels of the large one, ffmpeg picks them, and hardly anything is moved. */
function planPicking(layout: PlanarLayout, { x, y }: SmallImage): Reading {
  const [across, down] = isUpright(layout) ? [x, y] : [y, x]
  const size = { width: across.size, height: down.size }
  const pixelFormat = layout.fullRange ? 'yuvj444p' : 'yuv444p'
  return {
    decoder: [],
    filters: `scale=${size.width}:${size.height}:flags=neighbor,format=${pixelFormat}`,
    pixelFormat,
    sampler: yuvSampler({ ...layout, ...size, chromaShift: { x: 0, y: 0 } }, planSmallImage(x.size, y.size)),
  }
}

/**
 * Where whole columns are picked, ffmpeg picks them before it converts them. Its conversion of these formats looks at
 * rows above and below, but in a row only at a pixel and at the chroma that it shares with one neighbour: so each
 * picked pixel is written twice, and has its own chroma.
 */
function planThinning(layout: Layout, { x, y }: SmallImage, pixelFormat: string, thin: string): Reading {
  const across = isUpright(layout) ? x : y
  const width = 2 * across.size
  const twice = {
    ...across,
    first: across.first.map((_, i) => 2 * i),
    second: across.first.map((_, i) => 2 * i),
  }
  return {
    ...asConverted,
    filters: [
      `crop=${layout.width}:ih:0:0`,
      `scale=${across.size}:ih:flags=neighbor,format=${thin}`,
      `scale=${width}:ih:flags=neighbor,format=${pixelFormat}`,
      `${convert(pixelFormat)},crop=${width}:${layout.height}:0:0`,
    ].join(),
    sampler: bgrSampler({ ...layout, width }, isUpright(layout) ? { x: twice, y } : { x, y: twice }),
  }
}

/** The same chroma, but as wide as the luma. */
const thinFormats: Record<string, string | undefined> = {
  yuv420p10le: 'yuv440p10le',
  yuv422p10le: 'yuv444p10le',
  yuv420p12le: 'yuv440p12le',
  yuv422p12le: 'yuv444p12le',
}

/** True where each pixel is the middle one of an odd number, as for 768, 1280 and 3840: `scale` takes the same. */
const isPicked = ({ size, secondWeight, first }: Axis) =>
  size > 1 && secondWeight.every((weight) => weight === 0) && (first[1] ?? 0) - (first[0] ?? 0) > 1

const planarFormats: Record<string, { x: number; y: number } | undefined> = {
  yuv420p: { x: 1, y: 1 },
  yuvj420p: { x: 1, y: 1 },
  yuv422p: { x: 1, y: 0 },
  yuvj422p: { x: 1, y: 0 },
}

/** The formats that swscale takes for full range by their names alone. */
const isFullRange = (pixelFormat: string) => /^(yuvj|gray|ya8|ya16)/.test(pixelFormat)

const convert = (pixelFormat: string) =>
  `scale=flags=bicubic:in_color_matrix=bt601:in_range=${isFullRange(pixelFormat) ? 'pc' : 'tv'},format=bgr24`

/** Goes to the keyframe that is shown at `start` (ticks), or to one before. */
function seek({ timeBase, frameRate }: VideoStream, start: number | undefined): string[] {
  if (start === undefined) return []
  const inside = (start * timeBase.num) / timeBase.den + (0.4 * frameRate.den) / frameRate.num
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', inside.toFixed(6)]
}

/** Every frame as decoded, none dropped and none repeated, on the clock of the stream. */
const every = ({ index, timeBase }: VideoStream) => [
  ...['-map', `0:${index}`, '-vsync', 'passthrough', '-enc_time_base', `${timeBase.num}:${timeBase.den}`],
]

/** Frames on stdout. */
const frames = (video: VideoStream, filters: string, pixelFormat: string) => [
  ...[...every(video), '-vf', filters, '-pix_fmt', pixelFormat, '-f', 'rawvideo', 'pipe:1'],
]

/** On file descriptor 3 a line for each frame, which every build of ffmpeg can write. */
const clock = (video: VideoStream) => [
  ...[...every(video), '-c:v', 'wrapped_avframe', '-f', 'framecrc', 'pipe:3'],
]

/** Fills `frame` again and again; `left` tells how many bytes of the next one are there. */
function frameByFrame(frame: Uint8Array, onFrame: () => void): { room: Room; left(): number } {
  let filled = 0
  return {
    room: {
      next: () => frame.subarray(filled),
      filled(bytes) {
        filled += bytes
        if (filled < frame.length) return
        filled = 0
        onFrame()
      },
    },
    left: () => filled,
  }
}

const brokenFrame = () =>
  new OperationError(
    'frame_size',
    'The pictures of this video are not of the size that its header says, or change their size midway; ' +
      're-encode it to one size first.',
  )

/** Lines such as `0,  512,  512,  0,  536, 0x46c81690`: stream, DTS, PTS, duration, bytes, checksum. */
function readPts({ notes }: FrameDecoding, sink: FrameSink): Promise<void> {
  let rest = ''
  notes.setEncoding('latin1')
  return new Promise((resolve, reject) => {
    notes.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('0,')) sink.onPts(Number(line.split(',')[2]))
    })
    notes.once('close', resolve).once('error', reject)
  })
}
