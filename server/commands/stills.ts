/**
 * Which frame of a scene becomes its still: three that would do, and the one that is picked.
 */

import { filesInRoles, type LocatedFile } from '../../db/files.ts'
import type { Db, Scene, Session } from '../../db/schema.ts'
import { pickStill, sceneOfCut } from '../../db/stills.ts'
import type { StillChoice } from '../../templates/stills_panel.tsx'
import type { Probe } from '../../workers/media/probe.ts'
import { rankStills } from '../../workers/media/still_candidates.ts'
import { chooseFrame, middleFrame } from '../../workers/media/stills.ts'
import { fraction } from '../../workers/media/timecode.ts'
import { AppError, found } from '../errors.ts'
import type { Services } from '../services.ts'
import { timeOf } from './recut.ts'

type Ground = Pick<Services, 'db' | 'measures'>

/** @throws AppError `scene_not_found`, `not_measured` before detection came to its end. */
export async function stillChoice(ground: Ground, session: Session, cutId: number): Promise<StillChoice> {
  const scene = found(await sceneOfCut(ground.db, session.id, cutId), 'scene_not_found')
  const { looks, times, duration, timing } = await measured(ground, session)
  const [startFrame, endFrame] = [scene.start_frame, scene.end_frame]
  const place = { startFrame, endFrame, startTime: scene.start_time, endTime: scene.end_time }
  const told = { ...place, number: scene.number, ticked: scene.ticked === 1, pickedFrame: scene.still_frame }
  const frames = { times, brightness: looks.brightness, duration }
  const { frame, time } = chooseFrame(told, frames)
  return {
    session,
    scene,
    timing,
    frame,
    time,
    isMiddle: frame === middleFrame(told, frames),
    isPicked: scene.still_frame !== null,
    candidates: rankStills(place, looks),
  }
}

/**
 * Picks a frame, or with null the one in the middle again. A frame outside the scene is the nearest one inside.
 * @throws AppError `scene_not_found`.
 */
export async function pick(db: Db, session: Session, cutId: number, frame: number | null): Promise<void> {
  const scene = found(await sceneOfCut(db, session.id, cutId), 'scene_not_found')
  await pickStill(db, session.id, scene, frame === null ? null : within(scene, frame))
}

const within = ({ start_frame, end_frame }: Scene, frame: number) =>
  Math.max(start_frame, Math.min(frame, end_frame - 1))

async function measured({ db, measures }: Ground, session: Session) {
  const [source] = await filesInRoles(db, session.id, ['source'])
  if (!source || source.duration === null) throw new AppError('not_measured')
  const film = await measures.of(session.id, { reads: ['brightness'] })
  const { brightness = none } = film.measures
  const [luma, sharpness] = [await ifTaken('luma'), await ifTaken('sharpness')]
  return {
    looks: { brightness, luma, sharpness },
    times: film.pts.map((_, frame) => timeOf(film, frame)),
    duration: source.duration,
    timing: { rate: fraction(source.frame_rate) ?? { num: 25, den: 1 }, variable: isUneven(source) },
  }

  /** Earlier versions measured less. */
  async function ifTaken(name: string): Promise<Float64Array> {
    try {
      return (await measures.of(session.id, { reads: [name] })).measures[name] ?? none
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_measured') return none
      throw error
    }
  }
}

const none = new Float64Array(0)

/** By the source's probe, as all pages tell places of it. */
const isUneven = ({ probe }: Pick<LocatedFile, 'probe'>) =>
  probe !== null && (JSON.parse(probe) as Probe).video.variable
