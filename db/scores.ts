/**
 * Scores: what a detector measured, kept in stretches of frames so that any threshold can be tried again.
 */

import type { Transaction } from 'kysely'
import type { Database, Db } from './schema.ts'

type Tx = Transaction<Database>

/**
 * Adds (or replaces) one stretch of what was measured of a session's source; every array holds one number
 * a frame. The stretch that begins at frame 0 replaces all that was measured before.
 */
export async function saveScores(
  tx: Tx,
  sessionId: number,
  startFrame: number,
  measures: Record<string, Float64Array>,
): Promise<void> {
  const { id } = await tx
    .selectFrom('file')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('role', '=', 'source')
    .executeTakeFirstOrThrow()
  if (startFrame === 0) await tx.deleteFrom('score').where('file_id', '=', id).execute()
  for (const [measure, values] of Object.entries(measures)) {
    const row = {
      frames: values.length,
      data: Buffer.from(values.buffer, values.byteOffset, values.byteLength),
    }
    await tx
      .insertInto('score')
      .values({ file_id: id, measure, start_frame: startFrame, ...row })
      .onConflict((oc) => oc.columns(['file_id', 'measure', 'start_frame']).doUpdateSet(row))
      .execute()
  }
}

/** One measure of a whole file, in frame order; undefined where it was never taken. */
export async function readScores(
  db: Db | Tx,
  fileId: number,
  measure: string,
): Promise<Float64Array | undefined> {
  const stretches = await db
    .selectFrom('score')
    .select(['start_frame', 'data'])
    .where('file_id', '=', fileId)
    .where('measure', '=', measure)
    .orderBy('start_frame')
    .execute()
  if (stretches.length === 0) return undefined
  const frames = stretches.reduce((sum, { data }) => sum + data.byteLength / 8, 0)
  const values = new Float64Array(frames)
  const bytes = new Uint8Array(values.buffer)
  let offset = 0
  for (const { data } of stretches) {
    bytes.set(data, offset)
    offset += data.byteLength
  }
  return values
}
