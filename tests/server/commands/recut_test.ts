/**
 * Cuts out of stored measures are those of a detection, whatever detector and threshold.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Db, Session } from '../../../db/schema.ts'
import { updateSource } from '../../../db/files.ts'
import { saveScores } from '../../../db/scores.ts'
import { recut } from '../../../server/commands/recut.ts'
import { AppError } from '../../../server/errors.ts'
import { detectors } from '../../../workers/detectors/mod.ts'
import { detectScenes } from '../../../workers/operations/detect.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { addFile, addSession, freshDatabase } from '../../db/fixture.ts'
import { cutsClip, tools, witness } from '../../media.ts'

const recutting = suite<{ db: Db; session: Session }>('cuts out of what was measured')

recutting.before.each(async (context) => {
  context.db = await freshDatabase()
  context.session = await addSession(context.db)
  await addFile(context.db, context.session, { role: 'source', path: 'three.mp4' })
})
recutting.after.each(({ db }) => db.destroy())

const clip = () => cutsClip('three.mp4', [30, 40, 25])

/** Detects as a session does, and stores all that was measured but what `leaves` names. */
async function store(db: Db, session: Session, leaves: string[] = []): Promise<void> {
  const said = witness()
  const probe = await probeFile(clip(), await tools(), said)
  const pending: Promise<void>[] = []
  const onStretch = (start: number, measures: Record<string, Float64Array>) => {
    const kept = Object.fromEntries(Object.entries(measures).filter(([name]) => !leaves.includes(name)))
    pending.push(db.transaction().execute((tx) => saveScores(tx, session.id, start, kept)))
  }
  const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }
  const { frames } = await detectScenes(clip(), probe, settings, await tools(), { ...said, onStretch })
  await Promise.all(pending)
  await db
    .transaction()
    .execute((tx) => updateSource(tx, session.id, { frames, probe: JSON.stringify(probe) }))
}

recutting('are those of a new detection, for every detector', async ({ db, session }) => {
  await store(db, session)
  const said = witness()
  const probe = await probeFile(clip(), await tools(), said)
  for (const { name, threshold } of detectors) {
    for (const minSceneLength of [0, 35]) {
      const settings = { detector: name, threshold: threshold.default, minSceneLength }
      const fresh = await detectScenes(clip(), probe, settings, await tools(), said)
      const { cuts, scores } = await recut(db, session.id, settings)
      assert.equal(
        cuts,
        [0, ...fresh.cuts].map((frame) => ({ frame, time: fresh.times[frame] })),
        `${name}, ${minSceneLength}`,
      )
      assert.equal(scores, fresh.scores)
    }
  }
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((caught: unknown) => caught)
  return error instanceof AppError ? error.code : String(error)
}

recutting('need all that the detector reads, of all frames', async ({ db, session }) => {
  const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }
  assert.is(await codeOf(recut(db, session.id, settings)), 'not_measured')
  await store(db, session, ['hashDistance'])
  assert.is((await recut(db, session.id, settings)).cuts.length, 3)
  assert.is(await codeOf(recut(db, session.id, { ...settings, detector: 'hash' })), 'not_measured')
  await db.transaction().execute((tx) => updateSource(tx, session.id, { frames: 96 }))
  assert.is(await codeOf(recut(db, session.id, settings)), 'not_measured')
})

recutting.run()
