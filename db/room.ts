/**
 * Room on the disk: what sessions that have not ended take, and what they wait for.
 */

import type { Db, Root } from './schema.ts'

export interface RoomNeed {
  session_id: number
  root_id: number
  root_path: string
  /** 1 = it has a project folder. */
  begun: number
  /** By the estimate; null until its master was looked at. */
  bytes_needed: number | null
  bytes_short: number | null
  bytes_written: number
}

/** Of every session that has not ended, oldest first. */
export const roomNeeds = (db: Db): Promise<RoomNeed[]> =>
  db
    .selectFrom('session_room')
    .innerJoin('root', 'root.id', 'session_room.root_id')
    .selectAll('session_room')
    .select('root.path as root_path')
    .orderBy('session_id')
    .execute()

/** What a session will still write: its estimate less what it has written. */
export const stillNeeded = ({ bytes_needed, bytes_written }: RoomNeed): number =>
  Math.max(0, (bytes_needed ?? 0) - bytes_written)

export async function saveNeed(db: Db, sessionId: number, bytes: number): Promise<void> {
  await db.updateTable('session').set({ bytes_needed: bytes }).where('id', '=', sessionId).execute()
}

/** @param bytes to be freed before it goes on; null where it goes on. */
export async function saveShortage(db: Db, sessionId: number, bytes: number | null): Promise<void> {
  await db
    .updateTable('session')
    .set({ bytes_short: bytes })
    .where('id', '=', sessionId)
    .where('bytes_short', 'is not', bytes)
    .execute()
}

/** Folders that outputs lie in, of all sessions that ever were. */
export const outputRoots = (db: Db): Promise<Root[]> =>
  db.selectFrom('root').selectAll().where('kind', '=', 'output').orderBy('id').execute()
