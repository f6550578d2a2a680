/**
 * Runs of maintenance tasks: claimed so that one process performs one at a time, and what is known of them.
 */

import { sql } from 'kysely'
import type { Db, MaintenanceCause, MaintenanceRun, MaintenanceTask } from './schema.ts'
import { now } from './sessions.ts'

/** A run whose owner gave no sign of life for this long was interrupted, seconds. */
const staleSeconds = 60

export interface NewRun {
  task: MaintenanceTask
  cause: MaintenanceCause
  /** `host:pid:start` of this process. */
  owner: string
  /** The run is only begun if none of this task began since then: `YYYY-MM-DD HH:MM:SS.SSS`. */
  unlessSince?: string
}

/** Begins a run, unless one is under way in any process; then null. */
export function beginRun(db: Db, { unlessSince, ...run }: NewRun): Promise<MaintenanceRun | null> {
  return db.transaction().execute(async (tx) => {
    await tx
      .updateTable('maintenance_run')
      .set({ status: 'interrupted', finished_at: now, summary: 'The process that performed it ended.' })
      .where('status', '=', 'running')
      .where('heartbeat_at', '<', sql<string>`datetime('now', ${`-${staleSeconds} seconds`})`)
      .execute()
    const running = await tx
      .selectFrom('maintenance_run')
      .select('id')
      .where('status', '=', 'running')
      .executeTakeFirst()
    if (running) return null
    if (unlessSince !== undefined && (await hasRunSince(tx, run.task, unlessSince))) return null
    return tx.insertInto('maintenance_run').values(run).returningAll().executeTakeFirstOrThrow()
  })
}

async function hasRunSince(db: Db, task: MaintenanceTask, since: string): Promise<boolean> {
  const last = await lastCountedRun(db, task)
  return last !== undefined && last.started_at >= since
}

/** The latest run of a task that was not interrupted: one that was is made up. */
export const lastCountedRun = (db: Db, task: MaintenanceTask): Promise<MaintenanceRun | undefined> =>
  db
    .selectFrom('maintenance_run')
    .selectAll()
    .where('task', '=', task)
    .where('status', '!=', 'interrupted')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** A sign of life. False where the run is not ours any more. */
export async function beatRun(db: Db, { id, owner }: MaintenanceRun): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('maintenance_run')
    .set({ heartbeat_at: now })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0
}

export interface Outcome {
  status: 'completed' | 'failed' | 'interrupted'
  /** What it did, or why it could not, in a sentence. */
  summary: string
  seconds: number
}

export async function endRun(db: Db, { id }: MaintenanceRun, outcome: Outcome): Promise<void> {
  await db
    .updateTable('maintenance_run')
    .set({ ...outcome, finished_at: now })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

/** The latest run of a task, whatever became of it. */
export async function lastRun(db: Db, task: MaintenanceTask): Promise<MaintenanceRun | null> {
  const run = await db
    .selectFrom('maintenance_run')
    .selectAll()
    .where('task', '=', task)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return run ?? null
}

/** The run that is under way in any process. */
export const runningRun = (db: Db): Promise<MaintenanceRun | undefined> =>
  db.selectFrom('maintenance_run').selectAll().where('status', '=', 'running').executeTakeFirst()

/** The latest runs of all tasks, newest first. */
export const latestRuns = (db: Db, limit: number): Promise<MaintenanceRun[]> =>
  db.selectFrom('maintenance_run').selectAll().orderBy('id', 'desc').limit(limit).execute()
