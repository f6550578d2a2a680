/**
 * Fixity: which outputs are to be read again, and what was found.
 */

import { sql } from 'kysely'
import type { CheckState, Db } from './schema.ts'
import { now } from './sessions.ts'

/** An output with a checksum, and where it lies. */
export interface Recorded {
  id: number
  root_path: string
  path: string
  bytes: number | null
  sha256: string
}

const recorded = (db: Db) =>
  db
    .selectFrom('file')
    .innerJoin('root', 'root.id', 'file.root_id')
    .select(['file.id', 'root.path as root_path', 'file.path', 'file.bytes'])
    .select(sql<string>`file.sha256`.as('sha256'))
    .where('file.sha256', 'is not', null)
    .where('file.operation_id', 'is not', null)

/** Those that nobody has looked at since `since`, the least recently verified first. */
export const longestUnverified = (db: Db, since: string, limit: number): Promise<Recorded[]> =>
  recorded(db)
    .leftJoin('file_check', 'file_check.file_id', 'file.id')
    .where((eb) => eb.or([eb('file.verified_at', 'is', null), eb('file.verified_at', '<', since)]))
    .where((eb) => eb.or([eb('file_check.at', 'is', null), eb('file_check.at', '<', since)]))
    .orderBy('file.verified_at')
    .orderBy('file.id')
    .limit(limit)
    .execute()

/** All of one session, in the order they were made. */
export const recordedOf = (db: Db, sessionId: number): Promise<Recorded[]> =>
  recorded(db).where('file.session_id', '=', sessionId).orderBy('file.id').execute()

export interface Verdict {
  id: number
  state: Exclude<CheckState, 'checking'>
  bytes: number | null
  sha256: string | null
  seconds: number
  /** What is wrong, in a sentence; null where it is whole. */
  message: string | null
}

/** Writes what was found, all at once: a page is told once of many files. */
export async function saveVerdicts(db: Db, verdicts: readonly Verdict[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { id, ...found } of verdicts) {
      const file = tx.updateTable('file').where('id', '=', id)
      // A file that was made anew or forgotten meanwhile has no use for the verdict.
      if (found.state === 'whole')
        await file.set({ verified_at: now, missing_at: null, torn_at: null }).execute()
      else if (found.state === 'missing')
        await file.set((eb) => ({ missing_at: eb.fn.coalesce('missing_at', now), torn_at: null })).execute()
      else if (found.state === 'changed') await file.set({ missing_at: null, torn_at: now }).execute()
      else await file.set({ missing_at: null }).execute()
      await sql`
        insert into file_check (file_id, state, bytes, sha256, seconds, message, at)
        select id, ${found.state}, ${found.bytes}, ${found.sha256}, ${found.seconds}, ${found.message}, ${now}
        from file where id = ${id}
        on conflict (file_id) do update set state = excluded.state, bytes = excluded.bytes, sha256 = excluded.sha256,
          seconds = excluded.seconds, message = excluded.message, at = excluded.at
      `.execute(tx)
    }
  })
}

export interface FixityTotals {
  /** Outputs with a checksum. */
  files: number
  bytes: number
  /** When the least recently verified one was; null where one never was, or there is none. */
  oldest: string | null
  missing: number
  changed: number
}

export async function fixityTotals(db: Db): Promise<FixityTotals> {
  const all = await db
    .selectFrom('file')
    .select((eb) => [
      eb.fn.countAll<number>().as('files'),
      sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
      sql<string | null>`min(coalesce(verified_at, ''))`.as('oldest'),
    ])
    .where('sha256', 'is not', null)
    .where('operation_id', 'is not', null)
    .executeTakeFirstOrThrow()
  const states = await db
    .selectFrom('file_check')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('state', 'in', bad)
    .groupBy('state')
    .execute()
  const count = (wanted: CheckState) => states.find(({ state }) => state === wanted)?.count ?? 0
  return {
    ...all,
    oldest: all.oldest || null,
    missing: count('missing'),
    changed: count('changed') + count('unreadable'),
  }
}

const bad = ['changed', 'missing', 'unreadable'] as const satisfies CheckState[]

export interface BadFile {
  key: string
  session_key: string
  artwork: string
  root_path: string
  path: string
  state: CheckState
  message: string | null
  at: string
}

/** Outputs that are gone, or are not what was recorded, the latest found first. */
export const badFiles = (db: Db, limit: number): Promise<BadFile[]> =>
  db
    .selectFrom('file_check')
    .innerJoin('file', 'file.id', 'file_check.file_id')
    .innerJoin('session', 'session.id', 'file.session_id')
    .innerJoin('root', 'root.id', 'file.root_id')
    .select([
      'file.key',
      'session.key as session_key',
      'session.artwork',
      'root.path as root_path',
      'file.path',
    ])
    .select(['file_check.state', 'file_check.message', 'file_check.at'])
    .where('file_check.state', 'in', bad)
    .orderBy('file_check.at', 'desc')
    .limit(limit)
    .execute()
