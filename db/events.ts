/**
 * The event feed. Triggers write it; this is all there is to reading it.
 */

import type { Selectable } from 'kysely'
import type { Database, Db } from './schema.ts'

export type Event = Selectable<Database['event']>

/**
 * What changed after event `id`, oldest first, at most `limit`. Each topic and subject stands once, with its
 * latest change; for more, ask again after the last one's id.
 */
export const changesAfter = (db: Db, id: number, limit = 1000): Promise<Event[]> =>
  db.selectFrom('event').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute()

/** The id of the newest event, 0 before the first. */
export async function lastEventId(db: Db): Promise<number> {
  const { last } = await db
    .selectFrom('event')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? 0
}
