/**
 * Takes single frames out of a video, exactly those that were asked for, as PNG files.
 */

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { ffmpeg, ffprobe, input } from './ffmpeg.ts'
import { firstTimestamp } from './first_frame.ts'
import { keepTimestamps } from './media/builds.ts'
import { canSeek, planRuns } from './media/extraction.ts'
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
 * Hands each wanted frame to `take`, as a PNG in `folder`; several runs of ffmpeg work side by side, each
 * waiting for its frames to be taken before the next, so that little lies about.
 * @throws OperationError `frame_missing` where the video no longer gives a frame that it gave the detector.
 */
export async function extractFrames(
  extraction: Extraction,
  tools: Tools,
  context: Running,
  take: (frame: number, png: string) => Promise<void>,
): Promise<void> {
  const runs = planRuns(extraction.wanted, extraction.probe)
  if (runs.length === 0) return
  const lanes = Math.min(tools.threads, runs.length)
  const threads = Math.max(1, Math.floor(tools.threads / lanes))
  const start = await findStart(extraction, tools, context)
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const queue = runs.entries()
  const lane = async () => {
    for (const [index, frames] of queue) {
      signal.throwIfAborted()
      const name = `frames-${index}`
      const run = { extraction, frames, start, threads, name }
      for (const [i, png] of (await extractRun(run, tools, { ...context, signal })).entries()) {
        signal.throwIfAborted()
        await take(frames[i] ?? 0, png)
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

/** Where the clocks of the file begin. */
interface Start {
  /** PTS of the first frame, in ticks of the stream. */
  firstTick: number
  /** The container's own start in seconds, which `-ss` counts from. */
  container: number
}

async function findStart({ source, probe }: Extraction, tools: Tools, context: Running): Promise<Start> {
  const [first, container] = await Promise.all([
    firstTimestamp(source, probe, tools, context),
    canSeek(probe) ? containerStart(source, tools, context) : 0,
  ])
  return { firstTick: Math.round(first / fractionValue(probe.video.timeBase)), container }
}

async function containerStart(source: string, tools: Tools, context: Running): Promise<number> {
  type Answer = { format?: { start_time?: string } }
  const { format } = await ffprobe<Answer>(tools, source, ['-show_entries', 'format=start_time'], context)
  return Number(format?.start_time) || 0
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

/** Paths of the frames in order. A way that does not give every frame is followed by a surer one. */
async function extractRun(run: Run, tools: Tools, context: Running): Promise<string[]> {
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
    const pngs = await tryWay(run, way, tools, context)
    if (pngs) return pngs
  }
  const { frames, extraction } = run
  throw new OperationError(
    'frame_missing',
    `${path.basename(extraction.source)} did not give frame ${frames.join(', ')} again, though detection saw it. ` +
      'The file may have changed or be damaged; detect its scenes anew.',
  )
}

async function tryWay(run: Run, way: Way, tools: Tools, context: Running): Promise<string[] | null> {
  const { extraction, frames, name, threads } = run
  const { source, probe, picture, folder } = extraction
  await sweep(folder, name)
  const args = [
    ...['-copyts', ...input(source, ...seek(run, way), '-threads', String(threads))],
    ...['-map', `0:${probe.video.index}`, '-an', '-sn', '-dn'],
    // The clock starts anew behind the choice: what is left of PTS must not make the writer drop or repeat.
    ...['-vf', [`select='${choice(run, way)}'`, ...picture.filters, 'setpts=N/TB'].join(',')],
    ...['-frames:v', String(frames.length), ...keepTimestamps(tools)],
    ...['-c:v', 'png', '-pix_fmt', picture.pixelFormat, '-pred', 'up'],
    ...['-f', 'image2', `file:${path.join(folder, name).replaceAll('%', '%%')}-%05d.png`],
  ]
  await ffmpeg(tools, args, context).catch(unlessEmpty)
  // Only the wanted frames pass the choice, so where all are there each is the right one.
  const pngs = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`)).toSorted()
  return pngs.length === frames.length ? pngs.map((png) => path.join(folder, png)) : null
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
