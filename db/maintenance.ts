/**
 * Housekeeping: what is old goes or is archived, the file is kept in shape.
 */

import { setImmediate as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { runBeside } from './beside.ts'
import { handleOf } from './open.ts'
import type { Db } from './schema.ts'

/**
 * Moves the history of these sessions to `history_archive`.
 * @returns how many rows were moved.
 */
export function archiveHistory(db: Db, sessionKeys: readonly string[]): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const moved = await tx
      .deleteFrom('history')
      .where('session_key', 'in', sessionKeys)
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
 * Forgets what these operations warned of. Their rows stay, with settings, times and errors: what files came from,
 * whether they are proven, and how long things take rests on those.
 */
export async function clearWarnings(db: Db, operationIds: readonly number[]): Promise<void> {
  await db.updateTable('operation').set({ warnings: '[]' }).where('id', 'in', operationIds).execute()
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

export interface Vacuumed {
  /** What the file lost. */
  bytes: number
}

/** Pages given back at once: a few milliseconds. */
const pagesAtOnce = 256

/**
 * Gives unused space back to the disk, in slices between which everybody has a turn. A database that was made before
 * slices were possible is copied as a whole, once, in a thread: whoever wants to write waits for that.
 */
export async function vacuum(db: Db, signal?: AbortSignal): Promise<Vacuumed> {
  const before = await sizeOf(db)
  if (!(await isSliced(db))) await runBeside(db, ['pragma auto_vacuum = incremental', 'vacuum'], signal)
  const handle = handleOf(db)
  while (Number(handle.pragma('freelist_count', { simple: true })) > 0) {
    signal?.throwIfAborted()
    handle.pragma(`incremental_vacuum(${pagesAtOnce})`)
    await pause()
  }
  await sql`pragma wal_checkpoint(passive)`.execute(db) // in its turn: it cannot be done inside a transaction
  return { bytes: Math.max(0, before - (await sizeOf(db))) }
}

/** Whether `vacuum` goes in slices, or needs the whole database for itself once. */
export const isSliced = async (db: Db): Promise<boolean> =>
  handleOf(db).pragma('auto_vacuum', { simple: true }) === 2

async function sizeOf(db: Db): Promise<number> {
  const handle = handleOf(db)
  const [pages, size] = ['page_count', 'page_size'].map((name) =>
    Number(handle.pragma(name, { simple: true })),
  )
  return (pages ?? 0) * (size ?? 0)
}

/** Renews what the query planner knows, from samples of each index: milliseconds on any database. */
export async function analyse(db: Db, signal?: AbortSignal): Promise<void> {
  await runBeside(db, ['pragma analysis_limit = 1000', 'analyze'], signal)
}

/** Builds every index anew, one at a time. @returns how many. */
export async function reindex(db: Db, signal?: AbortSignal): Promise<number> {
  const names = handleOf(db)
    .prepare<[], string>(
      `select name from sqlite_master where type = 'index' and sql is not null order by name`,
    )
    .pluck()
    .all()
  await runBeside(
    db,
    names.map((name) => `reindex "${name}"`),
    signal,
  )
  return names.length
}

/** Reads every page and every reference. @returns what is wrong, in SQLite's words; nothing where all is well. */
export async function checkIntegrity(db: Db, signal?: AbortSignal): Promise<string[]> {
  const [pages = [], orphans = []] = await runBeside(
    db,
    ['pragma integrity_check(20)', 'pragma foreign_key_check'],
    signal,
  )
  const said = pages.map(({ integrity_check }) => String(integrity_check)).filter((line) => line !== 'ok')
  return [
    ...said,
    ...orphans.slice(0, 20).map(({ table, parent }) => `A row of ${table} names no ${parent}.`),
  ]
}
