/**
 * Finds the cuts of a video, and keeps what was measured so that another threshold needs no decode.
 */

import type { Detector, Measured } from '../detectors/detector.ts'
import { detectorNamed, measurements } from '../detectors/mod.ts'
import type { Frames } from '../detectors/film.ts'
import { snapRate } from '../detectors/frame_clock.ts'
import { smallSize } from '../frame_reader.ts'
import { measureFilm } from '../measure_film.ts'
import type { Probe } from '../media/probe.ts'
import { type Fraction, fractionText } from '../media/timecode.ts'
import { type Context, type Job, type Operation, OperationError, type Tools } from '../operation.ts'

/**
 * Emits `scores` in stretches as it goes, then `source` (frames, duration, time base) and `cuts` (frame 0
 * first; where there is no cut the whole video is one scene). Reads the copied master where there is one.
 */
export default { name: 'detect', title: 'Find cuts', run } satisfies Operation

async function run(job: Job, context: Context) {
  const { detector, threshold, minSceneLength } = job.session
  const { path, probe } = masterOf(job)
  const settings = { detector, threshold, minSceneLength }
  const pending: Promise<void>[] = []
  const onStretch = (startFrame: number, measures: Record<string, Float64Array>) => {
    const sent = context.emit({ kind: 'scores', startFrame, measures })
    sent.catch(() => undefined) // it is awaited with the others, when all frames are read
    pending.push(sent)
  }
  const known = knownFrames(job.measured)
  const found = await detectScenes(path, probe, settings, job.tools, { ...context, onStretch, known })
  await Promise.all(pending)
  const { frames, duration, timeBase, times } = found
  await context.emit({ kind: 'source', frames, duration, timeBase: fractionText(timeBase) })
  const cuts = [0, ...found.cuts].map((frame) => ({ frame, time: times[frame] ?? 0 }))
  await context.emit({ kind: 'cuts', cuts })
  return { settings: { ...settings, ...smallSize(probe.video) } }
}

/** What an earlier run has stored; undefined where that is nothing, or not all that is measured. */
function knownFrames(measured: Job['measured']): Frames | undefined {
  const { pts, ...others } = measured
  const names = measurements.flatMap(({ measures }) => measures)
  const all = names.every((name) => others[name]?.length === pts?.length)
  if (!pts || !all) return undefined
  return { pts, measures: Object.fromEntries(names.map((name) => [name, others[name] ?? pts])) }
}

function masterOf({ files }: Job): { path: string; probe: Probe } {
  const source = files.find((file) => file.role === 'source')
  const master = files.find((file) => file.role === 'master') ?? source
  const probe = master?.probe ?? source?.probe
  if (master && probe) return { path: master.path, probe }
  throw new OperationError('no_master', 'There is no probed master to look for scenes in; probe it first.')
}

export interface DetectionSettings {
  detector: string
  threshold: number
  /** Frames. */
  minSceneLength: number
}

export interface Detection {
  /** As decoded, which may differ from what the container claims. */
  frames: number
  fps: Fraction
  timeBase: Fraction
  /** Seconds from the first frame's PTS, per frame. */
  times: Float64Array
  /** End of the last frame, seconds from the first frame's PTS. */
  duration: number
  /** First frames of new scenes, without frame 0. */
  cuts: number[]
  /** What the threshold was held against, per frame. */
  scores: Float64Array
}

export interface DetectionContext extends Pick<Context, 'signal' | 'report' | 'warn' | 'children'> {
  /** What was measured of the first frames before. */
  known?: Frames | undefined
  /** Told of every thousand frames, in order: `pts` (ticks) and all measures. */
  onStretch?: (startFrame: number, measures: Record<string, Float64Array>) => void
}

/**
 * Finds scenes without a session: what `cutroom detect` runs.
 * @throws OperationError `no_frames` where nothing could be decoded, `unknown_detector`, or as `measureFilm`.
 */
export async function detectScenes(
  path: string,
  probe: Probe,
  settings: DetectionSettings,
  tools: Tools,
  context: DetectionContext,
): Promise<Detection> {
  const detector = findDetector(settings.detector)
  const { video, duration } = probe
  const expected = video.frames ?? Math.round((duration * video.frameRate.num) / video.frameRate.den)
  const report = (frames: number) => context.report(frames, Math.max(expected, frames), 'frames')
  const { timeBase, frameRate, codec, reordered } = video
  const found = await measureFilm(path, probe, measurements, tools, { ...context, report })
  const measured = { ...found, timeBase, frameRate, codec, reordered }
  const frames = measured.pts.length
  if (frames === 0) throw noFrames()
  const claimed = claimedFrames(probe)
  if (isShort(frames, claimed)) context.warn(fewerFrames(frames, claimed))
  return {
    frames,
    fps: snapRate(video.frameRate),
    timeBase: video.timeBase,
    ...frameTimes(measured),
    cuts: detector.decide(measured, settings),
    scores: detector.scores(measured),
  }
}

function findDetector(name: string): Detector {
  try {
    return detectorNamed(name)
  } catch (error) {
    throw new OperationError('unknown_detector', (error as Error).message, { cause: error })
  }
}

const noFrames = () =>
  new OperationError(
    'no_frames',
    'Not one frame of this video could be decoded, so there are no scenes to find; check that it plays.',
  )

/** A film that was trimmed without being encoded holds frames that its edit list hides: its length does not count them. */
const claimedFrames = ({ duration, video: { frames, frameRate } }: Probe) =>
  Math.min(frames ?? 0, duration > 0 ? Math.ceil((duration * frameRate.num) / frameRate.den) : Infinity)

/** Edit lists and the ends of streams leave out a few frames of any healthy file. */
const isShort = (frames: number, claimed: number) => claimed - frames > Math.max(5, claimed / 100)

const fewerFrames = (frames: number, claimed: number) =>
  `${frames} frames could be decoded where the file claims ${claimed}; what could not be read is not in the scenes.`

/** The last frame lasts as long as the average one. */
function frameTimes({ pts, timeBase, frameRate }: Measured): { times: Float64Array; duration: number } {
  const first = pts[0] ?? 0
  const times = pts.map((value) => ((value - first) * timeBase.num) / timeBase.den)
  return { times, duration: (times.at(-1) ?? 0) + frameRate.den / frameRate.num }
}
