/**
 * The history of ended sessions: list, search, totals. Triggers write it.
 */

import { sql } from 'kysely'
import type { Db, History, SessionStatus } from './schema.ts'

export interface HistoryFilter {
  /** Words to be found, all of them, in artwork, master, folder, notes, preset or key. */
  search?: string | undefined
  pipeline?: string | undefined
  status?: SessionStatus | undefined
  limit?: number | undefined
  offset?: number | undefined
}

/** Newest first; 100 unless `limit` says otherwise. */
export function listHistory(db: Db, filter: HistoryFilter = {}): Promise<History[]> {
  let query = db.selectFrom('history').selectAll()
  if (filter.pipeline) query = query.where('pipeline', '=', filter.pipeline)
  if (filter.status) query = query.where('status', '=', filter.status)
  for (const word of (filter.search ?? '').split(/\s+/).filter(Boolean)) query = query.where(contains(word))
  return query
    .orderBy('completed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 100)
    .offset(filter.offset ?? 0)
    .execute()
}

/** The history of one session, or undefined while it has not ended. */
export const findHistory = (db: Db, sessionKey: string): Promise<History | undefined> =>
  db.selectFrom('history').selectAll().where('session_key', '=', sessionKey).executeTakeFirst()

export interface HistoryTotals {
  projects: number
  /** Completed without a problem. */
  successful: number
  files_created: number
  output_bytes: number
  processing_seconds: number
}

/** Sums over what ended in the last `days` days, or ever. */
export function historyTotals(db: Db, days?: number): Promise<HistoryTotals> {
  return db
    .selectFrom('history')
    .select(({ fn }) => [
      fn.countAll<number>().as('projects'),
      sql<number>`count(*) filter (where status = 'completed' and problems = 0)`.as('successful'),
      sql<number>`coalesce(sum(files_created), 0)`.as('files_created'),
      sql<number>`coalesce(sum(output_bytes), 0)`.as('output_bytes'),
      sql<number>`coalesce(sum(processing_seconds), 0.0)`.as('processing_seconds'),
    ])
    .$if(days !== undefined, (query) =>
      query.where('completed_at', '>=', sql<string>`datetime('now', ${`-${days} days`})`),
    )
    .executeTakeFirstOrThrow()
}

/** That a row of `history` holds this word in what people search by. */
export function contains(word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`
    concat_ws(char(10), artwork, master_filename, output_path, notes, preset_key, session_key)
    like ${pattern} escape '\\'
  `
}
