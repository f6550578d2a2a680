/**
 * Operations: which are there, which start, how far they are, how they ended.
 */

import { sql, type Transaction, type UpdateObject } from 'kysely'
import type { Database, Db, Operation, Session } from './schema.ts'
import { asOwner, type Claim, now, updateSession } from './sessions.ts'

type Tx = Transaction<Database>

export const operationsOf = (db: Db | Tx, sessionId: number): Promise<Operation[]> =>
  db.selectFrom('operation').selectAll().where('session_id', '=', sessionId).orderBy('sequence').execute()

/** What tells whether somebody still works on a session. */
export type Ownership = Pick<Session, 'owner' | 'heartbeat_at'>

export interface Bound {
  /** How many operations may run at once, over all sessions and processes. */
  most: number
  /** What an owner that has died left as `processing` does not count. */
  isAlive(session: Ownership): boolean
}

/** Marks a pending operation as processing unless too many run already. False where it may not start now. */
export function startOperation(db: Db, claim: Claim, id: number, bound: Bound): Promise<boolean> {
  return asOwner(db, claim, async (tx) => {
    const running = await tx
      .selectFrom('operation')
      .innerJoin('session', 'session.id', 'operation.session_id')
      .select(['session.owner', 'session.heartbeat_at'])
      .where('operation.status', '=', 'processing')
      .execute()
    if (running.filter((session) => bound.isAlive(session)).length >= bound.most) return false
    const started = await tx
      .updateTable('operation')
      .set({ ...fresh, status: 'processing', started_at: now })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returning('id')
      .executeTakeFirst()
    if (started) await updateSession(tx, claim.sessionId, { status: 'processing' })
    return started !== undefined
  })
}

/** Writes to one operation on behalf of the session's owner. */
export function updateOperation(
  db: Db,
  claim: Claim,
  id: number,
  values: UpdateObject<Database, 'operation'>,
): Promise<void> {
  return asOwner(db, claim, async (tx) => {
    await tx.updateTable('operation').set(values).where('id', '=', id).execute()
  })
}

export interface Measured {
  id: number
  progress: number
  unit: string
  units_done: number
  units_total: number
  units_per_second: number | null
  seconds_left: number | null
}

/** Many operations' progress in one statement; a claim that has become void is passed over. */
export async function saveProgress(db: Db, rows: { claim: Claim; measured: Measured }[]): Promise<void> {
  const flat = rows.map(({ claim, measured }) => ({ ...claim, ...measured }))
  await sql`
    update operation set
      progress = value ->> 'progress',
      unit = value ->> 'unit',
      units_done = value ->> 'units_done',
      units_total = value ->> 'units_total',
      units_per_second = value ->> 'units_per_second',
      seconds_left = value ->> 'seconds_left'
    from json_each(${JSON.stringify(flat)}) join session on session.id = value ->> 'sessionId'
      and session.owner = value ->> 'owner' and session.generation = value ->> 'generation'
    where operation.id = value ->> 'id' and operation.status = 'processing'
  `.execute(db)
}

/** Puts operations back to where they may start again; what they emitted stays and counts as done. */
export async function resetOperations(db: Db | Tx, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('operation')
    .set((eb) => ({
      ...fresh,
      status: 'pending',
      // What was skipped was never attempted.
      attempt: eb('attempt', '+', eb.case().when('started_at', 'is', null).then(0).else(1).end()),
      warnings: '[]',
    }))
    .where('id', 'in', ids)
    .execute()
}

const fresh = {
  progress: 0,
  unit: null,
  units_done: null,
  units_total: null,
  units_per_second: null,
  seconds_left: null,
  error_code: null,
  error_message: null,
  started_at: null,
  finished_at: null,
  seconds: null,
} as const

/** Records a child, so that a later start can end it should this process die. */
export async function recordProcess(
  db: Db,
  row: { operation_id: number; host: string; pid: number; started: string },
) {
  await db.insertInto('process').values(row).execute()
}

export async function forgetProcess(db: Db, operationId: number, pid: number): Promise<void> {
  await db.deleteFrom('process').where('operation_id', '=', operationId).where('pid', '=', pid).execute()
}

/** The children recorded for a session, oldest first. */
export const processesOf = (db: Db, sessionId: number) =>
  db
    .selectFrom('process')
    .innerJoin('operation', 'operation.id', 'process.operation_id')
    .select(['process.operation_id', 'process.host', 'process.pid', 'process.started'])
    .where('operation.session_id', '=', sessionId)
    .orderBy('process.id')
    .execute()
