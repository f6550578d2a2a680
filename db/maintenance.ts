/**
 * Housekeeping: what is old goes or is archived, the file is kept in shape, backups are made.
 */

import { sql } from 'kysely'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import path from 'node:path'
import { handleOf } from './open.ts'
import type { Db } from './schema.ts'

/**
 * Removes incomplete sessions that nothing has touched for `days` days, except those that run: whose owner gave
 * a sign of life within the hour. Their history and their files on disk stay.
 * @returns the keys of the sessions removed.
 */
export async function removeStaleSessions(db: Db, days = 30): Promise<string[]> {
  const rows = await db
    .deleteFrom('session')
    .where('status', '!=', 'completed')
    .where('updated_at', '<', ago(days))
    .where((eb) =>
      eb.or([eb('owner', 'is', null), eb('heartbeat_at', 'is', null), eb('heartbeat_at', '<', anHourAgo)]),
    )
    .returning('key')
    .execute()
  return rows.map(({ key }) => key)
}

/**
 * Moves what ended more than `days` days ago from `history` to `history_archive`.
 * @returns how many rows were moved.
 */
export function archiveHistory(db: Db, days = 90): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const moved = await tx
      .deleteFrom('history')
      .where('completed_at', '<', ago(days))
      .returningAll()
      .execute()
    for (const row of moved) {
      await tx.deleteFrom('history_archive').where('session_key', '=', row.session_key).execute()
      await tx.insertInto('history_archive').values(row).execute()
    }
    return moved.length
  })
}

/**
 * Forgets the operations of ended sessions that finished more than `days` days ago. What they made, and the
 * history, stay; but a failed or cancelled session cannot be resumed any more.
 * @returns how many rows were removed.
 */
export async function clearOperationLog(db: Db, days = 30): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('operation')
    .where('session_id', 'in', (eb) =>
      eb.selectFrom('session').select('id').where('status', 'in', ['completed', 'failed', 'cancelled']),
    )
    .where(({ fn }) => fn.coalesce('finished_at', 'created_at'), '<', ago(days))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Sets every preset's use count to nought. @returns how many presets had been used. */
export async function resetPresetStatistics(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('preset')
    .set({ use_count: 0, last_used_at: null })
    .where((eb) => eb.or([eb('use_count', '!=', 0), eb('last_used_at', 'is not', null)]))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Gives unused space back, renews what the query planner knows, rebuilds indexes. Others wait meanwhile. */
export async function optimise(db: Db): Promise<void> {
  await sql`vacuum`.execute(db)
  await sql`analyze`.execute(db)
  await sql`reindex`.execute(db)
}

/**
 * Copies the database, in use as it is, to `state_backup_YYYYMMDD_HHMMSS.db` (UTC) in `folder`, by SQLite's online
 * backup: a copied file would lack what is still in the journal. The file appears whole; the oldest beyond `keep` go.
 * @returns the path of the new backup.
 */
export async function backup(db: Db, folder: string, keep = 10): Promise<string> {
  if (!Number.isInteger(keep) || keep < 1) throw new RangeError(`At least one backup is kept, not ${keep}.`)
  mkdirSync(folder, { recursive: true })
  const target = freeName(folder, new Date())
  const partial = `${target}.part`
  try {
    await handleOf(db).backup(partial, { progress: () => pagesAtOnce })
    sync(partial)
    renameSync(partial, target)
    sync(folder)
  } finally {
    rmSync(partial, { force: true })
  }
  for (const name of backupsIn(folder).slice(0, -keep)) rmSync(path.join(folder, name))
  return target
}

/** Names of the backups in a folder, oldest first. */
export const backupsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^state_backup_\d{8}_\d{6}\.db$/.test(name))
    .sort()

/** About 16 MB: few enough rounds that a busy writer elsewhere, which makes a backup begin anew, cannot starve it. */
const pagesAtOnce = 4096

/** Two backups within one second: the later one counts as a second later, so that none is overwritten. */
function freeName(folder: string, time: Date): string {
  const [day = '', clock = ''] = time.toISOString().replace(/[-:]/g, '').split(/[T.]/)
  const name = path.join(folder, `state_backup_${day}_${clock}.db`)
  return existsSync(name) ? freeName(folder, new Date(time.getTime() + 1000)) : name
}

function sync(name: string): void {
  const handle = openSync(name, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const ago = (days: number) => sql<string>`datetime('now', ${`-${days} days`})`
const anHourAgo = sql<string>`datetime('now', '-1 hour')`
