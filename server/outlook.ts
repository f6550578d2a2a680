/**
 * What is known of an archive's size before its work is done, from the rows of its session.
 */

import { masterFacts, sceneRate } from '../db/estimates.ts'
import { groupsOf, scenesOf } from '../db/scenes.ts'
import type { Db, Scene, Session } from '../db/schema.ts'
import { framesOf, type Outlook } from '../workers/media/estimates.ts'
import { presetSettings } from '../workers/media/presets.ts'
import type { Probe } from '../workers/media/probe.ts'

/** Scenes a second of film, before history tells: one in four seconds. */
const usualSceneRate = 1 / 4

interface Chosen {
  scenes: readonly Scene[]
  groups: readonly { scenes: readonly number[] }[]
}

/**
 * Undefined until the master was looked at. Before there are scenes, all of the film counts as chosen.
 * @param chosen the session's scenes and groups, where they have been read already.
 */
export async function outlookOf(db: Db, session: Session, chosen?: Chosen): Promise<Outlook | undefined> {
  const master = await masterFacts(db, session.id)
  if (!master) return undefined
  const scenes = chosen?.scenes ?? (await scenesOf(db, session.id))
  const groups = chosen?.groups ?? (await groupsOf(db, session.id))
  const preset = presetSettings.parse(JSON.parse(session.preset_settings))
  const { probe, frames } = master
  const research = session.rd_bytes ?? 0
  const sure = { probe, preset, encoder: session.encoder, frames: frames ?? framesOf(probe), research }
  if (scenes.length === 0) return { ...sure, ...(await unseenScenes(db, sure.frames, probe)) }
  const lengthOf = (scene: (typeof scenes)[number]) => scene.end_frame - scene.start_frame
  const played = [
    ...scenes.filter(({ ticked }) => ticked === 1),
    ...groups.flatMap((group) => scenes.filter(({ number }) => group.scenes.includes(number))),
  ]
  const clipFrames = played.reduce((sum, scene) => sum + lengthOf(scene), 0)
  return { ...sure, scenes: scenes.length, clipFrames }
}

/** The outlook on an archive that has not been ordered yet. */
export async function outlookOn(
  db: Db,
  order: Pick<Outlook, 'probe' | 'preset' | 'encoder' | 'research'>,
): Promise<Outlook> {
  const frames = framesOf(order.probe)
  return { ...order, frames, ...(await unseenScenes(db, frames, order.probe)) }
}

async function unseenScenes(db: Db, frames: number, { duration }: Probe) {
  const rate = (await sceneRate(db)) ?? usualSceneRate
  return { scenes: Math.max(1, Math.round(duration * rate)), clipFrames: frames }
}
