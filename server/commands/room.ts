/**
 * The review room's reasoning: what a threshold would find and cost, how many scenes there are at each, and which to suggest.
 */

import { addCut, findCuts, moveCut, type Place, weighCuts } from '../../db/cuts.ts'
import { type CutRow, readRoom, type RoomState } from '../../db/room_state.ts'
import { lastThresholds } from '../../db/room_edits.ts'
import type { Db, Session } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import type { DetectorOffer } from '../../templates/data.ts'
import type { Detector } from '../../workers/detectors/detector.ts'
import { detectors } from '../../workers/detectors/mod.ts'
import { type Gap, plotTop, thresholdStep, widestGap } from '../../workers/media/score_plot.ts'
import { AppError } from '../errors.ts'
import type { MeasuredFilm, Services } from '../services.ts'
import { cutsIn, filmOf, timeOf } from './recut.ts'
import { usualThreshold } from './settings.ts'

type Ground = Pick<Services, 'db' | 'measures'>

/** How cuts are looked for. */
export interface Search {
  detector: Detector
  threshold: number
  /** Frames. */
  shortest: number
}

/** Where each detector's line lies: as it was used last in the session, else as the settings have it. */
export async function linesOf(db: Db, session: Session): Promise<Map<string, number>> {
  const chosen = await settings(db)
  const usual = detectors.map((detector) => [detector.name, usualThreshold(detector, chosen)] as const)
  const used = await lastThresholds(db, session.id)
  return new Map([...usual, ...used, [session.detector, session.threshold]])
}

/** What a session's cuts were found with, or what is given instead. @throws AppError `bad_input`. */
export async function searchOf(
  db: Db,
  session: Session,
  given: { detector?: string | undefined; threshold?: number | undefined; shortest?: number | undefined },
): Promise<Search> {
  const name = given.detector ?? session.detector
  const detector = detectors.find((one) => one.name === name)
  if (!detector)
    throw new AppError('bad_input', { field: 'detector', detail: `there is no detector “${name}”` })
  const threshold = given.threshold ?? (await linesOf(db, session)).get(name) ?? detector.threshold.default
  const { least, most } = detector.threshold
  if (threshold < least || threshold > most)
    throw new AppError('bad_input', { field: 'threshold', detail: `it goes from ${least} to ${most}` })
  return { detector, threshold, shortest: given.shortest ?? session.min_scene_length }
}

export interface Trial {
  /** First frames of all scenes there would be, ascending. */
  frames: number[]
  /** What a person made that would go. */
  losses: Loss[]
}

/** Something that hangs on a cut that would go. */
export interface Loss {
  kind: 'star' | 'note' | 'group' | 'tick'
  /** The scene's number as it is now. */
  scene: number
  /** The note, the group's name, or whether it is ticked. */
  about: string
}

/** What this search would come to; nothing is written. @throws AppError `not_measured`. */
export async function tryCuts({ db, measures }: Ground, session: Session, search: Search): Promise<Trial> {
  const film = await measures.of(session.id, search.detector)
  return trialOf(await readRoom(db, session.id), foundIn(film, search))
}

function trialOf(room: RoomState, found: Place[]): Trial {
  const { gone, fresh } = weighCuts(room, found)
  const left = [...room.cuts.values()].filter((cut) => !gone.includes(cut))
  return {
    frames: [...left, ...fresh].map(({ frame }) => frame).sort((a, b) => a - b),
    losses: lossesOf(room, gone),
  }
}

/**
 * Cuts anew. Where that would cost what a person made, nothing is done unless `sure`, and the losses are returned.
 * @throws AppError `not_measured`, ChoiceError as `findCuts`.
 */
export async function recutRoom(
  { db, measures }: Ground,
  session: Session,
  search: Search,
  { sure, seen }: { sure: boolean; seen?: number | undefined },
): Promise<Trial | undefined> {
  const cuts = foundIn(await measures.of(session.id, search.detector), search)
  await measures.pause()
  const settings = {
    detector: search.detector.name,
    threshold: search.threshold,
    min_scene_length: search.shortest,
  }
  const look = (room: RoomState) => {
    const trial = trialOf(room, cuts)
    if (trial.losses.length > 0) throw new Costly(trial)
  }
  try {
    await findCuts(db, session.id, { settings, cuts }, { seen, look: sure ? undefined : look })
  } catch (error) {
    if (error instanceof Costly) return error.trial
    throw error
  }
  await measures.pause()
  return undefined
}

/** Leaves all as it was: what it would cost is asked about first. */
class Costly extends Error {
  readonly trial: Trial
  constructor(trial: Trial) {
    super('Cutting anew would cost something.')
    this.trial = trial
  }
}

const foundIn = (film: MeasuredFilm, { detector, threshold, shortest }: Search): Place[] =>
  cutsIn(film, detector, { threshold, minSceneLength: shortest })

function lossesOf({ cuts, groups }: RoomState, gone: CutRow[]): Loss[] {
  const leaving = new Set(gone)
  const all = [...cuts.values()]
  let joined = all[0]
  return all.flatMap((cut, index) => {
    if (!leaving.has(cut)) {
      joined = cut
      return []
    }
    const scene = index + 1
    const losses: Loss[] = []
    if (cut.starred) losses.push({ kind: 'star', scene, about: '' })
    if (cut.note) losses.push({ kind: 'note', scene, about: cut.note })
    groups.forEach((group, place) => {
      if (group.cuts.includes(cut.id))
        losses.push({ kind: 'group', scene, about: group.name ?? `Group ${place + 1}` })
    })
    if (cut.ticked !== joined?.ticked)
      losses.push({ kind: 'tick', scene, about: cut.ticked ? 'ticked' : 'not ticked' })
    return losses
  })
}

export interface Curve {
  /** The score at the top of the plot, and the steps the line moves by. */
  top: number
  step: number
  /** How many scenes there are at each threshold, from the lowest up. */
  points: [threshold: number, scenes: number][]
  suggestion: { threshold: number; scenes: number; gap: Gap } | null
}

const curvePoints = 48

/** How many scenes there would be at each threshold, and one that this film suggests. @throws AppError `not_measured`. */
export async function thresholdCurve(ground: Ground, session: Session, search: Search): Promise<Curve> {
  const { db, measures } = ground
  const { detector, shortest } = search
  const film = await measures.of(session.id, detector)
  const scores = detector.scores(film)
  const top = plotTop(scores, detector.threshold, search.threshold)
  const step = thresholdStep(top)
  const room = await readRoom(db, session.id)
  const count = async (threshold: number) => {
    const found = await foundFrames(ground, film, { detector, threshold, shortest })
    return scenesWith(room, found)
  }
  const points: Curve['points'] = []
  for (let i = 1; i <= curvePoints; i++) {
    const threshold = Math.max(detector.threshold.least, (top * i) / curvePoints)
    points.push([Number(threshold.toPrecision(6)), await count(threshold)])
  }
  const gap = widestGap(scores, detector.threshold.default, Math.max(1, shortest), detector.side)
  const threshold = gap && Number((Math.round((gap.from + gap.to) / 2 / step) * step).toPrecision(6))
  return {
    top,
    step,
    points,
    suggestion: gap && threshold !== undefined ? { threshold, scenes: await count(threshold), gap } : null,
  }
}

/** Kept with the film: the curve is asked for again whenever somebody comes. */
async function foundFrames({ measures }: Ground, film: MeasuredFilm, search: Search): Promise<number[]> {
  const name = `${search.detector.name} ${search.threshold} ${search.shortest}`
  const known = film.remembered.get(name) as number[] | undefined
  if (known) return known
  const found = foundIn(film, search).map(({ frame }) => frame)
  if (film.remembered.size > mostRemembered) film.remembered.clear()
  film.remembered.set(name, found)
  await measures.pause()
  return found
}

const mostRemembered = 1000

function scenesWith({ cuts, removed }: RoomState, found: number[]): number {
  const all = new Set(found)
  for (const frame of removed) all.delete(frame)
  for (const { origin, frame } of cuts.values()) if (origin !== 'detector') all.add(frame)
  return all.size
}

/** How many scenes each detector finds where its line lies. */
export async function scenesByDetector(ground: Ground, session: Session): Promise<Map<string, number>> {
  const room = await readRoom(ground.db, session.id)
  const lines = await linesOf(ground.db, session)
  const counts = new Map<string, number>()
  for (const { name } of detectors) {
    const search = await searchOf(ground.db, session, { detector: name, threshold: lines.get(name) })
    try {
      const film = await ground.measures.of(session.id, search.detector)
      counts.set(name, scenesWith(room, await foundFrames(ground, film, search)))
    } catch (error) {
      // An earlier version did not measure what this one reads.
      if (!(error instanceof AppError && error.code === 'not_measured')) throw error
    }
  }
  return counts
}

/**
 * Lets a scene begin at this frame.
 * @throws AppError `bad_input` outside of the film, ChoiceError as `addCut`.
 */
export async function splitAt(ground: Ground, session: Session, frame: number, seen?: number): Promise<void> {
  await addCut(ground.db, session.id, await placeOf(ground, session, frame), seen)
}

/** Moves the beginning of a scene. @throws AppError `bad_input` outside of the film, ChoiceError as `moveCut`. */
export async function moveTo(
  ground: Ground,
  session: Session,
  cutId: number,
  move: { from: number; to: number },
): Promise<void> {
  await moveCut(ground.db, session.id, cutId, await placeOf(ground, session, move.to), move.from)
}

/** A frame with its time as it was measured. */
async function placeOf(ground: Ground, session: Session, frame: number): Promise<Place> {
  const { frames } = await filmOf(ground.db, session.id)
  if (frame < 1 || frame >= frames)
    throw new AppError('bad_input', { field: 'frame', detail: `the film has frames 0 to ${frames - 1}` })
  return { frame, time: timeOf(await timedFilm(ground, session), frame) }
}

/** Its frames with their times; at an even pace where detection has failed. @throws AppError `not_measured` before it ends. */
async function timedFilm(
  { db, measures }: Ground,
  session: Session,
): Promise<Pick<MeasuredFilm, 'pts' | 'timeBase' | 'frameRate'>> {
  try {
    return await measures.of(session.id, anyDetector)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'not_measured')) throw error
    const { frames, frameRate } = await filmOf(db, session.id)
    const pts = Float64Array.from({ length: frames }, (_, frame) => frame)
    return { pts, timeBase: { num: frameRate.den, den: frameRate.num }, frameRate }
  }
}

/** Reads little: only times are wanted. */
const anyDetector: Pick<Detector, 'reads'> = { reads: [] }

/** Frames whose first and last times are not where an even pace would have them. */
export async function frameTimes(
  ground: Ground,
  session: Session,
): Promise<{ rate: number; even: boolean; times: Float64Array }> {
  const film = await timedFilm(ground, session)
  const rate = film.frameRate.num / film.frameRate.den
  const times = film.pts.map((_, frame) => timeOf(film, frame))
  const even = times.every((time, frame) => Math.abs(time - frame / rate) < 0.4 / rate)
  return { rate, even, times }
}

/** For pages. */
export async function detectorOffers(db: Db, session: Session): Promise<DetectorOffer[]> {
  const lines = await linesOf(db, session)
  return detectors.map(({ name, summary, threshold }) => ({
    ...{ name, summary, threshold },
    line: lines.get(name) ?? threshold.default,
  }))
}
