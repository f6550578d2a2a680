/**
 * Decodes a video once and hands over every frame as a small image, with its PTS.
 */

import { type Decoding, decode, input } from './ffmpeg.ts'
import {
  bgrSampler,
  type PlanarLayout,
  type Sampler,
  type SmallPicture,
  yuvSampler,
} from './detectors/sampler.ts'
import { type Axis, planSmallImage, type SmallImage } from './detectors/small_image.ts'
import type { Range } from './frame_ranges.ts'
import type { VideoStream } from './media/probe.ts'
import { type Context, OperationError, type Tools } from './operation.ts'

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
  range: Range = {},
): Promise<void> {
  const { before, after, sampler } = planReading(video, range)
  sink.onStart(sampler.small)
  const threads = ['-threads', String(tools.threads)]
  const run = decode(tools, [...input(path, ...threads, ...undisturbed, ...before), ...after], context)
  const reading = cutFrames(run, sampler.frame, () => {
    sampler.sample()
    sink.onFrame()
  })
  const [rest] = await Promise.all([reading, readPts(run, sink), run.finished])
  if (rest > 0) throw brokenFrame()
}

/** PTS as stored, and the picture not turned: the sampler does that. */
const undisturbed = ['-copyts', '-noautorotate']

interface Reading {
  before: string[]
  after: string[]
  sampler: Sampler
}

/** Planes as they are where the conversion is ours to do; any other format is converted by ffmpeg. */
function planReading(video: VideoStream, range: Range): Reading {
  const { codedWidth: width, codedHeight: height, pixelFormat } = video
  // OpenCV makes quarter turns the other way round (its issue 26795); weights fall differently upside down.
  const rotation = (360 - video.rotation) % 360
  const image = planSmallImage(video.width, video.height)
  const chromaShift = planarFormats[pixelFormat]
  // Of odd heights swscale interpolates the chroma; only there its fast path, which we follow, is not taken.
  if (chromaShift && height % 2 === 0) {
    const layout = { width, height, rotation, chromaShift, fullRange: isFullRange(pixelFormat) }
    if (isPicked(image.x) && isPicked(image.y)) return planPicking(video, range, layout, image)
    return {
      before: seek(video, range),
      after: output(video, range, `format=${pixelFormat}`, pixelFormat),
      sampler: yuvSampler(layout, image),
    }
  }
  return {
    // The picture is cropped only after the conversion, whose chroma filters depend on the coded width.
    before: ['-apply_cropping', '0', ...seek(video, range)],
    after: output(video, range, `${convert(pixelFormat)},crop=${width}:${height}:0:0`, 'bgr24'),
    sampler: bgrSampler({ width, height, rotation }, image),
  }
}

/** Where the small image is made of pixels of the large one, ffmpeg picks them, and hardly anything is moved. */
function planPicking(video: VideoStream, range: Range, layout: PlanarLayout, { x, y }: SmallImage): Reading {
  const [across, down] = layout.rotation % 180 === 0 ? [x, y] : [y, x]
  const size = { width: across.size, height: down.size }
  const format = layout.fullRange ? 'yuvj444p' : 'yuv444p'
  const scale = `scale=${size.width}:${size.height}:flags=neighbor,format=${format}`
  return {
    before: seek(video, range),
    after: output(video, range, scale, format),
    sampler: yuvSampler({ ...layout, ...size, chromaShift: { x: 0, y: 0 } }, planSmallImage(x.size, y.size)),
  }
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

/** Goes to the keyframe where the range starts, or to one before: what comes too early is trimmed. */
function seek({ timeBase, frameRate }: VideoStream, { start }: Range): string[] {
  if (start === undefined) return []
  const inside = (start * timeBase.num) / timeBase.den + (0.4 * frameRate.den) / frameRate.num
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', inside.toFixed(6)]
}

/** Frames on stdout; on file descriptor 3 a line for each, which every build of ffmpeg can write. */
const output = (
  { index, timeBase }: VideoStream,
  { start, end }: Range,
  filters: string,
  pixelFormat: string,
) => {
  const from = start === undefined ? [] : [`start_pts=${start}`]
  const to = end === undefined ? [] : [`end_pts=${end}`]
  const part = from.length + to.length > 0 ? [`trim=${[...from, ...to].join(':')}`] : []
  const every = ['-map', `0:${index}`, '-vsync', 'passthrough']
  const base = ['-enc_time_base', `${timeBase.num}:${timeBase.den}`]
  return [
    ...[
      ...every,
      ...base,
      '-vf',
      [...part, filters].join(','),
      '-pix_fmt',
      pixelFormat,
      '-f',
      'rawvideo',
      'pipe:1',
    ],
    ...[
      ...every,
      ...base,
      ...part.flatMap((trim) => ['-vf', trim]),
      '-c:v',
      'wrapped_avframe',
      '-f',
      'framecrc',
      'pipe:3',
    ],
  ]
}

/** Fills `frame` from stdout again and again; resolves to how many bytes were left at its end. */
function cutFrames({ stdout }: Decoding, frame: Uint8Array, onFrame: () => void): Promise<number> {
  const bytes = frame.length
  let filled = 0
  return new Promise((resolve, reject) => {
    stdout.on('data', (chunk: Buffer) => {
      for (let from = 0; from < chunk.length;) {
        const part = chunk.subarray(from, from + bytes - filled)
        frame.set(part, filled)
        filled += part.length
        from += part.length
        if (filled < bytes) continue
        filled = 0
        onFrame()
      }
    })
    stdout.once('close', () => resolve(filled)).once('error', reject)
  })
}

const brokenFrame = () =>
  new OperationError(
    'frame_size',
    'The pictures of this video are not of the size that its header says, or change their size midway; ' +
      're-encode it to one size first.',
  )

/** Lines such as `0,  512,  512,  0,  536, 0x46c81690`: stream, DTS, PTS, duration, bytes, checksum. */
function readPts({ notes }: Decoding, sink: FrameSink): Promise<void> {
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
