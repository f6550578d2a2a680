/**
 * Backups, clean-up, history and the small things: roots, keys, the feed.
 */

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changesAfter, lastEventId } from '../../db/events.ts'
import { findHistory, historyTotals, listHistory } from '../../db/history.ts'
import { newKey } from '../../db/keys.ts'
import { backup, backupsIn, optimise } from '../../db/maintenance.ts'
import { openDatabase } from '../../db/open.ts'
import { ensureRoot, listRoots, rootById } from '../../db/roots.ts'
import { folder } from '../media.ts'
import { addArchive, addSession, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite('maintenance')

test('a backup taken while others write is whole, and appears under its name only then', async () => {
  const place = folder()
  const db = await freshDatabase(path.join(place, 'state.db'))
  const other = openDatabase(path.join(place, 'state.db'))
  await addSession(db)
  await rows(
    db,
    `insert into edit (command, subject, before) select 'x', 'y', json_quote(hex(zeroblob(500000))) from setting`,
  )
  const writing = (async () => {
    for (let i = 0; i < 40; i += 1) {
      await rows(i % 2 ? db : other, `update session set generation = generation + 1`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  const copyPath = await backup(db, path.join(place, 'backups'))
  await writing
  assert.match(path.basename(copyPath), /^state_backup_\d{8}_\d{6}\.db$/)
  assert.equal(readdirSync(path.dirname(copyPath)), [path.basename(copyPath)])
  const copy = openDatabase(copyPath)
  assert.equal(await rows(copy, 'pragma integrity_check'), [{ integrity_check: 'ok' }])
  assert.is((await rows(copy, 'select id from edit')).length, 19)
  await Promise.all([db.destroy(), other.destroy(), copy.destroy()])
})

test('the newest backups are kept, none overwrites another, and nothing else is touched', async () => {
  const place = folder()
  const db = await freshDatabase()
  const backups = path.join(place, 'backups')
  mkdirSync(backups)
  writeFileSync(path.join(backups, 'state_backup_20200101_000000.db'), 'old')
  writeFileSync(path.join(backups, 'notes.txt'), 'mine')
  const made: string[] = []
  for (let i = 0; i < 4; i += 1) made.push(await backup(db, backups, 3))
  assert.equal(
    backupsIn(backups),
    made.slice(1).map((file) => path.basename(file)),
  )
  assert.ok(readdirSync(backups).includes('notes.txt'))
  assert.match((await refusal(backup(db, backups, 0))).message, 'At least one backup')
  await db.destroy()
})

test('a failed backup leaves no part behind and removes no old one', async () => {
  const db = await freshDatabase()
  const place = folder()
  for (const day of ['01', '02'])
    writeFileSync(path.join(place, `state_backup_202001${day}_000000.db`), 'old')
  await db.destroy()
  await refusal(backup(db, place, 1))
  assert.is(readdirSync(place).length, 2)
})

test('optimising gives space back and loses nothing', async () => {
  const db = await freshDatabase(path.join(folder(), 'state.db'))
  await rows(
    db,
    `insert into edit (command, subject, before) select 'x', 'y', json_quote(hex(zeroblob(200000))) from setting`,
  )
  await rows(db, 'delete from edit')
  const pages = async () => Number((await rows(db, 'pragma page_count'))[0]?.page_count)
  const before = await pages()
  await optimise(db)
  assert.ok((await pages()) < before / 2)
  assert.is((await rows(db, 'select * from setting')).length, 19)
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
