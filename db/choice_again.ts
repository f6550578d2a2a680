/**
 * The choice of a completed session opened again: to be changed and confirmed anew, or left as it was.
 */

import { actorOf } from './actors.ts'
import { choosing, notChoosing } from './choosing.ts'
import { edit } from './room_edits.ts'
import { compare, readRoom, restore, type RoomPart, stateOf, wholeOf } from './room_state.ts'
import type { Db } from './schema.ts'
import { updateSession } from './sessions.ts'

/**
 * Opens the choice of a completed session again: its cuts, ticks and groups can be changed until it is confirmed anew or
 * left. What was made stays.
 * @throws ChoiceError `not_choosing` unless the session is completed, and a choice was made.
 */
export function reopenChoice(db: Db, sessionId: number): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const { operation, status } = await choosing(tx, sessionId)
    if (status !== 'completed' || operation?.status !== 'completed') throw notChoosing()
    await tx
      .updateTable('operation')
      .set({ status: 'waiting', progress: 0 })
      .where('id', '=', operation.id)
      .execute()
    await updateSession(tx, sessionId, { status: 'waiting', choice: null })
    const after = JSON.stringify(wholeOf(await readRoom(tx, sessionId)))
    const told = { session_id: sessionId, command: reopening, subject: '', actor: actorOf(db), after }
    await tx.insertInto('edit').values(told).execute()
  })
}

const [reopening, leaving] = ['choice.reopen', 'choice.leave']

/**
 * Leaves a choice that was opened again: the room is again what it was then, and the session is completed.
 * @throws ChoiceError `not_choosing` where none was opened again, or where steps are being tried again meanwhile.
 */
export function leaveChoice(db: Db, sessionId: number): Promise<void> {
  return edit(db, sessionId, { command: leaving, subject: '', always: true }, async (tx, room) => {
    const opened = await reopened(tx, sessionId)
    if (!opened) throw notChoosing()
    const changed = compare(room, stateOf(JSON.parse(opened.after ?? '{}') as Required<RoomPart>))
    if (changed) await restore(tx, sessionId, changed.after)
    await tx
      .updateTable('operation')
      .set({ status: 'completed', progress: 1 })
      .where('session_id', '=', sessionId)
      .where('name', '=', 'choose')
      .execute()
    await updateSession(tx, sessionId, { wanted: 'run', status: 'completed' })
  })
}

/** Whether the session waits for nothing but a choice that was opened again. */
export const isReopened = async (db: Db, sessionId: number): Promise<boolean> =>
  (await reopened(db, sessionId)) !== undefined

async function reopened(db: Db, sessionId: number) {
  const waiting = await db
    .selectFrom('session')
    .select('id')
    .where('id', '=', sessionId)
    .where('status', '=', 'waiting')
    .where('owner', 'is', null)
    .executeTakeFirst()
  if (!waiting || (await isToBeDone(db, sessionId))) return undefined
  const last = await db
    .selectFrom('edit')
    .select(['command', 'after'])
    .where('session_id', '=', sessionId)
    .where('command', 'in', [reopening, 'choice.confirm', leaving])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.command === reopening ? last : undefined
}

/** Whether anything but the choice itself is still to be done. */
export async function isToBeDone(db: Db, sessionId: number): Promise<boolean> {
  const open = await db
    .selectFrom('operation')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('name', '!=', 'choose')
    .where('status', 'in', ['pending', 'processing', 'waiting'])
    .executeTakeFirst()
  return open !== undefined
}
