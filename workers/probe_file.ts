/**
 * Looks at a file: whether it is a video that can be read to its end, and what kind.
 */

import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { decode, ffmpeg, ffprobe, input, type RunOptions } from './ffmpeg.ts'
import { claimedSize } from './media/container.ts'
import { isUneven, type Packet, readPackets } from './media/packets.ts'
import { type FfprobeOutput, type Probe, readProbe } from './media/probe.ts'
import { fractionValue } from './media/timecode.ts'
import { OperationError, type Tools } from './operation.ts'

/**
 * What the file is. Its header, its beginning and its end are read, not what lies between.
 * @throws OperationError with a sentence that says why this is not a video that can be worked with:
 * `no_such_file`, `not_a_file`, `unreadable`, `empty`, `playlist`, `not_a_video`, `still_image`, `no_picture`,
 * `unknown_picture`, `torn`, `no_frames`.
 */
export async function probeFile(file: string, tools: Tools, options: RunOptions): Promise<Probe> {
  const bytes = await sizeOf(file)
  await refuseList(file)
  await refuseShortened(file, bytes)
  const found = await describeFile(file, tools, options)
  const probe = readProbe(found, bytes)
  if (!probe) throw noPicture(file, found)
  if (/_pipe$|^image2/.test(probe.container)) {
    throw new OperationError('still_image', `${called(file)} is a still image, not a video.`)
  }
  const head = await readHead(file, probe, tools, options)
  const start = Number(found.format?.start_time ?? Math.min(...head.map(({ time }) => time)))
  const tail = await readTail(file, probe, start, tools, options)
  return withWhatWasSeen(probe, head, tail)
}

async function sizeOf(file: string): Promise<number> {
  let found
  try {
    found = await stat(file)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) {
      throw new OperationError('no_such_file', `There is no file ${file}.`, { cause: error })
    }
    throw unreadable(file, error)
  }
  if (found.isDirectory()) throw new OperationError('not_a_file', `${file} is a folder, not a video.`)
  if (!found.isFile()) throw new OperationError('not_a_file', `${file} is not an ordinary file.`)
  if (found.size === 0) throw new OperationError('empty', `${called(file)} is empty: it has no bytes at all.`)
  return found.size
}

/** Texts that only name other files. ffmpeg is forbidden to follow them; people deserve to hear why. */
const lists =
  /^\uFEFF?\s*(#EXTM3U|ffconcat version|<\?xml[^>]*>\s*(<!--.*?-->\s*)?<(MPD|smil|asx|SmoothStreamingMedia)\b|<MPD\b|\[playlist\]|file ['"]?\S)/is
const listEndings = /\.(m3u8?|mpd|avs|avsi|vpy|pls|asx|xspf|ffconcat|ism|ismc|edl)$/i

async function refuseList(file: string): Promise<void> {
  const head = await readBytes(file, 0, 4096)
  if (!listEndings.test(file) && !lists.test(new TextDecoder().decode(head))) return
  throw new OperationError(
    'playlist',
    `${called(file)} is a playlist or script that names other files, not a video; give the video itself.`,
  )
}

async function readBytes(file: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    const handle = await open(file)
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}

function noPicture(file: string, { streams = [] }: FfprobeOutput): OperationError {
  const strange = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!strange)
    return new OperationError('no_picture', `${called(file)} has no moving picture in it, only sound.`)
  return new OperationError(
    'unknown_picture',
    `${called(file)} holds a picture that this ffmpeg cannot read (${strange.codec_name ?? 'of unknown kind'}); ` +
      'convert it to MOV or MP4 first.',
  )
}

async function describeFile(file: string, tools: Tools, options: RunOptions): Promise<FfprobeOutput> {
  const ask = (what: string) =>
    ffprobe<FfprobeOutput>(tools, what, ['-show_format', '-show_streams'], options)
  try {
    return await ask(file)
  } catch (error) {
    options.signal.throwIfAborted()
    if (!(error instanceof OperationError) || error.code === 'ffmpeg_missing') throw error
    return describeHead(file, ask, tools, options)
  }
}

/**
 * The bundled ffprobe crashes on every MPEG transport stream that names its service, so it is shown the first seconds
 * in a Matroska file instead; what that cannot tell is read from the packets.
 */
async function describeHead(
  file: string,
  ask: (file: string) => Promise<FfprobeOutput>,
  tools: Tools,
  options: RunOptions,
): Promise<FfprobeOutput> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cutroom-probe-'))
  const head = path.join(folder, 'head.mkv')
  const copy = ['-map', '0:V', '-map', '0:a?', '-c', 'copy', '-t', '3', `file:${head}`]
  try {
    await ffmpeg(tools, [...input(file), ...copy], options)
    const found = await ask(head)
    return {
      ...found,
      format: { format_name: 'mpegts' },
      streams: found.streams?.map(asInTransportStream) ?? [],
    }
  } catch (error) {
    options.signal.throwIfAborted()
    throw notAVideo(file, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const asInTransportStream = ({ tags: _, ...stream }: NonNullable<FfprobeOutput['streams']>[number]) => ({
  ...stream,
  time_base: '1/90000',
})

function notAVideo(file: string, cause: unknown): OperationError {
  const message = cause instanceof Error ? cause.message : ''
  const why = message.replace(/^.*?: /, '').replace(/\.?$/, '')
  return new OperationError('not_a_video', `${called(file)} is not a video that ffmpeg can read (${why}).`, {
    cause,
  })
}

async function refuseShortened(file: string, bytes: number): Promise<void> {
  const claimed = await claimedSize((offset, length) => readBytes(file, offset, length), bytes)
  if (claimed !== null && claimed > bytes) throw torn(file)
}

/** The first packets, unseeked. */
async function readHead(
  file: string,
  { video }: Probe,
  tools: Tools,
  options: RunOptions,
): Promise<Packet[]> {
  const map = ['-map', `0:${video.index}`, '-frames:v', '60', '-c', 'copy', '-f', 'framecrc', 'pipe:1']
  const packets = await packetsOf(['-copyts', ...input(file), ...map], tools, options).catch(
    (error: unknown) => {
      options.signal.throwIfAborted()
      throw notAVideo(file, error)
    },
  )
  if (packets.length === 0) throw new OperationError('no_frames', `${called(file)} has not one frame in it.`)
  return packets
}

/**
 * The last second, packets read and picture decoded. A complaint is believed when longer looks repeat it: a seek may
 * land where a decoder cannot yet make sense of what it sees.
 */
async function readTail(
  file: string,
  probe: Probe,
  start: number,
  tools: Tools,
  options: RunOptions,
): Promise<Packet[]> {
  let problem: unknown
  for (const look of looks) {
    const args = tailArguments(file, probe, start, look)
    try {
      const packets = await packetsOf(args, tools, options)
      if (reachesEnd(packets, probe, start)) return packets
    } catch (error) {
      options.signal.throwIfAborted()
      problem = error
    }
  }
  throw torn(file, problem)
}

/** How the end is looked at. `before`: seconds before the file's end. */
interface Look {
  before: number
  streams: string[]
}

/** The last look is for files that subtitles, timecode or another picture make longer. */
const looks: Look[] = [
  { before: 1, streams: ['a?'] },
  { before: 15, streams: ['a?'] },
  { before: 15, streams: ['a?', 'v', 's?', 'd?'] },
]

function tailArguments(
  file: string,
  { container, video, duration }: Probe,
  start: number,
  { before, streams }: Look,
) {
  const from = start + duration - before
  const seek =
    duration === 0
      ? ['-sseof', String(-before)]
      : from > 0 && duration > before
        ? ['-seek_timestamp', '1', '-ss', from.toFixed(3)]
        : []
  return [
    // Live recordings in MPEG streams end where they end; other files end with a whole packet.
    ...(/mpeg/.test(container) ? [] : ['-xerror']),
    ...['-copyts', ...input(file, '-noaccurate_seek', ...seek)],
    ...['-map', `0:${video.index}`, ...streams.flatMap((kind) => ['-map', `0:${kind}`]), '-ignore_unknown'],
    ...['-c', 'copy', '-copypriorss', '1', '-copyinkf'],
    ...['-f', 'framecrc', 'pipe:1', '-map', `0:${video.index}`, '-f', 'null', '-'],
  ]
}

/** Streams may end apart, and a last frame may last long; a second beyond all of it is a lost tail. */
function reachesEnd(packets: Packet[], { container, duration }: Probe, start: number): boolean {
  const end = Math.max(...packets.map((packet) => packet.time + packet.duration))
  return packets.length > 0 && (!/mov|matroska|avi|mxf/.test(container) || end > start + duration - 1)
}

async function packetsOf(args: string[], tools: Tools, options: RunOptions): Promise<Packet[]> {
  const run = decode(tools, args, options)
  const [lines] = await Promise.all([text(run.stdout), run.finished])
  return readPackets(lines)
}

/** What the container claims, put right by what was seen. */
function withWhatWasSeen(probe: Probe, head: Packet[], tail: Packet[]): Probe {
  const { video } = probe
  const [rate, tick] = [fractionValue(video.frameRate), fractionValue(video.timeBase)]
  // A seek in an MPEG stream lands anywhere, and the first timestamps after it are muddled.
  const seen = /mpeg/.test(probe.container) ? [head] : [head, tail]
  const variable = video.variable || seen.some((packets) => isUneven(packets, rate, tick))
  const end = Math.max(...tail.map((packet) => packet.time + packet.duration))
  const length = end - Math.min(...head.map(({ time }) => time))
  return { ...probe, duration: probe.duration || length, video: { ...video, variable } }
}

const torn = (file: string, cause?: unknown) =>
  new OperationError(
    'torn',
    `The end of ${called(file)} is missing or cannot be decoded: it was not written or copied whole. Copy it again.`,
    { cause },
  )

const unreadable = (file: string, error: unknown) =>
  new OperationError(
    'unreadable',
    `${called(file)} cannot be read (${error instanceof Error ? error.message : 'no reason given'}).`,
    { cause: error },
  )

const isCode = (error: unknown, ...codes: string[]) =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

const called = (file: string) => path.basename(file)
