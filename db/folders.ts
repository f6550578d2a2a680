/**
 * Project folders: which of a root are in use by sessions, and which were ours.
 */

import type { Db, Root } from './schema.ts'
import { isAlone } from './sessions.ts'

export interface OpenFolder {
  /** The session's. */
  key: string
  /** Null until it has claimed one. */
  output_path: string | null
}

/** Of the sessions under this root that have not ended, or whose files a command is moving. */
export const openFolders = (db: Db, rootId: number): Promise<OpenFolder[]> =>
  db
    .selectFrom('session')
    .select(['key', 'output_path'])
    .where((eb) =>
      eb.or([eb('status', 'in', ['initialized', 'processing', 'waiting', 'paused']), eb.not(isAlone)]),
    )
    .where('output_root_id', '=', rootId)
    .execute()

/** Whether a folder under a root was a session's of this database, by its row or, once it is deleted, its history. */
export async function isFolderOurs(db: Db, root: Root, name: string): Promise<boolean> {
  const session = await db
    .selectFrom('session')
    .select('id')
    .where('output_root_id', '=', root.id)
    .where('output_path', '=', name)
    .executeTakeFirst()
  if (session) return true
  const folder = `${root.path.replace(/\/$/, '')}/${name}`
  const past = await db
    .selectFrom('history')
    .select('id')
    .where('output_path', '=', folder)
    .executeTakeFirst()
  return past !== undefined
}
