/**
 * Migrations go up, down and up again; a failing one leaves nothing; unusable files are refused.
 */

import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { inspect, migrate, runMigrations } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/mod.ts'
import { dataVersion, DatabaseError, openDatabase } from '../../db/open.ts'
import { makeMigration } from '../../scripts/make_migration.ts'
import { folder } from '../media.ts'
import { addArchive, addSession, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite('migrate')

const schemaOf = (db: Awaited<ReturnType<typeof freshDatabase>>) =>
  rows(
    db,
    `select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_stat%' order by name`,
  )

test('down undoes up, with rows in it, and up again gives the same schema', async () => {
  const db = await freshDatabase()
  const before = await schemaOf(db)
  const session = await addArchive(db)
  await db.updateTable('session').set({ status: 'completed' }).where('id', '=', session.id).execute()
  const ran = await migrate(db, null)
  assert.equal(ran, Object.keys(migrations).reverse())
  const left = (await schemaOf(db))
    .map(({ name }) => String(name))
    .filter((name) => !/^(kysely|sqlite)_/.test(name))
  assert.equal(left, [])
  assert.equal(await migrate(db), Object.keys(migrations))
  assert.equal(await schemaOf(db), before)
  await db.destroy()
})

test('every step down and up by itself gives the same schema', async () => {
  const db = await freshDatabase()
  const names = Object.keys(migrations)
  for (const name of names.toReversed()) {
    await migrate(db, name)
    const before = await schemaOf(db)
    await migrate(db, names[names.indexOf(name) - 1] ?? null)
    await migrate(db, name)
    assert.equal(await schemaOf(db), before, name)
  }
  await db.destroy()
})

test('migrating twice does nothing the second time, not even an event', async () => {
  const db = await freshDatabase()
  const before = await rows(db, 'select * from event')
  assert.equal(await migrate(db), [])
  assert.equal(await rows(db, 'select * from event'), before)
  await db.destroy()
})

test('a failing migration leaves nothing behind, nor do those before it in the same run', async () => {
  const db = openDatabase(':memory:')
  const half = {
    up: async (tx: Parameters<(typeof migrations)[string]['up']>[0]) => {
      await sql`create table half (x)`.execute(tx)
      throw new Error('boom')
    },
    down: async () => undefined,
  }
  const error = await refusal(runMigrations(db, { ...migrations, '9999_half': half }))
  assert.is(error.message, 'boom')
  const left = (await schemaOf(db))
    .map(({ name }) => String(name))
    .filter((name) => !/^(kysely|sqlite)_/.test(name))
  assert.equal(left, [])
  assert.equal(await rows(db, 'select * from kysely_migration'), [])
  await migrate(db)
  await db.destroy()
})

test('an unknown target is refused by name', async () => {
  const db = openDatabase(':memory:')
  assert.match((await refusal(migrate(db, '0000_nothing'))).message, 'There is no migration “0000_nothing”')
  await db.destroy()
})

test('inspect tells version, size, tables with their rows, views and triggers', async () => {
  const db = openDatabase(':memory:')
  assert.equal(
    [(await inspect(db)).version, (await inspect(db)).pending.length],
    [null, Object.keys(migrations).length],
  )
  await migrate(db)
  await addSession(db)
  const report = await inspect(db)
  assert.equal([report.version, report.pending], [Object.keys(migrations).at(-1), []])
  assert.equal(
    report.tables.find(({ name }) => name === 'setting'),
    { name: 'setting', rows: (await rows(db, 'select * from setting')).length },
  )
  assert.equal(
    report.tables.find(({ name }) => name === 'operation'),
    { name: 'operation', rows: 4 },
  )
  assert.ok(report.views.includes('processing_state'))
  assert.ok(report.triggers.some(({ name, table }) => name === 'session_ended' && table === 'session'))
  assert.ok(report.bytes > 50_000)
  await db.destroy()
})

test('a new database waits for writers, keeps its keys and tells of other connections', async () => {
  const file = path.join(folder(), 'state.db')
  const [one, two] = [await freshDatabase(file), openDatabase(file)]
  const pragma = async (name: string) => Object.values((await rows(one, `pragma ${name}`))[0] ?? {})[0]
  assert.equal(
    await Promise.all(
      ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'recursive_triggers'].map(pragma),
    ),
    ['wal', 1, 1, 30, 1],
  )
  const before = await dataVersion(one)
  assert.is(await dataVersion(one), before)
  await addSession(two)
  assert.is.not(await dataVersion(one), before)
  await Promise.all([one.destroy(), two.destroy()])
})

test('a transaction that reads and then writes holds its place from the start', async () => {
  const file = path.join(folder(), 'state.db')
  const [one, two] = [await freshDatabase(file), openDatabase(file)]
  await addSession(one)
  await one.transaction().execute(async (tx) => {
    await tx.selectFrom('session').selectAll().execute()
    const other = new Sqlite(file, { timeout: 0 })
    assert.throws(() => other.exec('begin immediate'), /database is locked/)
    other.close()
    await tx.updateTable('session').set({ artwork: 'One' }).execute()
  })
  await two.transaction().execute((tx) => tx.updateTable('session').set({ artwork: 'Two' }).execute())
  await Promise.all([one.destroy(), two.destroy()])
})

test('two processes writing at once both get all their writes in', async () => {
  const file = path.join(folder(), 'state.db')
  const db = await freshDatabase(file)
  await addSession(db)
  const { Worker } = await import('node:worker_threads')
  const writers = [1, 2].map(
    (number) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(writer, { eval: true, workerData: { file, number, sqlite } })
        worker.on('error', reject)
        worker.on('exit', resolve)
      }),
  )
  for (let i = 0; i < 50; i += 1) {
    await db.transaction().execute(async (tx) => {
      const { generation } = await tx.selectFrom('session').select('generation').executeTakeFirstOrThrow()
      await tx
        .updateTable('session')
        .set({ generation: generation + 1 })
        .execute()
    })
  }
  assert.equal(await Promise.all(writers), [0, 0])
  const { generation } = await db.selectFrom('session').select('generation').executeTakeFirstOrThrow()
  assert.is(generation, 150)
  await db.destroy()
})

test('a database newer than the program is refused, by name', async () => {
  const file = path.join(folder(), 'state.db')
  const db = await freshDatabase(file)
  await rows(db, `insert into kysely_migration values ('9000_tomorrow', '2030-01-01T00:00:00.000Z')`)
  await db.destroy()
  const error = failure(() => openDatabase(file))
  assert.is(error.code, 'database_newer')
  assert.match(error.message, '9000_tomorrow')
})

test('what is no database, has no folder or cannot be written is refused in words', () => {
  const place = folder()
  const text = path.join(place, 'notes.txt')
  writeFileSync(text, 'These are notes, and rather more of them than a header holds. '.repeat(50))
  assert.is(failure(() => openDatabase(text)).code, 'not_a_database')
  assert.match(readFileSync(text, 'utf8'), 'These are notes')
  assert.is(failure(() => openDatabase(place)).code, 'database_not_writable')
  assert.is(
    failure(() => openDatabase(path.join(place, 'nowhere', 'state.db'))).code,
    'database_not_writable',
  )
})

test('make-migration writes the next stub and lists it; the list in the tree is as it writes it', async () => {
  const place = folder()
  const real = path.resolve(import.meta.dirname, '../../db/migrations')
  const names = Object.keys(migrations)
  for (const name of names)
    writeFileSync(path.join(place, `${name}.ts`), readFileSync(path.join(real, `${name}.ts`)))
  const file = makeMigration(place, 'video_tags')
  const next = String(Number.parseInt(names.at(-1) ?? '') + 1).padStart(4, '0')
  assert.is(path.basename(file), `${next}_video_tags.ts`)
  const list = readFileSync(path.join(place, 'mod.ts'), 'utf8')
  const without = list
    .split('\n')
    .filter((line) => !line.includes('video_tags'))
    .join('\n')
  assert.is(without, readFileSync(path.join(real, 'mod.ts'), 'utf8'))
  const stub = (await import(pathToFileURL(file).href)) as (typeof migrations)[string]
  for (const step of [stub.up, stub.down]) {
    const db = openDatabase(':memory:')
    assert.match((await refusal(step(db))).message, 'does not say yet')
    await db.destroy()
  }
  assert.throws(() => makeMigration(place, 'video_tags'), /There is a migration of that name/)
  assert.throws(() => makeMigration(place, '../escape'), /is no name for a migration/)
  assert.not(existsSync(path.join(place, 'escape.ts')))
})

test.run()

function failure(act: () => unknown): DatabaseError {
  try {
    act()
  } catch (error) {
    if (error instanceof DatabaseError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

const sqlite = path.resolve(import.meta.dirname, '../../node_modules/better-sqlite3')

/** A second writer in its own thread: a busy wait there does not stop the first. */
const writer = `
  const { workerData } = require('node:worker_threads')
  const db = require(workerData.sqlite)(workerData.file, { timeout: 5000 })
  for (let i = 0; i < 50; i += 1) {
    db.exec('begin immediate')
    const { generation } = db.prepare('select generation from session').get()
    db.prepare('update session set generation = ?').run(generation + 1)
    db.exec('commit')
  }
  db.close()
`
