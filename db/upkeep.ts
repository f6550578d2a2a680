/**
 * Runs of maintenance tasks: claimed so that one process performs one at a time, and what is known of them.
 */

import { sql } from 'kysely'
import type { Db, MaintenanceCause, MaintenanceRun, MaintenanceTask } from './schema.ts'
import { now } from './sessions.ts'

/** A run whose owner gave no sign of life for this long was interrupted, seconds. */
const staleSeconds = 60

/** Said to run by a row whose owner gives no sign of life any more. */
const isSilent = sql<number>`
  maintenance_run.status = 'running'
  and maintenance_run.heartbeat_at < datetime('now', ${`-${staleSeconds} seconds`})
`
const isHeard = sql<boolean>`not (${isSilent})`

/** What is told of such a run, whether it was written down yet or not. */
const interrupted = { status: 'interrupted', summary: 'The process that performed it ended.' } as const

export interface NewRun {
  task: MaintenanceTask
  cause: MaintenanceCause
  /** Who asked for it, where that is known. */
  actor?: string | null
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
      .set({ ...interrupted, finished_at: now })
      .where(sql<boolean>`${isSilent}`)
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
    .where(isHeard)
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

/** Runs as they are told. */
const told = (db: Db) =>
  db.selectFrom('maintenance_run').selectAll().select(isSilent.as('is_silent')).orderBy('id', 'desc')

const asTold = ({ is_silent, ...run }: MaintenanceRun & { is_silent: number }): MaintenanceRun =>
  is_silent ? { ...run, ...interrupted } : run

/** The latest run of a task, whatever became of it. */
export async function lastRun(db: Db, task: MaintenanceTask): Promise<MaintenanceRun | null> {
  const run = await told(db).where('task', '=', task).limit(1).executeTakeFirst()
  return run ? asTold(run) : null
}

/** The run that is under way in any process. */
export const runningRun = (db: Db): Promise<MaintenanceRun | undefined> =>
  db
    .selectFrom('maintenance_run')
    .selectAll()
    .where('status', '=', 'running')
    .where(isHeard)
    .executeTakeFirst()

/** The latest runs of all tasks, newest first. */
export const latestRuns = async (db: Db, limit: number): Promise<MaintenanceRun[]> =>
  (await told(db).limit(limit).execute()).map(asTold)
