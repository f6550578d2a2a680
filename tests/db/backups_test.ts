/**
 * Backups are whole, kept and put back; what cannot be put back changes nothing.
 */

import Sqlite from 'better-sqlite3'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { listBackups } from '../../db/backup_files.ts'
import { approveBackup, makeBackup, removeDatabase, restoreBackup } from '../../db/backups.ts'
import { checkDatabase } from '../../db/check.ts'
import { openDatabase } from '../../db/open.ts'
import type { Db } from '../../db/schema.ts'
import { lastRestore } from '../../db/edits.ts'
import { beginRun, lastRun, runningRun } from '../../db/upkeep.ts'
import { folder } from '../media.ts'
import { addSession, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite('backups')

const namesIn = (place: string) => listBackups(place).map(({ name }) => name)

test('a backup taken while others write is whole, and appears under its name only then', async () => {
  const place = folder()
  const db = await freshDatabase(path.join(place, 'state.db'))
  const other = openDatabase(path.join(place, 'state.db'))
  await addSession(db)
  await fatten(db)
  const writing = (async () => {
    for (let i = 0; i < 40; i += 1) {
      await rows(i % 2 ? db : other, `update session set generation = generation + 1`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  const backup = await makeBackup(db, { folder: path.join(place, 'backups') })
  await writing
  assert.match(path.basename(backup.path), /^state_backup_\d{8}_\d{6}\.db$/)
  assert.equal(readdirSync(path.dirname(backup.path)), [path.basename(backup.path)])
  assert.equal(checkDatabase(backup.path), { problems: [], version: backup.version, unknown: [] })
  const copy = new Sqlite(backup.path, { readonly: true })
  assert.is(
    copy.prepare('select count(*) from edit').pluck().get(),
    (await rows(db, 'select id from edit')).length,
  )
  assert.is(copy.pragma('journal_mode', { simple: true }), 'delete', 'it needs no journal beside it')
  copy.close()
  assert.equal(readdirSync(path.dirname(backup.path)), [path.basename(backup.path)])
  await Promise.all([db.destroy(), other.destroy()])
})

test('nothing waits while a backup is made: the longest slice is short, however big the database', async () => {
  const db = await freshDatabase(path.join(folder(), 'state.db'))
  for (let i = 0; i < 4; i += 1) await fatten(db)
  let turns = 0
  const turning = setInterval(() => (turns += 1), 0)
  // Reading the copy is done elsewhere by a server.
  await makeBackup(db, {
    folder: folder(),
    check: async () => ({ problems: [], version: null, unknown: [] }),
  })
  clearInterval(turning)
  assert.ok(turns >= 5, `others had ${turns} turns`)
  await db.destroy()
})

test('the newest of each kind are kept, none overwrites another, and nothing else is touched', async () => {
  const db = await freshDatabase()
  const place = folder()
  for (const name of ['state_backup_20200101_000000.db', 'before_reset_20200101_000000.db', 'notes.txt'])
    writeFileSync(path.join(place, name), 'old')
  const made: string[] = []
  for (let i = 0; i < 4; i += 1)
    made.push((await makeBackup(db, { folder: place, keep: 3, gzip: i % 2 === 1 })).path)
  assert.equal(
    namesIn(place).filter((name) => name.startsWith('state')),
    made.slice(1).map((file) => path.basename(file)),
  )
  assert.ok(existsSync(path.join(place, 'before_reset_20200101_000000.db')))
  assert.ok(existsSync(path.join(place, 'notes.txt')))
  assert.match((await refusal(makeBackup(db, { folder: place, keep: 0 }))).message, 'At least one backup')
  await db.destroy()
})

test('a failed backup leaves no part behind and removes no old one', async () => {
  const db = await freshDatabase()
  const place = folder()
  for (const day of ['01', '02'])
    writeFileSync(path.join(place, `state_backup_202001${day}_000000.db`), 'old')
  const bad = () => ({ problems: ['row 7 is missing from an index'], version: null, unknown: [] })
  assert.match(
    (await refusal(makeBackup(db, { folder: place, keep: 1, check: bad }))).message,
    'row 7 is missing',
  )
  await db.destroy()
  await refusal(makeBackup(db, { folder: place, keep: 1 }))
  assert.is(readdirSync(place).length, 2)
})

test('a database whose references do not hold makes no backup that seems whole', async () => {
  const db = await freshDatabase()
  await addSession(db)
  await rows(db, 'pragma foreign_keys = off')
  await rows(db, 'delete from session')
  const error = await refusal(makeBackup(db, { folder: folder() }))
  assert.is(error.code, 'backup_unusable')
  assert.match(error.message, '4 rows of operation that name no session')
  await db.destroy()
})

test('what is restored is what was backed up, packed or not; what was there before is kept', async () => {
  for (const gzip of [false, true]) {
    const place = folder()
    const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
    const db = await freshDatabase(database)
    await addSession(db, { artwork: 'Before' })
    const { path: file } = await makeBackup(db, { folder: backups, gzip })
    await addSession(db, { artwork: 'After' })
    await db.destroy()
    const { safetyCopy } = await restoreBackup({ file, database, folder: backups })
    assert.equal(await artworks(database), ['Before'])
    assert.match(safetyCopy ?? '', /before_restore_\d{8}_\d{6}\.db$/)
    assert.equal(await artworks(safetyCopy ?? ''), ['Before', 'After'])
    const [edit] = readOnly(database, 'select command, subject from edit order by id desc limit 1')
    assert.equal(edit, { command: 'restore_database', subject: path.basename(file) })
    assert.equal(
      readdirSync(backups).filter((name) => name.includes('.part')),
      [],
    )
  }
})

test('the oldest copy from before a restore can be restored, and stays until another is', async () => {
  const place = folder()
  const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
  const db = await freshDatabase(database)
  await addSession(db, { artwork: 'Long ago' })
  mkdirSync(backups)
  const [oldest, older, old] = ['01', '02', '03'].map((day) => `before_restore_202001${day}_000000.db`) as [
    string,
    string,
    string,
  ]
  await makeBackup(db, { folder: backups, out: path.join(backups, oldest) })
  await addSession(db, { artwork: 'Now' })
  for (const name of [older, old]) await makeBackup(db, { folder: backups, out: path.join(backups, name) })
  await db.destroy()
  const file = path.join(backups, oldest)
  const { safetyCopy } = await restoreBackup({ file, database, folder: backups, keep: 3 })
  assert.equal(await artworks(database), ['Long ago'])
  assert.equal(await artworks(safetyCopy ?? ''), ['Long ago', 'Now'])
  assert.equal(namesIn(backups), [oldest, older, old, path.basename(safetyCopy ?? '')])
  await restoreBackup({ file: safetyCopy ?? '', database, folder: backups, keep: 3 })
  assert.equal(await artworks(database), ['Long ago', 'Now'])
  assert.equal(namesIn(backups).slice(0, 2), [old, path.basename(safetyCopy ?? '')])
})

test('what ran while it was copied does not run in what is restored: the backup is made, the rest was ended', async () => {
  for (const [task, told] of [
    ['backup', { status: 'completed', summary: /^Made state_backup_\w+\.db\.$/ }],
    ['fixity', { status: 'interrupted', summary: /^It ran when the backup was made/ }],
  ] as const) {
    const place = folder()
    const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
    const db = await freshDatabase(database)
    await beginRun(db, { task, cause: 'person', owner: 'here:1:1' })
    const { path: file } = await makeBackup(db, { folder: backups })
    await db.destroy()
    await restoreBackup({ file, database, folder: backups })
    const restored = openDatabase(database)
    const run = await lastRun(restored, task)
    assert.is(run?.status, told.status)
    assert.match(run?.summary ?? '', told.summary)
    assert.ok(run?.finished_at)
    assert.is(await runningRun(restored), undefined)
    const note = await lastRestore(restored)
    assert.is(note?.name, path.basename(file))
    assert.match(note?.safety_copy ?? '', 'before_restore')
    await restored.destroy()
  }
})

test('what is torn, newer, something else or not there is not restored, and nothing is changed', async () => {
  const place = folder()
  const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
  const db = await freshDatabase(database)
  await addSession(db)
  await fatten(db)
  const whole = await makeBackup(db, { folder: backups })
  await rows(db, `insert into kysely_migration values ('9000_tomorrow', '2030-01-01T00:00:00.000Z')`)
  const newer = await makeBackup(db, { folder: backups })
  const packed = await makeBackup(db, { folder: backups, gzip: true })
  await rows(db, `delete from kysely_migration where name = '9000_tomorrow'`)
  await db.destroy()
  const bytes = readFileSync(whole.path)
  const write = (name: string, content: Buffer | string) => {
    writeFileSync(path.join(place, name), content)
    return path.join(place, name)
  }
  const other = new Sqlite(path.join(place, 'other.db'))
  other.exec('create table cat (name)')
  other.close()
  const before = readFileSync(database)
  for (const [file, code] of [
    [write('half.db', bytes.subarray(0, bytes.length / 2)), 'backup_unusable'],
    [
      write('hole.db', Buffer.from(bytes).fill(0, bytes.length - 40_960, bytes.length - 8192)),
      'backup_unusable',
    ],
    [write('half.db.gz', readFileSync(packed.path).subarray(0, 3000)), 'backup_unusable'],
    [write('notes.txt', 'These are notes.'), 'backup_unusable'],
    [path.join(place, 'other.db'), 'backup_unusable'],
    [newer.path, 'database_newer'],
    [path.join(place, 'nowhere.db'), 'backup_not_found'],
    [place, 'backup_not_found'],
  ] as const) {
    const error = await refusal(restoreBackup({ file, database, folder: backups }))
    assert.is(error.code, code, `${file}: ${error.message}`)
    assert.is((await refusal(approveBackup(file, backups))).code, code)
  }
  assert.equal(readFileSync(database), before)
  assert.is(namesIn(backups).length, 3)
})

test('a database that somebody has open is neither replaced nor emptied', async () => {
  const place = folder()
  const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
  const db = await freshDatabase(database)
  await addSession(db)
  const { path: file } = await makeBackup(db, { folder: backups })
  assert.is((await refusal(restoreBackup({ file, database, folder: backups }))).code, 'database_in_use')
  assert.is((await refusal(removeDatabase(database, backups))).code, 'database_in_use')
  assert.is((await rows(db, 'select * from session')).length, 1)
  await addSession(db)
  await db.destroy()
  const kept = await removeDatabase(database, backups)
  assert.equal(await artworks(kept ?? ''), ['Dune', 'Dune'])
  assert.not(existsSync(database))
})

test('a database that is damaged beyond opening is moved aside with its journal', async () => {
  const place = folder()
  const [database, backups] = [path.join(place, 'cutroom.db'), path.join(place, 'backups')]
  mkdirSync(backups)
  const db = await freshDatabase(path.join(place, 'good.db'))
  await addSession(db)
  const { path: file } = await makeBackup(db, { folder: backups })
  await db.destroy()
  writeFileSync(database, 'No database at all, but longer than a header is. '.repeat(100))
  writeFileSync(`${database}-wal`, 'its journal')
  const { safetyCopy } = await restoreBackup({ file, database, folder: backups })
  assert.match(safetyCopy ?? '', /cutroom\.db\.damaged_\d{8}_\d{6}$/)
  assert.match(readFileSync(safetyCopy ?? '', 'utf8'), 'No database at all')
  assert.not(existsSync(`${database}-wal`), 'a journal of the old one would be played into the new one')
  assert.equal(await artworks(database), ['Dune'])
})

test.run()

/** About 8 MB that no page can be shared for. */
const fatten = (db: Db) =>
  rows(
    db,
    `insert into edit (command, subject, before) select 'x', 'y', json_quote(hex(zeroblob(200000))) from setting`,
  )

function readOnly(file: string, query: string): unknown[] {
  const handle = new Sqlite(file, { readonly: true })
  try {
    return handle.prepare(query).all()
  } finally {
    handle.close()
  }
}

const artworks = async (file: string) =>
  readOnly(file, 'select artwork from session order by id').map((row) => (row as { artwork: string }).artwork)
