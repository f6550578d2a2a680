/**
 * What operations took and what had been expected of them: the rows that estimates are learned from.
 */

import { sql, type Transaction } from 'kysely'
import type { Estimate, Past, Range, Sample } from '../workers/media/estimates.ts'
import type { Probe } from '../workers/media/probe.ts'
import type { Database, Db, EstimateMeasure, Session } from './schema.ts'
import { now } from './sessions.ts'

type Tx = Transaction<Database>

/** The newest tell enough: older ones were made by older builds, on older machines. */
const mostSamples = 200
const mostPast = 100

/** Past work of one operation, newest first. */
export const samplesOf = (db: Db, operation: string): Promise<Sample[]> =>
  db
    .selectFrom('work')
    .select(['operation', 'encoder', 'codec', 'width', 'height', 'manner', 'amount'])
    .select(['seconds', 'bytes', 'files'])
    .where('operation', '=', operation)
    .orderBy('id', 'desc')
    .limit(mostSamples)
    .execute()

/** Past work of several operations. */
export async function samplesOfAll(db: Db, operations: readonly string[]): Promise<Sample[]> {
  const lists: Sample[][] = []
  for (const operation of operations) lists.push(await samplesOf(db, operation))
  return lists.flat()
}

/** What a session's operation is expected to take; said anew, it replaces what was said before. */
export async function saveEstimate(
  tx: Db | Tx,
  { sessionKey, operation }: { sessionKey: string; operation: string },
  { samples, basis, ...ranges }: Estimate,
): Promise<void> {
  for (const measure of ['seconds', 'bytes'] as const) {
    const said = { ...ranges[measure], samples, basis }
    await tx
      .insertInto('estimate')
      .values({ session_key: sessionKey, operation, measure, ...said })
      .onConflict((oc) =>
        oc
          .columns(['session_key', 'operation', 'measure'])
          .doUpdateSet({ ...said, at: now, actual: null, settled_at: null }),
      )
      .execute()
  }
}

/** Writes beside an estimate what came of it. */
export async function settleEstimate(
  tx: Tx,
  { sessionKey, operation }: { sessionKey: string; operation: string },
  actual: Record<EstimateMeasure, number>,
): Promise<void> {
  for (const measure of ['seconds', 'bytes'] as const)
    await tx
      .updateTable('estimate')
      .set({ actual: actual[measure], settled_at: now })
      .where('session_key', '=', sessionKey)
      .where('operation', '=', operation)
      .where('measure', '=', measure)
      .execute()
}

/** Keeps what a finished operation took. */
export async function addWork(tx: Tx, session: Session, sample: Sample): Promise<void> {
  await tx
    .insertInto('work')
    .values({ ...sample, session_key: session.key, preset_key: session.preset_key })
    .execute()
}

export interface Said extends Range {
  operation: string
  measure: EstimateMeasure
  samples: number
  basis: string
  actual: number | null
}

/** What was expected of a session's operations, and what came of it so far. */
export const estimatesOf = (db: Db, sessionKey: string): Promise<Said[]> =>
  db
    .selectFrom('estimate')
    .select(['operation', 'measure', 'low', 'likely', 'high', 'samples', 'basis', 'actual'])
    .where('session_key', '=', sessionKey)
    .orderBy('id')
    .execute()

/** The estimates that came to their end last, whose figures can be held against what came. */
export async function pastEstimates(db: Db, measure: EstimateMeasure): Promise<Past[]> {
  const rows = await db
    .selectFrom('estimate')
    .select(['low', 'likely', 'high', 'actual', 'measure'])
    .where('settled_at', 'is not', null)
    .orderBy('settled_at', 'desc')
    .limit(mostPast * 2)
    .execute()
  return rows
    .filter((row) => row.measure === measure)
    .flatMap(({ actual, ...range }) => (actual === null ? [] : [{ ...range, actual }]))
}

/** Scenes a second of film, over the archives that ended last; null before there is one. */
export async function sceneRate(db: Db): Promise<number | null> {
  const rows = await db
    .selectFrom('history')
    .select(['scenes_detected', 'master_duration'])
    .orderBy('completed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(50)
    .execute()
  const seconds = rows.reduce((sum, row) => sum + (row.master_duration ?? 0), 0)
  const scenes = rows.reduce((sum, row) => sum + row.scenes_detected, 0)
  return seconds > 0 && scenes > 0 ? scenes / seconds : null
}

/** What a session's master is; undefined before it was looked at. */
export async function masterFacts(db: Db | Tx, sessionId: number) {
  const row = await db
    .selectFrom('file')
    .select(['frames', 'probe'])
    .where('session_id', '=', sessionId)
    .where('role', '=', 'source')
    .orderBy('id')
    .executeTakeFirst()
  if (!row?.probe) return undefined
  return { frames: row.frames, probe: JSON.parse(row.probe) as Probe }
}

/** What an operation has made since it was started: files, their bytes and megapixels (of all frames of a video). */
export async function madeBy(tx: Tx, operationId: number) {
  const { rows } = await sql<{ files: number; bytes: number; megapixels: number; seconds: number | null }>`
    select count(file.id) as files, coalesce(sum(file.bytes), 0) as bytes,
      coalesce(sum(1e-6 * file.width * file.height * coalesce(file.frames, 1)), 0.0) as megapixels,
      operation.seconds
    from operation
    left join file on file.operation_id = operation.id and file.created_at >= operation.started_at
    where operation.id = ${operationId}
  `.execute(tx)
  return rows[0]
}

/** Bytes that a session has made, and the seconds its operations worked. */
export async function sessionTotals(tx: Tx, sessionId: number): Promise<Record<EstimateMeasure, number>> {
  const { bytes } = await tx
    .selectFrom('file')
    .select(({ fn }) => fn.sum<number | null>('bytes').as('bytes'))
    .where('session_id', '=', sessionId)
    .where('operation_id', 'is not', null)
    .executeTakeFirstOrThrow()
  const { seconds } = await tx
    .selectFrom('operation')
    .select(({ fn }) => fn.sum<number | null>('seconds').as('seconds'))
    .where('session_id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return { bytes: bytes ?? 0, seconds: seconds ?? 0 }
}
