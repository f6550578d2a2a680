/**
 * Handing scenes over to other programs, and taking lists of cuts from them.
 */

import { importCuts } from '../../db/cuts.ts'
import { filesInRoles } from '../../db/files.ts'
import { groupsOf, scenesOf } from '../../db/scenes.ts'
import type { Db, Scene, Session } from '../../db/schema.ts'
import type { HandOff, HandOffFormat } from '../../workers/media/handoff/hand_off.ts'
import { handOffFormat, handOffFormats, readCuts } from '../../workers/media/handoff/mod.ts'
import type { Probe } from '../../workers/media/probe.ts'
import type { Fraction } from '../../workers/media/timecode.ts'
import { AppError } from '../errors.ts'
import { filmOf, measuresOf, timeOf } from './recut.ts'

/** Which scenes: all, those that are ticked, or those of one group in its order. */
export type Which = { what: 'scenes' } | { what: 'selection' } | { what: 'group'; group: string }

/** @throws AppError `not_measured` before the master was looked at, `group_not_found`. */
export async function handOffOf(db: Db, session: Session, which: Which): Promise<HandOff> {
  const { master, probe, frames, duration } = await masterOf(db, session)
  return {
    title: session.artwork,
    master,
    rate: probe.video.frameRate,
    variable: probe.video.variable,
    startTimecode: probe.startTimecode,
    frames,
    duration,
    scenes: (await chosen(db, session, which)).map((scene) => ({
      number: scene.number,
      startFrame: scene.start_frame,
      endFrame: scene.end_frame,
      start: scene.start_time,
      end: scene.end_time,
      note: scene.note,
    })),
  }
}

/** In playing order. @throws AppError `group_not_found`. */
export async function chosen(db: Db, session: Session, which: Which): Promise<Scene[]> {
  const scenes = await scenesOf(db, session.id)
  if (which.what === 'scenes') return scenes
  if (which.what === 'selection') return scenes.filter(({ ticked }) => ticked === 1)
  const wanted = which.group
  const group = (await groupsOf(db, session.id)).find(({ key }) => key === wanted)
  if (!group) throw new AppError('group_not_found')
  return group.scenes.flatMap((number) => scenes.find((scene) => scene.number === number) ?? [])
}

async function masterOf(db: Db, session: Session) {
  const files = await filesInRoles(db, session.id, ['source', 'master'])
  const source = files.find(({ role }) => role === 'source')
  const probed = files.find(({ role }) => role === 'master')?.probe ?? source?.probe
  if (!source || !probed) throw new AppError('not_measured')
  const probe = JSON.parse(probed) as Probe
  const rate = probe.video.frameRate
  const duration = source.duration ?? probe.duration
  const frames = source.frames ?? probe.video.frames ?? Math.round((duration * rate.num) / rate.den)
  return { master: source.path.split('/').at(-1) ?? source.path, probe, frames, duration }
}

/** @throws AppError `bad_input` that names those there are. */
export function formatNamed(name: string): HandOffFormat {
  const format = handOffFormat(name)
  if (format) return format
  const names = handOffFormats.map((known) => known.name).join(', ')
  throw new AppError('bad_input', {
    field: 'format',
    detail: `there is no format “${name}”; there are ${names}`,
  })
}

export interface Imported {
  /** Scenes that the list names. */
  scenes: number
  /** Cuts that were not there before. */
  added: number
}

/**
 * Adds the cuts of a list to a session's own. Cuts that are there already keep all that was made of them; nothing goes.
 * @throws AppError `bad_input` that names the line, `not_measured`; ChoiceError once the choice is made.
 */
export async function importList(db: Db, session: Session, text: string, seen?: number): Promise<Imported> {
  const { probe, frames } = await masterOf(db, session)
  const { startTimecode, video } = probe
  const times = (await measuredTimes(db, session)) ?? evenTimes(frames, video.frameRate)
  const film = { rate: video.frameRate, variable: video.variable, startTimecode, times }
  const cuts = read(text, film)
  const places = cuts.map((frame) => ({ frame, time: times[frame] ?? 0 }))
  return { scenes: cuts.length, added: await importCuts(db, session.id, places, seen) }
}

/** Seconds of each frame; undefined where detection did not come to its end, so that cuts may still be loaded. */
async function measuredTimes(db: Db, session: Session): Promise<Float64Array | undefined> {
  try {
    const film = await filmOf(db, session.id)
    const { pts } = await measuresOf(db, film, [])
    return pts.map((_, frame) => timeOf({ ...film, pts }, frame))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_measured') return undefined
    throw error
  }
}

const evenTimes = (frames: number, { num, den }: Fraction) =>
  Float64Array.from({ length: frames }, (_, frame) => (frame * den) / num)

function read(text: string, film: Parameters<typeof readCuts>[1]): number[] {
  try {
    return readCuts(text, film)
  } catch (cause) {
    throw new AppError('bad_input', { field: 'list', detail: (cause as Error).message, cause })
  }
}
