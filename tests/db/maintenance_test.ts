/**
 * Clean-up, shape, history and the small things: roots, keys, the feed.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changesAfter, lastEventId } from '../../db/events.ts'
import { findHistory, historyTotals, listHistory } from '../../db/history.ts'
import { newKey } from '../../db/keys.ts'
import { analyse, checkIntegrity, isSliced, reindex, vacuum } from '../../db/maintenance.ts'
import { ensureRoot, listRoots, rootById } from '../../db/roots.ts'
import type { Db } from '../../db/schema.ts'
import { folder } from '../media.ts'
import { addArchive, addSession, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite('maintenance')

const fill = (db: Db) =>
  rows(
    db,
    `insert into edit (command, subject, before) select 'x', 'y', json_quote(hex(zeroblob(200000))) from setting`,
  )

test('a vacuum gives space back in slices, while others read and write, and loses nothing', async () => {
  const db = await freshDatabase(path.join(folder(), 'state.db'))
  assert.ok(await isSliced(db))
  await fill(db)
  await rows(db, 'delete from edit')
  const settings = await rows(db, 'select * from setting')
  let turns = 0
  const other = setInterval(
    () => void rows(db, 'update preset set use_count = use_count + 1').then(() => turns++),
  )
  const { bytes } = await vacuum(db)
  clearInterval(other)
  assert.ok(bytes > 10_000_000, `${bytes} bytes`)
  assert.ok(turns > 2, `${turns} writes in between`)
  assert.is((await vacuum(db)).bytes, 0)
  assert.equal(await rows(db, 'select * from setting'), settings)
  await db.destroy()
})

test('a database from before slices is copied once, and goes in slices from then on', async () => {
  const file = path.join(folder(), 'state.db')
  const handle = new Sqlite(file)
  handle.exec('create table before_slices (id integer primary key)')
  handle.close()
  const db = await freshDatabase(file)
  assert.not(await isSliced(db))
  await fill(db)
  await rows(db, 'delete from edit')
  assert.ok((await vacuum(db)).bytes > 10_000_000)
  assert.ok(await isSliced(db))
  assert.equal(await checkIntegrity(db), [])
  await db.destroy()
})

test('analysing, building indexes and checking hold no turn of this thread up', async () => {
  const db = await freshDatabase(path.join(folder(), 'state.db'))
  await addArchive(db)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await analyse(db)
  assert.ok((await reindex(db)) > 20)
  assert.equal(await checkIntegrity(db), [])
  clearInterval(timer)
  assert.ok(turns > 20, `${turns} turns`)
  assert.ok((await rows(db, `select * from sqlite_stat1`)).length > 5)
  await db.destroy()
})

test('what is wrong is told, and an end that is asked for comes', async () => {
  const file = path.join(folder(), 'state.db')
  const db = await freshDatabase(file)
  await addSession(db)
  await rows(db, 'pragma foreign_keys = off')
  await rows(db, 'update operation set session_id = 99')
  assert.match((await checkIntegrity(db))[0] ?? '', 'A row of operation names no session.')
  assert.match(
    (await refusal(checkIntegrity(db, AbortSignal.abort(new Error('Enough.'))))).message,
    'Enough.',
  )
  await rows(db, 'pragma wal_checkpoint(truncate)')
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 4096 * 12, 4096 * 16)
  writeFileSync(file, bytes)
  const damaged = await checkIntegrity(db).catch((error: Error) => [error.message])
  assert.ok(damaged.length > 0)
  await db.destroy()
})

test('history is found by words, status and pipeline, newest first, and summed', async () => {
  const db = await freshDatabase()
  const first = await addArchive(db, { artwork: '100% Dune' })
  const second = await addArchive(db, { artwork: 'Sintel', pipeline: 'build' })
  await rows(db, `update session set status = 'completed' where id = ${first.id}`)
  await rows(db, `update session set status = 'failed', error_message = 'Disk full.' where id = ${second.id}`)
  await rows(db, `update history set completed_at = '2020-01-01 00:00:00.000' where session_id = ${first.id}`)
  const found = async (filter: Parameters<typeof listHistory>[1]) =>
    (await listHistory(db, filter)).map(({ artwork }) => artwork)
  assert.equal(await found({}), ['Sintel', '100% Dune'])
  assert.equal(await found({ search: '100%' }), ['100% Dune'])
  assert.equal(await found({ search: 'CAFÉ.mov' }), [], 'only ASCII letters have no case')
  assert.equal(await found({ search: 'café full' }), ['Sintel'])
  assert.equal(await found({ status: 'completed' }), ['100% Dune'])
  assert.equal(await found({ pipeline: 'build' }), ['Sintel'])
  assert.equal(await found({ limit: 1, offset: 1 }), ['100% Dune'])
  assert.is((await findHistory(db, second.key))?.notes, 'Disk full.')
  const totals = await historyTotals(db)
  assert.equal([totals.projects, totals.successful, totals.files_created], [2, 1, 14])
  assert.is((await historyTotals(db, 30)).projects, 1)
  await db.destroy()
})

test('a root is one row however often it is asked for', async () => {
  const db = await freshDatabase()
  const root = await ensureRoot(db, 'output', '/out/')
  assert.equal(await ensureRoot(db, 'output', '/out/../out'), root)
  assert.is.not((await ensureRoot(db, 'media', '/out')).id, root.id)
  assert.is((await listRoots(db)).length, 2)
  assert.equal(await rootById(db, root.id), root)
  assert.match((await refusal(ensureRoot(db, 'output', 'out'))).message, 'absolute')
  await db.destroy()
})

test('the feed is read in pages, from any id on', async () => {
  const db = await freshDatabase()
  const last = await lastEventId(db)
  await addSession(db)
  const all = await changesAfter(db, last)
  assert.equal([...(await changesAfter(db, last, 2)), ...(await changesAfter(db, all[1]?.id ?? 0))], all)
  assert.is(await lastEventId(db), all.at(-1)?.id)
  assert.equal(await changesAfter(db, await lastEventId(db)), [])
  await db.destroy()
})

test('keys are short, plain and different', () => {
  const keys = Array.from({ length: 1000 }, newKey)
  assert.ok(keys.every((key) => /^[0-9a-hjkmnp-tv-z]{12}$/.test(key)))
  assert.is(new Set(keys).size, 1000)
})

test.run()
