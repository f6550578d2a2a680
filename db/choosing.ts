/**
 * Whether a session's choice is still open, and what stands in the way of one.
 */

import type { Transaction } from 'kysely'
import type { Database } from './schema.ts'

type Tx = Transaction<Database>

/** What stands in a choice's way. */
export class ChoiceError extends Error {
  override name = 'ChoiceError'
  code:
    | 'not_choosing'
    | 'scene_not_found'
    | 'group_not_found'
    | 'group_too_small'
    | 'cut_not_possible'
    | 'changed_meanwhile'
    | 'nothing_to_undo'

  constructor(code: ChoiceError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Ticks may be set and cuts moved as soon as there are scenes, until the choice is made. @throws ChoiceError `not_choosing`. */
export async function whileChoosing(tx: Tx, sessionId: number): Promise<void> {
  const { operation, ended, choice } = await choosing(tx, sessionId)
  const open = operation?.status === 'waiting' || operation?.status === 'pending'
  if (!open || ended || choice !== null) throw notChoosing()
}

export async function choosing(tx: Tx, sessionId: number) {
  const { status, choice } = await tx
    .selectFrom('session')
    .select(['status', 'choice'])
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  const operation = await tx
    .selectFrom('operation')
    .select(['id', 'status'])
    .where('session_id', '=', sessionId)
    .where('name', '=', 'choose')
    .executeTakeFirst()
  return { operation, choice, status, ended: ['completed', 'failed', 'cancelled'].includes(status) }
}

export const notChoosing = () => new ChoiceError('not_choosing', 'This session is not waiting for a choice.')
