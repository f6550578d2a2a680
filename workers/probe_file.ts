/**
 * Looks at a file: whether it is a video that can be read to its end, and what kind.
 */

import { mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { isFleeting } from './failure.ts'
import { decode, ffmpeg, ffprobe, input, type RunOptions } from './ffmpeg.ts'
import { claimedSize } from './media/container.ts'
import { isUneven, type Packet, readPackets } from './media/packets.ts'
import { type FfprobeOutput, type Probe, readProbe } from './media/probe.ts'
import { fractionValue } from './media/timecode.ts'
import { OperationError, type Tools } from './operation.ts'
import { readBytes } from './read_bytes.ts'

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
  const [head, tail] = await readEnds(file, probe, found.format?.start_time, tools, options)
  return withWhatWasSeen(probe, head, tail)
}

/** Both ends side by side, where the header says when the file begins; what is wrong with the head is told first. */
async function readEnds(
  file: string,
  probe: Probe,
  startTime: string | undefined,
  tools: Tools,
  options: RunOptions,
): Promise<[head: Packet[], tail: Packet[]]> {
  const reading = readHead(file, probe, tools, options)
  const start = startTime ?? reading.then((packets) => Math.min(...packets.map(({ time }) => time)))
  const ending = Promise.resolve(start).then((known) => readTail(file, probe, Number(known), tools, options))
  await Promise.allSettled([reading, ending])
  return [await reading, await ending]
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
  if (found.isDirectory()) throw new OperationError('not_a_file', `${called(file)} is a folder, not a video.`)
  if (!found.isFile())
    throw new OperationError(
      'not_a_file',
      `${called(file)} is not an ordinary file, so it is not opened; give a film that lies in a file.`,
    )
  if (found.size === 0) throw new OperationError('empty', `${called(file)} is empty: it has no bytes at all.`)
  return found.size
}

/** Texts that only name other files. ffmpeg is forbidden to follow them; people deserve to hear why. */
const lists =
  /^\uFEFF?(\s|#(?!EXTM3U).*\n|<\?xml[^>]*>|<!--[^]*?-->)*(#EXTM3U|ffconcat version|<(MPD|smil|asx|SmoothStreamingMedia|CompositionPlaylist|AssetMap|playlist)\b|\[playlist\]|file ['"]?\S|v=0\r?\no=)/i
const listEndings = /\.(m3u8?|mpd|smil|sdp|avs|avsi|vpy|pls|asx|xspf|ffconcat|ism|ismc|edl)$/i

async function refuseList(file: string): Promise<void> {
  const head = await readHere(file, 0, 4096)
  if (!listEndings.test(file) && !lists.test(new TextDecoder().decode(head))) return
  throw new OperationError(
    'playlist',
    `${called(file)} is a playlist or script that names other files, not a video; give the video itself.`,
  )
}

async function readHere(file: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    return await readBytes(file, offset, length)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function noPicture(file: string, { streams = [] }: FfprobeOutput): OperationError {
  const strange = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!strange)
    return new OperationError(
      'no_picture',
      `${called(file)} has no moving picture in it, ${onlyOf(streams)}.`,
    )
  return new OperationError(
    'unknown_picture',
    `${called(file)} holds a picture that this ffmpeg cannot read (${strange.codec_name ?? 'of unknown kind'}); ` +
      'convert it to MOV or MP4 first.',
  )
}

function onlyOf(streams: NonNullable<FfprobeOutput['streams']>): string {
  const has = (kind: string) => streams.some((stream) => stream.codec_type === kind)
  if (has('audio')) return 'only sound'
  if (has('subtitle')) return 'only subtitles'
  return has('video') ? 'only a cover' : 'and no sound either'
}

async function describeFile(file: string, tools: Tools, options: RunOptions): Promise<FfprobeOutput> {
  const ask = (what: string) =>
    ffprobe<FfprobeOutput>(tools, what, ['-show_format', '-show_streams'], options)
  try {
    return await ask(file)
  } catch (error) {
    options.signal.throwIfAborted()
    if (!(error instanceof OperationError) || error.code === 'ffmpeg_missing') throw error
    if (isFleeting(error.code)) throw error // it says nothing of the film
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
  if (cause instanceof OperationError && isFleeting(cause.code)) return cause
  const message = cause instanceof Error ? cause.message : ''
  const why = message.replace(/^.*?: /, '').replace(/\.?$/, '')
  return new OperationError('not_a_video', `${called(file)} is not a video that ffmpeg can read (${why}).`, {
    cause,
  })
}

async function refuseShortened(file: string, bytes: number): Promise<void> {
  const claimed = await claimedSize((offset, length) => readHere(file, offset, length), bytes)
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
      // What was ended from outside, or never began, says nothing of the film.
      if (error instanceof OperationError && error.code !== 'ffmpeg_failed') throw error
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

function tailArguments(file: string, probe: Probe, start: number, { before, streams }: Look) {
  const { container, video, duration } = probe
  const from = claimedEnd(probe, start) - before
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
function reachesEnd(packets: Packet[], probe: Probe, start: number): boolean {
  const end = Math.max(...packets.map((packet) => packet.time + packet.duration))
  const tells = /mov|matroska|avi|mxf/.test(probe.container)
  return packets.length > 0 && (!tells || end > claimedEnd(probe, start) - 1)
}

/** Matroska's length counts from 0 on its clock, that of other files from where they begin. */
const claimedEnd = ({ container, duration }: Probe, start: number) =>
  /matroska/.test(container) ? duration : start + duration

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
