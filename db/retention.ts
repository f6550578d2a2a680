/**
 * What is old: sessions, history and log text that have had their time, found before anything of them goes.
 */

import { sql } from 'kysely'
import type { Db, Session, SessionStatus } from './schema.ts'
import { isAlone } from './sessions.ts'
import type { Settings } from './settings.ts'

/** Days after which each kind goes. */
export interface RetentionLimits {
  /** Sessions that did not complete, since anything of them changed. */
  unfinishedDays: number
  /** Sessions that completed, since then. */
  finishedDays: number
  /** History, which moves to its archive. */
  historyDays: number
  /** What operations said; the rows themselves stay. */
  logDays: number
  /** Counted back from here, UTC: what was not old in a dry run is not when it is carried out. */
  at: string
}

export const limitsOf = (settings: Settings, at = nowText()): RetentionLimits => ({
  unfinishedDays: settings.retention_unfinished_days,
  finishedDays: settings.retention_finished_days,
  historyDays: settings.retention_history_days,
  logDays: settings.retention_log_days,
  at,
})

/** Sessions whose time is over, oldest first. One that somebody works on, or did within the hour, is none of them. */
export const oldSessions = (db: Db, limits: RetentionLimits): Promise<Session[]> =>
  old(db, limits).selectAll().orderBy('session.id').execute()

/** Whether a session still is what it was found to be: a person may have taken it up in between. */
export const isStillOld = async (db: Db, limits: RetentionLimits, id: number): Promise<boolean> =>
  (await old(db, limits).select('id').where('id', '=', id).executeTakeFirst()) !== undefined

const old = (db: Db, { unfinishedDays, finishedDays, at }: RetentionLimits) =>
  db
    .selectFrom('session')
    .where((eb) =>
      eb.or([
        eb.and([eb('status', 'in', unfinished), eb('updated_at', '<', daysBefore(at, unfinishedDays))]),
        eb.and([eb('status', '=', 'completed'), eb('completed_at', '<', daysBefore(at, finishedDays))]),
      ]),
    )
    .where(isAlone)

const unfinished = [
  'initialized',
  'processing',
  'waiting',
  'paused',
  'failed',
  'cancelled',
] as const satisfies SessionStatus[]

const counted = ['operation', 'file', 'cut', 'scene_group'] as const

export interface SessionRows {
  /** How many rows of each table go with it; those it has none of are left out. */
  rows: Record<string, number>
  /** What they take in the database, roughly: what is long in them. */
  bytes: number
}

/** What of the database goes with a session. */
export async function rowsOf(db: Db, sessionId: number): Promise<SessionRows> {
  const rows: Record<string, number> = { session: 1 }
  for (const table of counted) {
    const { count } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('session_id', '=', sessionId)
      .executeTakeFirstOrThrow()
    if (count > 0) rows[table] = count
  }
  const scores = await db
    .selectFrom('score')
    .innerJoin('file', 'file.id', 'score.file_id')
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      sql<number>`coalesce(sum(length(data)), 0)`.as('bytes'),
    ])
    .where('file.session_id', '=', sessionId)
    .executeTakeFirstOrThrow()
  if (scores.count > 0) rows.score = scores.count
  const texts = await db
    .selectFrom('file')
    .select(
      sql<number>`coalesce(sum(
        length(path) + coalesce(length(probe), 0) + coalesce(length(settings), 0) + coalesce(length(metadata), 0)
      ), 0)`.as('bytes'),
    )
    .where('session_id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return { rows, bytes: scores.bytes + texts.bytes }
}

export interface OldHistory {
  session_key: string
  artwork: string
  completed_at: string
}

/** History that moves to its archive, oldest first. */
export const oldHistory = (db: Db, { historyDays, at }: RetentionLimits): Promise<OldHistory[]> =>
  db
    .selectFrom('history')
    .select(['session_key', 'artwork', 'completed_at'])
    .where('completed_at', '<', daysBefore(at, historyDays))
    .orderBy('completed_at')
    .execute()

export interface OldText {
  operation_id: number
  session_key: string
  name: string
  bytes: number
}

/** Operations of ended sessions whose warnings have had their time, oldest first. */
export const oldTexts = (db: Db, { logDays, at }: RetentionLimits): Promise<OldText[]> =>
  db
    .selectFrom('operation')
    .innerJoin('session', 'session.id', 'operation.session_id')
    .select(['operation.id as operation_id', 'session.key as session_key', 'operation.name'])
    .select(sql<number>`length(operation.warnings)`.as('bytes'))
    .where('operation.warnings', '!=', '[]')
    .where('operation.finished_at', '<', daysBefore(at, logDays))
    .where('session.status', 'in', ['completed', 'failed', 'cancelled'])
    .orderBy('operation.finished_at')
    .execute()

const daysBefore = (at: string, days: number) => sql<string>`datetime(${at}, ${`-${days} days`})`
const nowText = () => new Date().toISOString().replace('T', ' ').replace('Z', '')
