/**
 * What the history comes to, its archive included: sessions over time, where the time goes, how small it gets.
 */

import { sql } from 'kysely'
import type { Db } from './schema.ts'

export interface WeekTotals {
  /** 0 for the seven days up to now, 1 for those before. */
  ago: number
  sessions: number
}

/** Sessions that ended in each of the last `weeks` times seven days, the oldest first; weeks without any are there. */
export async function sessionsByWeek(db: Db, weeks: number): Promise<WeekTotals[]> {
  const since = `-${weeks * 7} days`
  const { rows } = await sql<WeekTotals>`
    select cast((julianday('now') - julianday(completed_at)) / 7 as integer) as ago, count(*) as sessions
    from (
      select completed_at from history where completed_at >= datetime('now', ${since})
      union all
      select completed_at from history_archive where completed_at >= datetime('now', ${since})
    )
    group by ago
  `.execute(db)
  const of = (ago: number) => rows.find((row) => row.ago === ago)?.sessions ?? 0
  return Array.from({ length: weeks }, (_, n) => weeks - 1 - n).map((ago) => ({ ago, sessions: of(ago) }))
}

export interface OperationTime {
  name: string
  seconds: number
}

/** Where the time went, the most first; of operations whose log was not cleared. Read from an index alone. */
export async function timeByOperation(db: Db): Promise<OperationTime[]> {
  const { rows } = await sql<OperationTime>`
    select name, sum(seconds) as seconds from operation group by name having sum(seconds) > 0
    order by sum(seconds) desc
  `.execute(db)
  return rows
}

export interface PresetSize {
  preset_key: string
  /** Its key where it has been removed. */
  name: string
  sessions: number
  master_bytes: number
  output_bytes: number
}

/** Masters and outputs of what was completed, by preset, the most used first. Read from indexes alone. */
export async function sizeByPreset(db: Db, limit: number): Promise<PresetSize[]> {
  const { rows } = await sql<PresetSize>`
    select preset_key, sum(sessions) as sessions, sum(master_bytes) as master_bytes, sum(output_bytes) as output_bytes,
      coalesce((select name from preset where key = preset_key), preset_key) as name
    from (
      select preset_key, count(*) as sessions, sum(master_bytes) as master_bytes, sum(output_bytes) as output_bytes
      from history where status = 'completed' group by preset_key
      union all
      select preset_key, count(*), sum(master_bytes), sum(output_bytes)
      from history_archive where status = 'completed' group by preset_key
    )
    group by preset_key having sum(master_bytes) > 0
    order by sum(sessions) desc limit ${limit}
  `.execute(db)
  return rows
}
