import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { handleOf, openDatabase, refuseDamaged } from '../../db/open.ts'
import { folder } from '../media.ts'
import { freshDatabase } from './fixture.ts'

const open = suite('openDatabase')

open('a transaction that SQLite itself has ended, as on a full disk, keeps its error', async () => {
  const db = openDatabase(path.join(folder(), 'cutroom.db'))
  try {
    await db.transaction().execute(async (tx) => {
      await sql`rollback`.execute(tx)
      throw new Error('database or disk is full')
    })
    assert.unreachable('the error was lost')
  } catch (error) {
    assert.is((error as Error).message, 'database or disk is full')
  }
  await db.transaction().execute((tx) => sql`select 1`.execute(tx))
  await db.destroy()
})

open('a damaged database is told so, with what to do; a whole one passes', async () => {
  const file = path.join(folder(), 'cutroom.db')
  const whole = await freshDatabase(file)
  refuseDamaged(whole, file)
  const leaf = handleOf(whole)
    .prepare(`select pageno from dbstat where name = 'setting' limit 1`)
    .pluck()
    .get()
  await whole.destroy()
  const bytes = readFileSync(file)
  bytes.fill(0xa5, (Number(leaf) - 1) * 4096, Number(leaf) * 4096)
  writeFileSync(file, bytes)
  const db = openDatabase(file)
  assert.throws(
    () => refuseDamaged(db, file),
    (error: Error) =>
      /is damaged.*cutroom db restore FILE.*cutroom db salvage/.test(error.message.replace(/\n/g, ' ')),
  )
  await db.destroy()
})

open.run()
