/**
 * Finds cuts in what was measured of a session's master: another threshold or another detector needs no decode.
 */

import { filesInRoles } from '../../db/files.ts'
import type { Db } from '../../db/schema.ts'
import { readMeasured } from '../../db/scores.ts'
import type { Detector, DetectorSettings, Measured } from '../../workers/detectors/detector.ts'
import { detectorNamed } from '../../workers/detectors/mod.ts'
import type { Probe } from '../../workers/media/probe.ts'
import type { DetectionSettings } from '../../workers/operations/detect.ts'
import { AppError } from '../errors.ts'

export interface Recut {
  /** Frame 0 first; `time` in seconds from the first frame's PTS. */
  cuts: { frame: number; time: number }[]
  /** What the threshold was held against, per frame. */
  scores: Float64Array
}

/**
 * The cuts that a detection with these settings would find; nothing is written. Reads no more than the detector does.
 * @throws AppError `not_measured` before all frames are, or where an earlier version did not measure what is needed;
 * Error where there is no such detector.
 */
export async function recut(db: Db, sessionId: number, settings: DetectionSettings): Promise<Recut> {
  const detector = detectorNamed(settings.detector)
  const film = await filmOf(db, sessionId)
  const measured = { ...film, ...(await measuresOf(db, film, detector.reads)) }
  return { cuts: cutsIn(measured, detector, settings), scores: detector.scores(measured) }
}

/** What is known of a film besides its frames' measures. */
export interface Film extends Pick<Measured, 'timeBase' | 'frameRate' | 'codec' | 'reordered'> {
  /** Of the row that its scores belong to. */
  fileId: number
  frames: number
}

/** @throws AppError `not_measured` before all frames of the session's master are. */
export async function filmOf(db: Db, sessionId: number): Promise<Film> {
  const files = await filesInRoles(db, sessionId, ['source', 'master'])
  const source = files.find(({ role }) => role === 'source')
  const probed = files.find(({ role }) => role === 'master')?.probe ?? source?.probe
  if (!source || !probed || source.frames === null) throw new AppError('not_measured')
  const { timeBase, frameRate, codec, reordered } = (JSON.parse(probed) as Probe).video
  return { fileId: source.id, frames: source.frames, timeBase, frameRate, codec, reordered }
}

/**
 * PTS and the measures of these names, of every frame.
 * @throws AppError `not_measured` where one is missing, or does not reach to the end.
 */
export async function measuresOf(
  db: Db,
  { fileId, frames }: Film,
  names: readonly string[],
): Promise<Pick<Measured, 'pts' | 'measures'>> {
  const { pts, ...measures } = await readMeasured(db, fileId, ['pts', ...names])
  const isWhole = (values?: Float64Array) => values?.length === frames
  if (!pts || !isWhole(pts) || !names.every((name) => isWhole(measures[name])))
    throw new AppError('not_measured')
  return { pts, measures }
}

/** Cuts of a film, frame 0 first. */
export const cutsIn = (measured: Measured, detector: Detector, settings: DetectorSettings): Recut['cuts'] =>
  [0, ...detector.decide(measured, settings)].map((frame) => ({ frame, time: timeOf(measured, frame) }))

/** Seconds from the first frame's PTS. */
export const timeOf = ({ pts, timeBase }: Pick<Measured, 'pts' | 'timeBase'>, frame: number) =>
  (((pts[frame] ?? 0) - (pts[0] ?? 0)) * timeBase.num) / timeBase.den
