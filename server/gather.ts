/**
 * Gathers the rows that pages and the event stream are rendered from.
 */

import { clipRate } from '../db/clip_rate.ts'
import { damageOf, proofOf, shownFiles } from '../db/files.ts'
import { editsOf } from '../db/room_edits.ts'
import { operationsOf } from '../db/operations.ts'
import { countEnded, finishedLately, openGlances, rdFolder } from '../db/overview.ts'
import { findPreset } from '../db/presets.ts'
import { groupsOf, scenesOf } from '../db/scenes.ts'
import type { Db } from '../db/schema.ts'
import { findSession, sessionProgress } from '../db/sessions.ts'
import type { HomeData, SessionData } from '../templates/data.ts'
import { isChoosable } from '../templates/scene_grid.tsx'
import { detectorOffers } from './commands/room.ts'
import { found } from './errors.ts'
import type { Services } from './services.ts'

type Gathering = Pick<Services, 'db' | 'sessions' | 'estimates'>

/** Everything of one session; undefined where there is none of that key. */
export async function gatherSession(
  { db, sessions, estimates }: Gathering,
  key: string,
): Promise<SessionData | undefined> {
  const session = await findSession(db, key)
  if (!session) return undefined
  const progress = await sessionProgress(db, session.id)
  if (!progress) return undefined
  const preset = await findPreset(db, session.preset_key)
  const operations = await operationsOf(db, session.id)
  const [scenes, groups] = [await scenesOf(db, session.id), await groupsOf(db, session.id)]
  return {
    session,
    progress,
    operations,
    clipRate: isChoosable({ session, operations })
      ? ((await clipRate(db, session)) ?? (await estimates.clipRate({ session, operations, scenes, groups })))
      : null,
    expectation: await estimates.ofSession({ session, operations, scenes, groups }),
    scenes,
    groups: groups.map(({ key, name, scenes }) => ({ key, name, scenes })),
    edits: await editsOf(db, session),
    detectors: await detectorOffers(db, session),
    files: await shownFiles(db, session.id),
    proof: await proofOf(db, session.id),
    damage: await damageOf(db, session.id),
    presetName: preset?.name ?? session.preset_key,
    rdFolder: await rdFolder(db, session),
    folder: await sessions.outputFolder(session),
  }
}

/** @throws AppError `session_not_found`. */
export const sessionData = async (services: Gathering, key: string): Promise<SessionData> =>
  found(await gatherSession(services, key), 'session_not_found')

/** More cards than this are no overview; the rest is found in time. */
const mostCards = 24
const mostFinished = 10

/** The lists of the start page. */
export async function gatherHome(db: Db): Promise<HomeData> {
  const { waiting, running } = await openGlances(db, mostCards)
  return {
    waiting,
    running,
    finished: await finishedLately(db, mostFinished),
    ended: await countEnded(db),
  }
}
