import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { archiveHistory } from '../../db/maintenance.ts'
import { allTotals, searchHistory } from '../../db/overview.ts'
import type { Db } from '../../db/schema.ts'
import { sessionsByWeek, sizeByPreset, timeByOperation } from '../../db/statistics.ts'
import { addArchive, freshDatabase } from './fixture.ts'

const statistics = suite<{ db: Db }>('statistics of the history')

/** Three sessions: one of today, one of ten days ago with a problem, and one so old that it is in the archive. */
statistics.before(async (context) => {
  const db = await freshDatabase()
  context.db = db
  const ended = async (artwork: string, days: number, preset_key = 'webflow_standard') => {
    const { id, key } = await addArchive(db, { artwork, preset_key, status: 'processing' })
    await db.updateTable('session').set({ status: 'completed' }).where('id', '=', id).execute()
    const at = sql<string>`datetime('now', ${`-${days} days`})`
    await db.updateTable('history').set({ completed_at: at }).where('session_key', '=', key).execute()
    return key
  }
  await ended('Today', 0)
  const problem = await ended('Before', 10, 'ultra_light')
  await db.updateTable('history').set({ problems: 1 }).where('session_key', '=', problem).execute()
  await archiveHistory(db, [await ended('Old', 200)])
})
statistics.after(({ db }) => db.destroy())

statistics('weeks are counted back from now, and those without a session are there', async ({ db }) => {
  const weeks = await sessionsByWeek(db, 30)
  assert.is(weeks.length, 30)
  assert.equal(
    weeks.filter(({ sessions }) => sessions > 0).map(({ ago }) => ago),
    [28, 1, 0],
  )
  assert.equal(await sessionsByWeek(db, 1), [{ ago: 0, sessions: 1 }])
})

statistics('sizes and totals have the archive in them', async ({ db }) => {
  const sizes = await sizeByPreset(db, 5)
  assert.equal(
    sizes.map(({ preset_key, name, sessions }) => [preset_key, name, sessions]),
    [
      ['webflow_standard', 'Webflow standard', 2],
      ['ultra_light', 'Ultra light', 1],
    ],
  )
  assert.ok(sizes.every(({ master_bytes, output_bytes }) => output_bytes > 0 && master_bytes > output_bytes))
  const { projects, archived } = await allTotals(db)
  assert.equal({ projects, archived }, { projects: 3, archived: 1 })
})

statistics(
  'the history is searched by its state, and with its archive where that is wished',
  async ({ db }) => {
    const search = { words: '', sort: 'completed', order: 'desc', limit: 10, offset: 0 } as const
    const names = async (wished: object) =>
      (await searchHistory(db, { ...search, ...wished })).rows.map(({ artwork }) => artwork)
    assert.equal(await names({}), ['Today', 'Before'])
    assert.equal(await names({ archived: true }), ['Today', 'Before', 'Old'])
    assert.equal(await names({ state: 'problems' }), ['Before'])
    assert.equal(await names({ state: 'failed', archived: true }), [])
    assert.equal(await names({ words: 'old', archived: true }), ['Old'])
    assert.is((await searchHistory(db, { ...search, archived: true, limit: 1 })).found, 3)
  },
)

// Last: an operation that changes brings its session's history back from the archive.
statistics('the time is summed by operation, the most first', async ({ db }) => {
  await db.updateTable('operation').set({ seconds: 4 }).where('name', '=', 'clips').execute()
  await db.updateTable('operation').set({ seconds: 1 }).where('name', '=', 'detect').execute()
  assert.equal(await timeByOperation(db), [
    { name: 'clips', seconds: 12 },
    { name: 'detect', seconds: 3 },
  ])
})

statistics.run()
