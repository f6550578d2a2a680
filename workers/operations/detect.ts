/**
 * Finds the cuts of a video, and keeps what was measured so that another threshold needs no decode.
 */

import { type Detector, detectorNamed, type Measured, type Measurer } from '../detectors/detector.ts'
import { contentScores } from '../detectors/content.ts'
import { snapRate } from '../detectors/frame_clock.ts'
import type { SmallPicture } from '../detectors/sampler.ts'
import { readFrames, smallSize } from '../frame_reader.ts'
import type { Probe, VideoStream } from '../media/probe.ts'
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
  const found = await detectScenes(path, probe, settings, job.tools, { ...context, onStretch })
  await Promise.all(pending)
  const { frames, duration, timeBase, times } = found
  await context.emit({ kind: 'source', frames, duration, timeBase: fractionText(timeBase) })
  const cuts = [0, ...found.cuts].map((frame) => ({ frame, time: times[frame] ?? 0 }))
  await context.emit({ kind: 'cuts', cuts })
  return { settings: { ...settings, ...smallSize(probe.video) } }
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
  /** Told of every thousand frames, in order: `pts` (ticks) and the detector's measures. */
  onStretch?: (startFrame: number, measures: Record<string, Float64Array>) => void
}

/**
 * Finds scenes without a session: what `cutroom detect` runs.
 * @throws OperationError `no_frames` where nothing could be decoded, `unknown_detector`, or as `readFrames`.
 */
export async function detectScenes(
  path: string,
  { video, duration }: Probe,
  settings: DetectionSettings,
  tools: Tools,
  context: DetectionContext,
): Promise<Detection> {
  const detector = findDetector(settings.detector)
  const expected = video.frames ?? Math.round((duration * video.frameRate.num) / video.frameRate.den)
  const report = (frames: number) => context.report(frames, Math.max(expected, frames), 'frames')
  const film = startFilm(detector, report, context.onStretch)
  await readFrames(path, video, tools, context, film)
  const measured = film.finish(video)
  const frames = measured.pts.length
  if (frames === 0) throw noFrames()
  if (video.frames && isShort(frames, video.frames)) context.warn(fewerFrames(frames, video.frames))
  return {
    frames,
    fps: snapRate(video.frameRate),
    timeBase: video.timeBase,
    ...frameTimes(measured),
    cuts: detector.decide(measured, settings),
    scores: contentScores(measured),
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

const stretch = 1000

/** Collects measures frame by frame; PTS arrive on their own and are matched by order. */
function startFilm(
  detector: Detector,
  report: (frames: number) => void,
  onStretch: DetectionContext['onStretch'],
) {
  const values = new Float64Array(detector.measures.length)
  const pts = column()
  const measures = detector.measures.map(column)
  const columns: [string, Column][] = [
    ['pts', pts],
    ...detector.measures.map((name, i): [string, Column] => [name, measures[i] ?? column()]),
  ]
  const measured = () => measures[0]?.length ?? 0
  let measure: Measurer = () => undefined
  let told = 0
  const tell = (least: number) => {
    const ready = Math.min(pts.length, measured())
    while (ready - told >= least) {
      const end = Math.min(told + stretch, ready)
      onStretch?.(told, Object.fromEntries(columns.map(([name, data]) => [name, data.slice(told, end)])))
      told = end
    }
  }
  return {
    onStart(small: SmallPicture) {
      measure = detector.measurer(small)
    },
    onFrame() {
      measure(values)
      measures.forEach((data, i) => data.push(values[i] ?? 0))
      report(measured())
      tell(stretch)
    },
    onPts(value: number) {
      pts.push(value)
      tell(stretch)
    },
    finish({ timeBase, frameRate, codec, reordered }: VideoStream): Measured {
      tell(1)
      const ready = Math.min(pts.length, measured())
      const all = columns.map(([name, data]) => [name, data.slice(0, ready)] as const)
      const found = { pts: pts.slice(0, ready), measures: Object.fromEntries(all) }
      return { ...found, timeBase, frameRate, codec, reordered }
    },
  }
}

/** A growing list of float64. */
interface Column {
  length: number
  push(value: number): void
  slice(from: number, to: number): Float64Array
}

function column(): Column {
  let data = new Float64Array(4096)
  let length = 0
  return {
    get length() {
      return length
    },
    push(value) {
      if (length === data.length) {
        const grown = new Float64Array(2 * length)
        grown.set(data)
        data = grown
      }
      data[length++] = value
    },
    slice: (from, to) => data.slice(from, to),
  }
}
