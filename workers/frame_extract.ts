/**
 * Takes single frames out of a video, exactly those that were asked for, as PNG files.
 */

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { ffmpeg, ffprobe, input } from './ffmpeg.ts'
import { firstTimestamp } from './first_frame.ts'
import { keepTimestamps } from './media/builds.ts'
import { canSeek, type Costs, framesToLookUp, isIntra, planRuns, type Wish } from './media/extraction.ts'
import type { Probe } from './media/probe.ts'
import type { StillPicture } from './media/still_picture.ts'
import { fractionValue } from './media/timecode.ts'
import { type Context, type Frames, OperationError, type Tools } from './operation.ts'

export interface Extraction {
  source: string
  probe: Probe
  frames: Frames
  /** Frame numbers, rising. */
  wanted: number[]
  picture: Pick<StillPicture, 'filters' | 'pixelFormat'>
  /** The operation's own; what is written there is the taker's to move or remove. */
  folder: string
}

type Running = Pick<Context, 'signal' | 'children'>

/**
 * Hands each wanted frame to `take`, as a PNG in `folder` and with the arguments that brought it; several runs of ffmpeg work side by side, each
 * waiting for its frames to be taken before the next, so that little lies about.
 * @throws OperationError `frame_missing` where the video no longer gives a frame that it gave the detector.
 */
export async function extractFrames(
  extraction: Extraction,
  tools: Tools,
  context: Running,
  take: (frame: number, png: string, args: string[]) => Promise<void>,
): Promise<void> {
  const { wanted, probe } = extraction
  if (wanted.length === 0) return
  const costs = { startUp: tools.startUp, lanes: tools.threads }
  const start = await findStart(extraction, costs, tools, context)
  const runs = planRuns(wishesOf(extraction, start), probe, costs)
  const lanes = Math.min(tools.threads, runs.length)
  const threads = Math.max(1, Math.floor(tools.threads / lanes))
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const queue = runs.entries()
  const lane = async () => {
    for (const [index, frames] of queue) {
      signal.throwIfAborted()
      const name = `frames-${index}`
      const run = { extraction, frames, start, threads, name }
      const { pngs, args } = await extractRun(run, tools, { ...context, signal })
      for (const [i, png] of pngs.entries()) {
        signal.throwIfAborted()
        await take(frames[i] ?? 0, png, args)
      }
    }
  }
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      lane().catch((error: unknown) => {
        stop.abort(error)
        throw error
      }),
    ),
  )
  const failed = ended.find((end) => end.status === 'rejected')
  if (failed) throw context.signal.aborted ? context.signal.reason : (stop.signal.reason ?? failed.reason)
}

/** Where the clocks of the file begin, and where seeks lead. */
interface Start {
  /** PTS of the first frame, in ticks of the stream. */
  firstTick: number
  /** The container's own start in seconds, which `-ss` counts from. */
  container: number
  /** By frame number: PTS of the keyframe that a seek leads to. */
  keyframes: Map<number, number>
}

async function findStart(
  extraction: Extraction,
  costs: Costs,
  tools: Tools,
  context: Running,
): Promise<Start> {
  const { source, probe } = extraction
  const [first, seeking] = await Promise.all([
    firstTimestamp(source, probe, tools, context),
    canSeek(probe)
      ? lookUp(extraction, costs, tools, context)
      : { container: 0, keyframes: new Map<number, number>() },
  ])
  return { firstTick: Math.round(first / fractionValue(probe.video.timeBase)), ...seeking }
}

interface Answer {
  format?: { start_time?: string }
  packets?: { pts?: number; flags: string }[]
}

/** Asks ffprobe for the container's start, and for the first packet behind a seek to each frame. */
async function lookUp(
  { source, probe, frames: { times }, wanted }: Extraction,
  costs: Costs,
  tools: Tools,
  context: Running,
): Promise<Pick<Start, 'container' | 'keyframes'>> {
  const { index, frameRate } = probe.video
  const asked = isIntra(probe) ? [] : framesToLookUp(wanted, times, probe, costs)
  // A file that starts late is asked too early: then a keyframe before is found, and a seek that would pay is not taken.
  const inside = 0.4 / fractionValue(frameRate)
  const intervals = asked.map((frame) => `${((times[frame] ?? 0) + inside).toFixed(3)}%+#1`)
  const shown = [
    '-show_entries',
    asked.length > 0 ? 'format=start_time:packet=pts,flags' : 'format=start_time',
  ]
  const where =
    asked.length > 0 ? ['-select_streams', String(index), '-read_intervals', intervals.join()] : []
  const { format, packets = [] } = await ffprobe<Answer>(tools, source, [...shown, ...where], context)
  const found = packets.length === asked.length ? packets : []
  const keyframes = found.flatMap(({ pts, flags }, i) =>
    pts !== undefined && flags.startsWith('K') ? [[asked[i] ?? 0, pts] as const] : [],
  )
  return { container: Number(format?.start_time) || 0, keyframes: new Map(keyframes) }
}

function wishesOf({ wanted, frames: { times }, probe }: Extraction, { firstTick, keyframes }: Start): Wish[] {
  const tick = fractionValue(probe.video.timeBase)
  const keyframe = (frame: number, time: number) => {
    const pts = keyframes.get(frame)
    if (canSeek(probe) && isIntra(probe)) return time
    return pts === undefined ? undefined : (pts - firstTick) * tick
  }
  return wanted.map((frame) => {
    const time = times[frame] ?? 0
    return { frame, time, keyframe: keyframe(frame, time) }
  })
}

interface Run {
  extraction: Extraction
  frames: number[]
  start: Start
  threads: number
  name: string
}

/** How frames are found: by PTS after a seek, by PTS from an earlier place, or by counting from the beginning. */
type Way = { by: 'pts'; seekBack: number | null } | { by: 'count' }

interface Extracted {
  /** Paths, in the frames' order. */
  pngs: string[]
  args: string[]
}

/** A way that does not give every frame is followed by a surer one. */
async function extractRun(run: Run, tools: Tools, context: Running): Promise<Extracted> {
  const seeks: Way[] = [
    { by: 'pts', seekBack: 0 },
    { by: 'pts', seekBack: 10 },
  ]
  // A raw stream may have frames without PTS; those can only be counted.
  const timed = run.frames.flatMap((frame) => bounds(run, frame)).every(Number.isFinite)
  const ways: Way[] = [
    ...(timed && canSeek(run.extraction.probe) ? seeks : []),
    ...(timed ? [{ by: 'pts', seekBack: null } as const] : []),
    { by: 'count' },
  ]
  for (const way of ways) {
    const extracted = await tryWay(run, way, tools, context)
    if (extracted) return extracted
  }
  const { frames, extraction } = run
  throw new OperationError(
    'frame_missing',
    `${path.basename(extraction.source)} did not give frame ${frames.join(', ')} again, though detection saw it. ` +
      'The file may have changed or be damaged; detect its scenes anew.',
  )
}

async function tryWay(run: Run, way: Way, tools: Tools, context: Running): Promise<Extracted | null> {
  const { extraction, frames, name, threads } = run
  const { source, probe, picture, folder } = extraction
  await sweep(folder, name)
  const args = [
    ...['-copyts', ...input(source, ...seek(run, way), '-threads', String(threads))],
    ...['-map', `0:${probe.video.index}`, '-an', '-sn', '-dn'],
    // The clock starts anew behind the choice: what is left of PTS must not make the writer drop or repeat.
    ...['-vf', [`select='${choice(run, way)}'`, ...picture.filters, 'setpts=N/TB'].join(',')],
    ...['-frames:v', String(frames.length), ...keepTimestamps(tools)],
    // Measured: a third of the time of zlib's default level, files 0 to 5% larger (a quarter where half is black).
    ...['-c:v', 'png', '-pix_fmt', picture.pixelFormat, '-pred', 'up', '-compression_level', '3'],
    ...['-f', 'image2', `file:${path.join(folder, name).replaceAll('%', '%%')}-%05d.png`],
  ]
  await ffmpeg(tools, args, context).catch(unlessEmpty)
  // Only the wanted frames pass the choice, so where all are there each is the right one.
  const pngs = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`)).toSorted()
  return pngs.length === frames.length ? { pngs: pngs.map((png) => path.join(folder, png)), args } : null
}

/** Some builds fail where no frame passed; whether frames are missing is seen by the files. */
function unlessEmpty(error: unknown): void {
  if (error instanceof OperationError && error.code === 'ffmpeg_failed') return
  throw error
}

async function sweep(folder: string, name: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (file.startsWith(`${name}-`)) await rm(path.join(folder, file))
  }
}

/** `-ss` to half a frame before the first of them. */
function seek(run: Run, way: Way): string[] {
  if (way.by === 'count' || way.seekBack === null) return []
  const tick = fractionValue(run.extraction.probe.video.timeBase)
  const [from] = bounds(run, run.frames[0] ?? 0)
  const seconds = from * tick - run.start.container - way.seekBack
  return seconds > 0 ? ['-ss', seconds.toFixed(6)] : []
}

const choice = (run: Run, way: Way) =>
  run.frames
    .map((frame) => {
      if (way.by === 'count') return `eq(n,${frame})`
      const [from, to] = bounds(run, frame)
      return `gte(pts,${from})*lt(pts,${to})`
    })
    .join('+')

/** The ticks, from inclusive, to exclusive, that only this frame's PTS can be in: half way to its neighbours. */
function bounds({ extraction, start }: Run, frame: number): [from: number, to: number] {
  const { times, duration } = extraction.frames
  const { num, den } = extraction.probe.video.timeBase
  const at = times[frame] ?? NaN
  const before = times[frame - 1] ?? at - (duration - at)
  const after = times[frame + 1] ?? Math.max(duration, at + num / den)
  const ticks = (seconds: number) => start.firstTick + (seconds * den) / num
  return [(ticks(before) + ticks(at)) / 2, (ticks(at) + ticks(after)) / 2]
}
