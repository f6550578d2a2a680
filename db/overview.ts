/**
 * What pages show of many sessions at once: the start page's lists, the history's pages and totals.
 */

import { sql } from 'kysely'
import { contains } from './history.ts'
import type { Db, History, Operation, Session, SessionProgress } from './schema.ts'

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

/** Read for all of them at once: a page of cards asks no more often than a page of one. */
async function glances(db: Db, sessions: Session[]): Promise<Glance[]> {
  const ids = sessions.map(({ id }) => id)
  const progress = await db
    .selectFrom('session_progress')
    .selectAll()
    .where('session_id', 'in', ids)
    .execute()
  const operations = await db
    .selectFrom('operation')
    .selectAll()
    .where('session_id', 'in', ids)
    .orderBy('session_id')
    .orderBy('sequence')
    .execute()
  const sources = await db
    .selectFrom('file')
    .select(['session_id', 'duration'])
    .where('session_id', 'in', ids)
    .where('role', '=', 'source')
    .execute()
  return sessions.flatMap((session) => {
    const of = ({ session_id }: { session_id: number }) => session_id === session.id
    const known = progress.find(of)
    if (!known) return []
    const duration = sources.find(of)?.duration ?? null
    return [{ session, progress: known, operations: operations.filter(of), duration }]
  })
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

const historyColumns = [
  ...(['id', 'session_id', 'session_key', 'pipeline', 'artwork', 'project_date', 'output_path'] as const),
  ...(['master_filename', 'master_duration', 'master_resolution', 'master_fps', 'master_codec'] as const),
  ...(['master_bytes', 'scenes_detected', 'scenes_exported', 'stills_created', 'clips_created'] as const),
  ...(['rd_files_processed', 'files_created', 'output_bytes', 'processing_seconds', 'problems'] as const),
  ...(['gpu_accelerated', 'preset_key', 'encoder', 'status', 'notes', 'started_at', 'completed_at'] as const),
] as const

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
  /** Only what ended like this; `problems` is what completed with some. */
  state?: HistoryState | undefined
  /** With what has gone into the archive. */
  archived?: boolean | undefined
  limit: number
  offset: number
}

export const historyStates = ['completed', 'problems', 'failed', 'cancelled'] as const
export type HistoryState = (typeof historyStates)[number]

/** One page of the history, and how many rows there are in all. */
export async function searchHistory(
  db: Db,
  { words, sort, order, state, archived, limit, offset }: HistorySearch,
): Promise<{ rows: History[]; found: number }> {
  let query = archived ? withArchive(db) : db.selectFrom('history')
  if (state === 'problems') query = query.where('status', '=', 'completed').where('problems', '>', 0)
  else if (state) query = query.where('status', '=', state)
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

/** Read as one table, under the name of the first. */
const withArchive = (db: Db) =>
  db.selectFrom(
    db
      .selectFrom('history')
      .select(historyColumns)
      .unionAll(db.selectFrom('history_archive').select(historyColumns))
      .as('history'),
  ) as unknown as ReturnType<typeof db.selectFrom<'history'>>

/** Sums over all that ever ended, the archive included. */
export async function allTotals(db: Db): Promise<Totals> {
  const [live, archived] = [await totalsOf(db, 'history'), await totalsOf(db, 'history_archive')]
  const names = Object.keys(live) as (keyof typeof live)[]
  const sums = Object.fromEntries(names.map((name) => [name, live[name] + archived[name]]))
  return { ...(sums as typeof live), archived: archived.projects }
}

type Totals = Awaited<ReturnType<typeof totalsOf>> & {
  /** How many of the sessions are in the archive. */
  archived: number
}

const totalsOf = (db: Db, table: 'history' | 'history_archive') =>
  db
    .selectFrom(table)
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

/** How many sessions there are in each state that is no end, and how many operations run. */
export async function queueCounts(db: Db): Promise<{ sessions: Record<string, number>; running: number }> {
  const rows = await db
    .selectFrom('session')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .where('status', 'in', ['initialized', 'processing', 'waiting', 'paused'])
    .groupBy('status')
    .execute()
  const { running } = await db
    .selectFrom('operation')
    .select((eb) => eb.fn.countAll<number>().as('running'))
    .where('status', '=', 'processing')
    .executeTakeFirstOrThrow()
  return { sessions: Object.fromEntries(rows.map(({ status, count }) => [status, count])), running }
}
