/**
 * Outputs that others are to take the place of: they stay where they are, and do not count as made.
 */

import type { Transaction } from 'kysely'
import type { Database } from './schema.ts'
import { now } from './sessions.ts'

type Tx = Transaction<Database>

/** Exactly these of a session's files are outdated. */
export async function outdate(tx: Tx, sessionId: number, ids: readonly number[]): Promise<void> {
  await tx
    .updateTable('file')
    .set({ outdated_at: null })
    .where('session_id', '=', sessionId)
    .where('outdated_at', 'is not', null)
    .execute()
  if (ids.length > 0) await tx.updateTable('file').set({ outdated_at: now }).where('id', 'in', ids).execute()
}

/** Files have other names, and are of other scenes or groups, by their numbers. One may take the name of another. */
export async function moveFiles(
  tx: Tx,
  moves: readonly { id: number; path: string; scene: number | null }[],
): Promise<void> {
  for (const { id } of moves)
    await tx
      .updateTable('file')
      .set((eb) => ({ path: eb('path', '||', `~${id}`) }))
      .where('id', '=', id)
      .execute()
  for (const { id, ...place } of moves) await tx.updateTable('file').set(place).where('id', '=', id).execute()
}
