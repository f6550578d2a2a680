import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureRoot } from '../../../db/roots.ts'
import type { Db, Session } from '../../../db/schema.ts'
import { applyRetention, planRetention, removedInWords } from '../../../server/upkeep/retention.ts'
import { addArchive, addFile, addSession, freshDatabase, operationId, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'

interface Context {
  db: Db
  pictures: string
  output: string
}

const retention = suite<Context>('retention')

retention.before.each(async (context) => {
  const place = folder()
  const db = await freshDatabase()
  Object.assign(context, { db, pictures: path.join(place, 'pictures'), output: path.join(place, 'output') })
  await ensureRoot(db, 'output', context.output)
})
retention.after.each(({ db }) => db.destroy())

const limits = { unfinishedDays: 30, finishedDays: 60, historyDays: 90, logDays: 30, at: 'now' }
const stay = { limits, withOutputs: false }
const go = { limits, withOutputs: true }

/** A session in this state that nothing was done with for so many days, with an output and a picture on disk. */
async function aged({ db, pictures, output }: Context, status: Session['status'], days: number) {
  const root = await ensureRoot(db, 'output', output)
  const session = await addSession(db, { output_root_id: root.id, output_path: `${status}_${days}` })
  const project = path.join(output, session.output_path ?? '')
  mkdirSync(path.join(pictures, session.key), { recursive: true })
  mkdirSync(project, { recursive: true })
  writeFileSync(path.join(pictures, session.key, '1.jpg'), 'p'.repeat(10))
  writeFileSync(path.join(project, 'clip.mp4'), 'c'.repeat(100))
  writeFileSync(path.join(project, 'mine.txt'), 'a person put it there')
  const made = { root_id: root.id, operation_id: await operationId(db, session, 'clips'), bytes: 100 }
  await addFile(db, session, { ...made, role: 'clip', path: `${session.output_path}/clip.mp4` })
  await rows(db, `update operation set status = 'completed' where session_id = ${session.id}`)
  await rows(db, `update session set status = '${status}' where id = ${session.id}`)
  const then = `strftime('%Y-%m-%d %H:%M:%f', 'now', '-${days} days')`
  const ended = ['completed', 'failed', 'cancelled'].includes(status)
  await rows(
    db,
    `update session set updated_at = ${then}, completed_at = ${ended ? then : 'null'} where id = ${session.id}`,
  )
  await rows(db, `update history set completed_at = ${then} where session_id = ${session.id}`)
  return { ...session, project }
}

const keysIn = async (db: Db) =>
  (await rows<{ key: string }>(db, 'select key from session order by id')).map(({ key }) => key)

retention('the dry run names every session, row and file that goes, and changes nothing', async (context) => {
  const { db } = context
  await addArchive(db)
  const [failed, paused, done] = [
    await aged(context, 'failed', 31),
    await aged(context, 'paused', 40),
    await aged(context, 'completed', 61),
  ]
  await aged(context, 'failed', 29)
  await aged(context, 'completed', 59)
  const before = [await rows(db, 'select * from session'), await rows(db, 'select * from file')]
  const plan = await planRetention(context, go)
  assert.equal(
    plan.sessions.map(({ session }) => session),
    [failed.key, paused.key, done.key],
  )
  const [first] = plan.sessions
  assert.equal(first?.rows, { session: 1, operation: 4, file: 1 })
  assert.equal(first?.files, [
    { path: path.join(context.pictures, failed.key, '1.jpg'), bytes: 10 },
    { path: path.join(failed.project, 'clip.mp4'), bytes: 100 },
  ])
  assert.equal([plan.totals.rows, plan.totals.files, plan.totals.fileBytes], [18, 6, 330])
  assert.equal([await rows(db, 'select * from session'), await rows(db, 'select * from file')], before)
  assert.is((await planRetention(context, stay)).totals.fileBytes, 30, 'outputs stay unless asked for')
})

retention('what was named goes, and no output with it unless that was asked for', async (context) => {
  const { db } = context
  const [failed, done, young] = [
    await aged(context, 'failed', 31),
    await aged(context, 'completed', 61),
    await aged(context, 'completed', 1),
  ]
  const removed = await applyRetention(context, await planRetention(context, stay))
  assert.equal([removed.sessions, removed.fileBytes, removed.spared], [2, 20, []])
  assert.equal(await keysIn(db), [young.key])
  assert.equal(readdirSync(context.pictures), [young.key])
  assert.ok(existsSync(path.join(done.project, 'clip.mp4')))
  assert.is((await rows(db, 'select * from history where session_id is null')).length, 2, 'the history stays')
  assert.match(removedInWords(removed), 'Removed 2 sessions and 20 B of files')

  const old = await aged(context, 'cancelled', 100)
  await applyRetention(context, await planRetention(context, go))
  assert.equal(readdirSync(old.project), ['mine.txt'], 'what a person put there stays')
  assert.ok(existsSync(path.join(failed.project, 'clip.mp4')))
  assert.equal(await rows(db, 'pragma foreign_key_check'), [])
})

retention('a session that runs is not old, and one taken up after the dry run is spared', async (context) => {
  const { db } = context
  const [owned, touched, taken] = [
    await aged(context, 'processing', 50),
    await aged(context, 'failed', 50),
    await aged(context, 'failed', 50),
  ]
  const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`
  await rows(db, `update session set owner = 'x:1:1', heartbeat_at = ${now} where id = ${owned.id}`)
  const plan = await planRetention(context, stay)
  assert.equal(
    plan.sessions.map(({ session }) => session),
    [touched.key, taken.key],
  )
  await rows(db, `update session set status = 'processing' where id = ${touched.id}`)
  const later = await aged(context, 'failed', 50)
  const removed = await applyRetention(context, plan)
  assert.equal([removed.sessions, await keysIn(db)], [1, [owned.key, touched.key, later.key]])
})

retention('history moves to its archive, and comes back where its session goes on', async (context) => {
  const { db } = context
  const old = await aged(context, 'completed', 91)
  await aged(context, 'completed', 80)
  const plan = await planRetention(context, { ...stay, limits: { ...limits, finishedDays: 1000 } })
  assert.equal(
    plan.history.map(({ session }) => session),
    [old.key],
  )
  assert.is((await applyRetention(context, plan)).history, 1)
  assert.is((await rows(db, 'select * from history_archive')).length, 1)
  assert.is((await rows(db, 'select * from history')).length, 1)
})

retention(
  'only what steps warned of is cleared: what lineage, proof and estimates rest on stays',
  async (context) => {
    const { db } = context
    const old = await aged(context, 'completed', 40)
    await rows(db, `update operation set warnings = '["It flickers."]', settings = '{"crf":18}', seconds = 3`)
    await rows(db, `update operation set finished_at = '2020-01-01 00:00:00.000' where name = 'clips'`)
    const before = await rows(db, `select id, name, status, settings, seconds, finished_at from operation`)
    const history = await rows(db, 'select * from history')
    const plan = await planRetention(context, stay)
    assert.equal(plan.texts, [{ session: old.key, operation: 'clips', bytes: 16 }])
    assert.is((await applyRetention(context, plan)).texts, 1)
    assert.equal(
      await rows(db, `select id, name, status, settings, seconds, finished_at from operation`),
      before,
    )
    assert.is((await rows(db, `select id from operation where warnings = '[]'`)).length, 1)
    assert.equal(await rows(db, 'select * from history'), history)
    assert.is((await rows(db, 'select operation_id from file where operation_id is not null')).length, 1)
  },
)

retention.run()
