/**
 * What pages show of many sessions at once: the start page's lists, the history's pages and totals.
 */

import { sql } from 'kysely'
import { contains } from './history.ts'
import { operationsOf } from './operations.ts'
import type { Db, History, Operation, Session, SessionProgress } from './schema.ts'
import { sessionProgress } from './sessions.ts'

export interface Glance {
  session: Session
  progress: SessionProgress
  operations: Operation[]
  /** Of the master, seconds; null before it was looked at. */
  duration: number | null
}

/** Sessions that have not ended, the newest `limit` of each kind. */
export async function openGlances(db: Db, limit: number): Promise<{ waiting: Glance[]; running: Glance[] }> {
  const newest = (statuses: Session['status'][]) =>
    db
      .selectFrom('session')
      .selectAll()
      .where('status', 'in', statuses)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  const [waiting, running] = [
    await newest(['waiting']),
    await newest(['initialized', 'processing', 'paused']),
  ]
  return { waiting: await glances(db, waiting), running: await glances(db, running) }
}

async function glances(db: Db, sessions: Session[]): Promise<Glance[]> {
  const found: Glance[] = []
  for (const session of sessions) {
    const progress = await sessionProgress(db, session.id)
    const source = await db
      .selectFrom('file')
      .select('duration')
      .where('session_id', '=', session.id)
      .where('role', '=', 'source')
      .executeTakeFirst()
    if (progress)
      found.push({
        session,
        progress,
        operations: await operationsOf(db, session.id),
        duration: source?.duration ?? null,
      })
  }
  return found
}

/** Absolute path of a session's R&D folder; null where none was given. */
export async function rdFolder(db: Db, { rd_root_id, rd_path }: Session): Promise<string | null> {
  if (rd_root_id === null) return null
  const { path } = await db
    .selectFrom('root')
    .select('path')
    .where('id', '=', rd_root_id)
    .executeTakeFirstOrThrow()
  return rd_path ? `${path}/${rd_path}` : path
}

/** What ended last and has not been taken up again, newest first. */
export const finishedLately = (db: Db, limit: number): Promise<History[]> =>
  db
    .selectFrom('history')
    .leftJoin('session', 'session.id', 'history.session_id')
    .selectAll('history')
    .where((eb) =>
      eb.or([eb('session.id', 'is', null), eb('session.status', 'in', ['completed', 'failed', 'cancelled'])]),
    )
    .orderBy('history.completed_at', 'desc')
    .orderBy('history.id', 'desc')
    .limit(limit)
    .execute()

export async function countEnded(db: Db): Promise<number> {
  const { ended } = await db
    .selectFrom('history')
    .select((eb) => eb.fn.countAll<number>().as('ended'))
    .executeTakeFirstOrThrow()
  return ended
}

const columns = {
  completed: 'completed_at',
  artwork: sql`artwork collate nocase`,
  state: 'status',
  length: 'master_duration',
  master: 'master_bytes',
  outputs: 'output_bytes',
  took: 'processing_seconds',
} as const

export interface HistorySearch {
  /** Words to be found, all of them, in artwork, master, folder, notes, preset or key. */
  words: string
  sort: keyof typeof columns
  order: 'asc' | 'desc'
  limit: number
  offset: number
}

/** One page of the history, and how many rows there are in all. */
export async function searchHistory(
  db: Db,
  { words, sort, order, limit, offset }: HistorySearch,
): Promise<{ rows: History[]; found: number }> {
  let query = db.selectFrom('history')
  for (const word of words.split(/\s+/).filter(Boolean)) query = query.where(contains(word))
  const { found } = await query.select((eb) => eb.fn.countAll<number>().as('found')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy(columns[sort], order)
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, found }
}

/** Sums over all that ever ended. */
export const allTotals = (db: Db) =>
  db
    .selectFrom('history')
    .select((eb) => [
      eb.fn.countAll<number>().as('projects'),
      sql<number>`count(*) filter (where status = 'completed' and problems = 0)`.as('successful'),
      sql<number>`coalesce(sum(problems > 0), 0)`.as('problems'),
      sql<number>`coalesce(sum(master_duration), 0.0)`.as('film'),
      sql<number>`coalesce(sum(files_created), 0)`.as('files'),
      sql<number>`coalesce(sum(master_bytes), 0)`.as('masterBytes'),
      sql<number>`coalesce(sum(output_bytes), 0)`.as('outputBytes'),
      sql<number>`coalesce(sum(processing_seconds), 0.0)`.as('processingSeconds'),
    ])
    .executeTakeFirstOrThrow()

export interface MonthTotals {
  projects: number
  successful: number
  files: number
  outputBytes: number
}

/** The last 30 days, as the view `project_statistics` has them. */
export async function monthTotals(db: Db): Promise<MonthTotals> {
  const { rows } = await sql<MonthTotals>`
    select total_projects as projects, successful_projects as successful, total_files_created as files,
      total_output_size_mb * 1048576.0 as "outputBytes"
    from project_statistics
  `.execute(db)
  const [totals] = rows
  if (!totals) throw new Error('The view project_statistics has no row.')
  return totals
}
