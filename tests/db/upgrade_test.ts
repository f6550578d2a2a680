/**
 * From every schema there was, with sessions in it, up to today's and down again: nothing is lost on the way.
 */

import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDatabase } from '../../db/check.ts'
import { addDemoSessions } from '../../db/demo.ts'
import { migrate } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/mod.ts'
import { openDatabase } from '../../db/open.ts'
import type { Db } from '../../db/schema.ts'
import { folder } from '../media.ts'
import { rows } from './fixture.ts'

const test = suite('upgrade')
const tables = ['session', 'operation', 'file', 'cut', 'scene_group', 'score', 'history', 'preset', 'root']
const amount = { sessions: 60, filesEach: 6, cutsEach: 4, operations: ['probe', 'detect', 'choose', 'clips'] }
/** What one view tells after the way up, on the same sessions, whichever schema they began in. */
const seen = new Map<string, string>()

// Before that one there is no feed for the sessions to be announced in.
for (const name of Object.keys(migrations).filter((one) => one >= '0006')) {
  test(`from ${name} up and down again`, async () => {
    const file = path.join(folder(), 'cutroom.db')
    const db = openDatabase(file)
    await migrate(db, name)
    await addDemoSessions(db, '/out', amount)
    const before = await counts(db)
    assert.is(before.get('session'), 60)
    await migrate(db)
    assert.equal(await counts(db), before)
    const view = await rows(
      db,
      `select artwork_name, status, total_operations, completed_operations, json_array_length(scenes_data) as scenes
       from processing_state order by id`,
    )
    assert.is(view.length, 60)
    seen.set(name, JSON.stringify(view))
    assert.is((await rows(db, 'select * from project_history')).length, before.get('history'))
    assert.is((await rows(db, 'select * from file_registry')).length, 60 * 6)
    assert.equal(checkDatabase(file).problems, [])
    await migrate(db, name)
    assert.equal(await counts(db), before)
    assert.equal(checkDatabase(file).problems, [])
    await db.destroy()
  })
}

test('each way up leads to the same', () => {
  assert.ok(seen.size >= 3)
  assert.is(new Set(seen.values()).size, 1)
})

test.run()

async function counts(db: Db): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const table of tables) {
    const [row] = await rows<{ count: number }>(db, `select count(*) as count from ${table}`)
    found.set(table, row?.count ?? 0)
  }
  return found
}
