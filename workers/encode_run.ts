/**
 * Encodes the scenes of a run in one pass and hands them over as clips, while the pass goes on.
 */

import { mkdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import {
  type Encoded,
  type EncodePlan,
  type Encoding,
  fileArguments,
  planEncode,
  waitingPackets,
} from './encode.ts'
import { ffmpeg, ffmpegWithNotes, input } from './ffmpeg.ts'
import { seconds, seekMargins, seekOptions, type Stretch } from './media/clip_graph.ts'
import {
  batchesOf,
  heardAtOnce,
  joinedAtOnce,
  placeParts,
  runGraph,
  type RunPart,
  soundGraph,
} from './media/clip_run.ts'
import { countPictures } from './media/mp4.ts'
import { paceOf } from './media/pace.ts'
import { encoderNote, tellEncoderNote } from './media/x264_note.ts'
import type { Context, Frames, Tools } from './operation.ts'
import { gapIn, notWhole } from './outputs.ts'
import { readBytes } from './read_bytes.ts'
import { createUntouched, type Untouched } from './untouched.ts'

/** One clip of a run. */
export interface RunClip extends Stretch {
  /** Absolute path of what is written; ends in .mp4. */
  target: string
  tags: Record<string, string>
}

export interface RunEncoding<Clip extends RunClip> extends Omit<
  Encoding,
  'target' | 'tags' | 'frames' | 'onFrames'
> {
  /** From `planClipRuns`: two or more. */
  clips: readonly Clip[]
  /** For what lies about meanwhile; made, and removed in the end. */
  folder: string
  /** Every frame of the source. */
  frames: Frames
  /** From `firstTimestamp`. */
  origin: number
  /** Frames of the run encoded so far. */
  onFrames: (frames: number) => void
  /** Takes a clip that lies whole and proven under its target. The pass goes on meanwhile. */
  take(clip: Clip, encoded: Encoded & { duration: number }): Promise<void>
}

/**
 * True where clips may come out of one encode. At a new rate each clip has frames of its own, counted from its
 * beginning. NVENC has not been proven to begin a clip wherever it is told to.
 */
export const canShareEncode = (wanted: Pick<Encoding, 'video' | 'encoder'>, tools: Tools) =>
  wanted.video.fps === 'source' && !(wanted.encoder === 'nvenc' && tools.nvenc)

/**
 * One x264 encode of all wanted frames, with a keyframe where a clip begins, cut there into files as it goes; the
 * sound of each clip, cut and encoded by itself beside it; and both put together, a batch at a time. A clip is taken
 * only where it has as many frames as it should, all of them between its two cuts: any other is left out.
 * @throws OperationError `ffmpeg_failed`, `not_whole`; the signal's reason; what `take` throws.
 */
export async function encodeRun<Clip extends RunClip>(
  encoding: RunEncoding<Clip>,
  tools: Tools,
  context: Pick<Context, 'signal' | 'children'>,
): Promise<void> {
  const { clips, folder, frames, origin, probe } = encoding
  const stop = new AbortController()
  const means = { children: context.children, signal: AbortSignal.any([context.signal, stop.signal]) }
  const ran = { picture: [], sounds: new Map<number, string[]>() }
  const plan = planEncode(probe, encoding, tools)
  const run: Run<Clip> = { encoding, plan, tools, means, note: null, ran, untouched: createUntouched() }
  const parts = placeParts(clips, frames, origin)
  const ends = new Set(batchesOf(parts, joinedAtOnce).map((batch) => batch.at(-1)))
  const heard = batchesOf(parts, heardAtOnce)
  await mkdir(folder, { recursive: true })
  const pass = startPass(run, parts)
  const sounds = inTurn(heard, (batch) => encodeSounds(run, batch))
  for (const sound of sounds) sound.catch((error: unknown) => stop.abort(error))
  try {
    let closed: RunPart[] = []
    for await (const part of pass.closed) {
      await run.untouched.note(pictureFile(folder, part))
      if (part.index === 0) run.note = encoderNote(await readBytes(pictureFile(folder, part), 0, noteWithin))
      closed.push(part)
      if (!ends.has(part)) continue
      await sounds[heard.findIndex((batch) => batch.includes(part))]
      await finishClips(run, closed)
      closed = []
    }
    await Promise.all([pass.finished, ...sounds])
    await finishClips(run, closed)
  } finally {
    stop.abort()
    await Promise.allSettled([pass.finished, ...sounds])
    await rm(folder, { recursive: true, force: true })
  }
}

interface Run<Clip extends RunClip> {
  encoding: RunEncoding<Clip>
  plan: EncodePlan
  tools: Tools
  means: Pick<Context, 'signal' | 'children'>
  /** Arguments of the one encode of the picture, and, by a part's index, of the sound's. */
  ran: { picture: string[]; sounds: Map<number, string[]> }
  /** What x264 tells of itself, which it does only in the first frame of the run. */
  note: string | null
  /** The files of pictures and sounds. */
  untouched: Untouched
}

/** Bytes: the note is at most 2 KB, and before it are only a few boxes. */
const noteWithin = 4096

/** Starts each work when the one before it is done. */
function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void>[] {
  let last = Promise.resolve()
  return items.map((item) => (last = last.then(() => work(item))))
}

const pictureFile = (folder: string, { index }: RunPart) => path.join(folder, `picture-${index}.mp4`)
const soundFile = (folder: string, { index }: RunPart) => path.join(folder, `sound-${index}.m4a`)

/** Starts the encode of the picture. `closed`: each part whose file is whole, as soon as it is. */
function startPass<Clip extends RunClip>(run: Run<Clip>, parts: RunPart[]) {
  const { encoding, plan, tools, means } = run
  const { probe, folder, frames, onFrames } = encoding
  const whole = { startFrame: parts[0]?.startFrame ?? 0, endFrame: parts.at(-1)?.endFrame ?? 0 }
  const cuts = parts
    .slice(1)
    .map(({ begins }) => seconds(begins))
    .join(',')
  const args = [
    ...openAt(parts[0], encoding, '-threads', String(tools.threads)),
    ...['-filter_complex', runGraph(parts, probe.video.index, plan.filters), '-map', '[v]'],
    ...plan.picture(paceOf(frames, probe.video, [whole])),
    ...['-force_key_frames', cuts, '-f', 'segment', '-segment_times', cuts],
    // Else all is moved to where no DTS is below 0, and cuts lie elsewhere.
    ...['-segment_format', 'mp4', '-reset_timestamps', '1', '-avoid_negative_ts', 'disabled'],
    ...['-segment_list', 'pipe:3', '-segment_list_type', 'csv'],
    `file:${path.join(folder.replaceAll('%', '%%'), 'picture-%d.mp4')}`,
  ]
  run.ran.picture = args
  const { notes, finished } = ffmpegWithNotes(tools, args, { ...means, onFrames })
  return { finished, closed: closedParts(createInterface({ input: notes }), parts) }
}

/** Input 0, with the file's own timestamps, from just before a part. */
function openAt<Clip extends RunClip>(
  part: RunPart | undefined,
  { source, probe, origin }: RunEncoding<Clip>,
  ...before: string[]
): string[] {
  const [margin = null] = seekMargins(probe.container, probe.video.codec)
  return ['-copyts', ...input(source, ...before, ...(part ? seekOptions(part, origin, margin) : []))]
}

/** Reads the list of files: `picture-3.mp4,12.04,15.96`, the time of its first frame and the end of its last one. */
async function* closedParts(
  lines: AsyncIterable<string>,
  parts: readonly RunPart[],
): AsyncGenerator<RunPart> {
  for await (const line of lines) {
    const [, index, start] = /^picture-(\d+)\.mp4,([\d.]+),/.exec(line) ?? []
    const part = parts[Number(index)]
    const end = parts[Number(index) + 1]?.begins ?? Infinity
    if (part && Number(start) >= part.begins && Number(start) < end) yield part
  }
}

async function encodeSounds<Clip extends RunClip>(
  { encoding, plan, tools, means, ran, untouched }: Run<Clip>,
  parts: RunPart[],
): Promise<void> {
  const { probe, folder, audio } = encoding
  const [sound] = probe.audio
  if (!sound) return
  const outputs = parts.flatMap((part, n) => [
    ...['-map', `[a${n}]`, ...plan.sound, ...waitingPackets],
    ...fileArguments(),
    `file:${soundFile(folder, part)}`,
  ])
  const graph = soundGraph(parts, sound.index, audio.sample_rate)
  const args = [...openAt(parts[0], encoding), '-filter_complex', graph, ...outputs]
  for (const { index } of parts) ran.sounds.set(index, args)
  await ffmpeg(tools, args, means)
  await untouched.note(...parts.map((part) => soundFile(folder, part)))
}

/** Joins pictures and sounds, and hands over what is proven. */
async function finishClips<Clip extends RunClip>(run: Run<Clip>, parts: RunPart[]): Promise<void> {
  const { clips, folder, take } = run.encoding
  if (parts.length === 0) return
  const join = await joinStreams(run, parts)
  for (const part of parts) {
    const clip = clips[part.index]
    const isWhole = clip && (await hasAll(clip.target, pictureFile(folder, part), part.frames))
    await rm(pictureFile(folder, part))
    await rm(soundFile(folder, part), { force: true })
    if (!isWhole) continue
    const { settings, size } = run.plan
    const sound = run.ran.sounds.get(part.index)
    const commands = [run.ran.picture, ...(sound ? [sound] : []), join]
    await take(clip, { settings, commands, ...size, frames: part.frames, duration: part.duration })
  }
}

/** @returns the arguments it took. */
async function joinStreams<Clip extends RunClip>(
  { encoding, tools, means, note, untouched }: Run<Clip>,
  parts: RunPart[],
): Promise<string[]> {
  const { clips, folder, probe } = encoding
  const streams = probe.audio[0] ? [pictureFile, soundFile] : [pictureFile]
  const files = parts.flatMap((part) => streams.map((file) => file(folder, part)))
  const outputs = parts.flatMap((part, n) => [
    ...streams.flatMap((_, s) => ['-map', String(n * streams.length + s)]),
    ...['-c', 'copy', ...waitingPackets],
    ...(note !== null && part.index > 0 ? tellEncoderNote(note) : []),
    ...fileArguments(clips[part.index]?.tags),
    ...['-map_metadata:s:v', `${n * streams.length}:s:v`],
    `file:${clips[part.index]?.target}`,
  ])
  const args = ['-copyts', ...files.flatMap((file) => input(file)), ...outputs]
  await ffmpeg(tools, args, means).finally(() => untouched.hold(...files))
  return args
}

/**
 * Whether the clip has as many frames as it should.
 * @throws OperationError `not_whole` where the picture that it was made of has them, or breaks off.
 */
async function hasAll(clip: string, picture: string, frames: number): Promise<boolean> {
  if ((await countFrames(clip)) === frames) return true
  const wasThere = (await countFrames(picture)) === frames
  const gap = wasThere ? 'it lost frames that its picture has' : await gapIn(picture)
  if (gap !== null) throw notWhole(clip, gap)
  return false
}

async function countFrames(file: string): Promise<number> {
  const { size } = await stat(file)
  return countPictures((offset, length) => readBytes(file, offset, length), size)
}
