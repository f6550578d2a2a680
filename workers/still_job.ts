/**
 * What the operations that make stills share: the video they come from, and what is said of each.
 */

import path from 'node:path'
import { aspectSuffix } from './media/naming.ts'
import { type Description, describe, type Subject } from './media/metadata.ts'
import type { Probe } from './media/probe.ts'
import { squareSize } from './media/still_picture.ts'
import { countedFrame, timecode } from './media/timecode.ts'
import { type Frames, type Job, type JobFile, OperationError } from './operation.ts'

/** The video that pictures are taken from: the verified copy, or, where there is none, the source. */
export interface PictureSource {
  file: JobFile
  probe: Probe
  frames: Frames
}

/** @throws OperationError `not_detected` where probing or detection has not been done. */
export function pictureSource(job: Job): PictureSource {
  const file = role(job, 'master') ?? role(job, 'source')
  const probe = file?.probe ?? role(job, 'source')?.probe
  if (!file || !probe || !job.frames)
    throw new OperationError(
      'not_detected',
      'There is no list of frames to take stills from: scene detection has not finished. Retry it first.',
    )
  return { file, probe, frames: job.frames }
}

const role = ({ files }: Job, wanted: JobFile['role']) => files.find((file) => file.role === wanted)

/** The suffix of names: what the session says, else what the picture is. */
export function aspectOf({ session }: Job, { probe }: Pick<PictureSource, 'probe'>): string {
  const { width, height } = squareSize(probe.video)
  return session.aspect ?? aspectSuffix(width, height)
}

/**
 * The timecode that an output of this frame says of itself: the master's own clock, by a frame's time where they are uneven
 * and their times are known.
 */
export function timecodeAt({ video, startTimecode }: Probe, frames: Frames | null, frame: number): string {
  const { frameRate: rate, variable } = video
  const time = frames?.times[frame]
  const counted = time === undefined ? frame : countedFrame({ frame, time }, { rate, variable })
  return timecode(counted, rate, startTimecode ?? undefined)
}

/** What a still says of itself. */
export function stillDescription(
  job: Job,
  source: PictureSource,
  still: { scene: number; frame: number; settings: Record<string, unknown> },
): Description {
  return describe({
    ...subjectOf(job),
    ...still,
    timecode: timecodeAt(source.probe, source.frames, still.frame),
  })
}

/** What every output of a session says of itself. */
export const subjectOf = (job: Job): Subject => ({
  artwork: job.session.artwork,
  projectDate: job.session.projectDate,
  copyright: job.session.copyright,
  sourceName: path.basename((role(job, 'source') ?? role(job, 'master'))?.path ?? ''),
  createdAt: job.session.createdAt,
})
