import path from 'node:path'
import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../db/open.ts'
import { folder } from '../media.ts'

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

open.run()
