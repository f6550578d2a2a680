import path from 'node:path'
import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase, type Ran } from '../../db/open.ts'
import { createSlowQueryLog } from '../../server/slow_queries.ts'
import { folder } from '../media.ts'

const slow = suite('slow queries')

const ran = (statement: string, milliseconds: number): Ran => ({
  statement,
  milliseconds,
  values: ['secret'],
})

slow('a statement of 50 ms or more is told in one line, without its values', () => {
  const told: unknown[] = []
  const hear = createSlowQueryLog((message, facts) => told.push([message, facts]))
  hear(ran('select 1', 49.9))
  hear(ran('select *\n  from file\n  where key = ?', 50.4))
  assert.equal(told, [
    [
      'The database took 50 ms for one statement. The log has it with this line.',
      { slow_query: 'select * from file where key = ?', milliseconds: 50 },
    ],
  ])
})

slow('the same statement is told once a minute, another one at once', () => {
  const told: string[] = []
  let now = 0
  const hear = createSlowQueryLog(
    (_message, { slow_query }) => told.push(slow_query),
    () => now,
  )
  for (const [at, statement] of [
    [0, 'a'],
    [1, 'a'],
    [2, 'b'],
    [59_999, 'a'],
    [60_000, 'a'],
  ] as const) {
    now = at
    hear(ran(statement, 70))
  }
  assert.equal(told, ['a', 'b', 'a'])
})

slow('the database tells of every statement it has run, also of one that failed', async () => {
  const heard: Ran[] = []
  const db = openDatabase(path.join(folder(), 'cutroom.db'), (one) => heard.push(one))
  await sql`select ${7} as n`.execute(db)
  await sql`select nothing`.execute(db).catch(() => undefined)
  assert.equal(
    heard.map(({ statement, values }) => [statement, values]),
    [
      ['select ? as n', [7]],
      ['select nothing', []],
    ],
  )
  assert.ok(heard.every(({ milliseconds }) => milliseconds >= 0))
  await db.destroy()
})

slow.run()
