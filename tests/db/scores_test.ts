/**
 * Measures come back as they were stored, and only as far as they are whole.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Db, Session } from '../../db/schema.ts'
import { readMeasured, readScores, saveScores } from '../../db/scores.ts'
import { addFile, addSession, freshDatabase } from './fixture.ts'

const scores = suite<{ db: Db; session: Session; file: number }>('scores')

scores.before.each(async (context) => {
  context.db = await freshDatabase()
  context.session = await addSession(context.db)
  context.file = await addFile(context.db, context.session, { role: 'source', path: 'a.mov' })
})
scores.after.each(({ db }) => db.destroy())

const stretch = (...pts: number[]) => ({
  pts: Float64Array.from(pts),
  hue: Float64Array.from(pts, (value) => value / 3),
})

function save(db: Db, session: Session, startFrame: number, measures: Record<string, Float64Array>) {
  return db.transaction().execute((tx) => saveScores(tx, session.id, startFrame, measures))
}

scores('stretches come back joined', async ({ db, session, file }) => {
  assert.equal(await readMeasured(db, file), {})
  await save(db, session, 0, stretch(1, 2))
  await save(db, session, 2, stretch(3))
  assert.equal(await readMeasured(db, file), stretch(1, 2, 3))
  assert.equal(await readScores(db, file, 'pts'), Float64Array.of(1, 2, 3))
  assert.is(await readScores(db, file, 'luma'), undefined)
})

scores('only what is asked for is read', async ({ db, session, file }) => {
  await save(db, session, 0, stretch(1, 2))
  assert.equal(await readMeasured(db, file, ['pts', 'luma']), { pts: Float64Array.of(1, 2) })
})

scores('what comes behind a gap is not taken for what was there', async ({ db, session, file }) => {
  await save(db, session, 0, stretch(1, 2))
  await save(db, session, 3, stretch(4))
  assert.equal(await readMeasured(db, file), stretch(1, 2))
})

scores('a stretch that begins at frame 0 begins anew', async ({ db, session, file }) => {
  await save(db, session, 0, stretch(1, 2))
  await save(db, session, 2, stretch(3))
  await save(db, session, 0, stretch(7))
  assert.equal(await readMeasured(db, file), stretch(7))
})

scores.run()
