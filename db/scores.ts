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
  return stretches.length === 0 ? undefined : joined(stretches.map(({ data }) => data))
}

/**
 * Measures of a file's first frames, as far as the stretches of each follow one another; empty where there is none.
 * @param only names of those that are wanted; all unless given.
 */
export async function readMeasured(
  db: Db | Tx,
  fileId: number,
  only?: readonly string[],
): Promise<Record<string, Float64Array>> {
  const stretches = await db
    .selectFrom('score')
    .select(['measure', 'start_frame', 'frames', 'data'])
    .where('file_id', '=', fileId)
    .$if(only !== undefined, (query) => query.where('measure', 'in', only ?? []))
    .orderBy('measure')
    .orderBy('start_frame')
    .execute()
  const found: Record<string, { frames: number; stretches: Uint8Array[] }> = {}
  for (const { measure, start_frame, frames, data } of stretches) {
    const column = (found[measure] ??= { frames: 0, stretches: [] })
    if (column.frames !== start_frame) continue
    column.frames += frames
    column.stretches.push(data)
  }
  return Object.fromEntries(Object.entries(found).map(([name, column]) => [name, joined(column.stretches)]))
}

/** Float64 as they are stored, in order. */
function joined(stretches: Uint8Array[]): Float64Array {
  const bytes = new Uint8Array(stretches.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let offset = 0
  for (const data of stretches) {
    bytes.set(data, offset)
    offset += data.byteLength
  }
  return new Float64Array(bytes.buffer)
}
