/**
 * Rows about progress: how fast it is written, and how long a burst of it holds the server.
 */

import { performance } from 'node:perf_hooks'
import { type Measured, operationsOf, saveProgress, startOperation } from '../../db/operations.ts'
import { handleOf } from '../../db/open.ts'
import type { Db } from '../../db/schema.ts'
import { claim, type Claim } from '../../db/sessions.ts'
import { createMeter } from '../../server/engine/progress.ts'
import { aSession, freshDatabase } from './database.ts'
import { median } from './measure.ts'
import type { Row } from './row.ts'

const batch = 1000

type ProgressRow = Parameters<typeof saveProgress>[1][number]

const writes: Row = {
  name: 'progress-writes',
  measure: `progress, rows a second, ${batch} a transaction`,
  against: 'one a transaction, default journal',
  reach: 15,
  moreIsBetter: true,
  bound: 2,
  async run({ rounds }) {
    const [many, single] = [await freshDatabase(), await freshDatabase()]
    handleOf(single.db).pragma('journal_mode = delete')
    handleOf(single.db).pragma('synchronous = full')
    try {
      const [manyRows, singleRows] = [await runningRows(many.db), await runningRows(single.db)]
      const times = { ours: [] as number[], against: [] as number[] }
      for (let round = 0; round < rounds; round++) {
        times.ours.push(await perSecond(batch, () => saveProgress(many.db, moved(manyRows, round))))
        times.against.push(
          await perSecond(batch / 10, async () => {
            for (const row of moved(singleRows, round).slice(0, batch / 10))
              await saveProgress(single.db, [row])
          }),
        )
      }
      return { ours: median(times.ours), against: median(times.against), unit: 'rows/s' }
    } finally {
      await many.close()
      await single.close()
    }
  },
}

/** As an operation reports: all of it into its meter, from which the engine writes what is newest. */
const burst: Row = {
  name: 'progress-burst',
  measure: 'event loop held by 1,000 reports in a burst',
  against: '10 ms',
  reach: 1,
  async run({ rounds }) {
    const { db, close } = await freshDatabase()
    try {
      const [row] = await runningRows(db, 1)
      if (!row) throw new Error('There is no operation.')
      const meter = createMeter(row.measured.id)
      const held: number[] = []
      for (let round = 0; round < rounds + 2; round++) {
        const begun = performance.now()
        for (let i = 0; i < 1000; i++) meter.take(i + round, 2000, 'frames')
        const measured = meter.read()
        if (measured) await saveProgress(db, [{ claim: row.claim, measured }])
        held.push(performance.now() - begun)
      }
      return { ours: median(held), against: 10, unit: 'ms' }
    } finally {
      await close()
    }
  },
}

/** Operations that run, of as many sessions as they need. */
async function runningRows(db: Db, count = batch): Promise<ProgressRow[]> {
  const rows: ProgressRow[] = []
  while (rows.length < count) {
    const session = await aSession(db)
    const mine = await claim(db, session, 'bench:1:1')
    if (!mine) throw new Error('The session is taken.')
    for (const { id } of await operationsOf(db, session.id)) {
      await startOperation(db, mine, id, { most: Infinity, isAlive: () => true })
      rows.push({ claim: mine, measured: measuredAt(id, 0) })
    }
  }
  return rows.slice(0, count)
}

const moved = (rows: ProgressRow[], round: number): { claim: Claim; measured: Measured }[] =>
  rows.map(({ claim, measured }) => ({ claim, measured: measuredAt(measured.id, (round + 1) / 100) }))

const measuredAt = (id: number, progress: number): Measured => ({
  id,
  progress,
  unit: 'frames',
  units_done: progress * 1000,
  units_total: 1000,
  units_per_second: 24,
  seconds_left: null,
})

async function perSecond(rows: number, write: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await write()
  return (rows * 1000) / (performance.now() - begun)
}

export const rows: Row[] = [writes, burst]
