/**
 * Files: every one that is read or made, as a row under a root.
 */

import type { Insertable, Transaction, Updateable } from 'kysely'
import { newKey } from './keys.ts'
import type { Database, Db, File, FileRole } from './schema.ts'
import { now } from './sessions.ts'

type Tx = Transaction<Database>

export interface LocatedFile extends File {
  /** The root's own path; join it with `path` for where the file is. */
  root_path: string
}

/** In the order they were made, the source first. */
export const filesOf = (db: Db | Tx, sessionId: number): Promise<LocatedFile[]> =>
  db
    .selectFrom('file')
    .innerJoin('root', 'root.id', 'file.root_id')
    .selectAll('file')
    .select('root.path as root_path')
    .where('session_id', '=', sessionId)
    .orderBy('file.id')
    .execute()

/** Paths under a root that other sessions made, which may be the same where one overwrote another. */
export async function filesOfOthers(db: Db, sessionId: number, rootId: number): Promise<Set<string>> {
  const rows = await db
    .selectFrom('file')
    .select('path')
    .where('root_id', '=', rootId)
    .where('session_id', '!=', sessionId)
    .where('operation_id', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.path))
}

/** Adds the row of a finished output; one made again at the same place replaces its facts and keeps its key. */
export async function saveFile(tx: Tx, file: Omit<Insertable<Database['file']>, 'key'>): Promise<void> {
  const { session_id: _session, root_id: _root, path: _path, role: _role, ...facts } = file
  await tx
    .insertInto('file')
    .values({ ...file, key: newKey(), verified_at: now })
    .onConflict((oc) =>
      oc
        .columns(['session_id', 'root_id', 'path', 'role'])
        .doUpdateSet({ ...facts, verified_at: now, missing_at: null, created_at: now }),
    )
    .execute()
}

/** Adds facts to the row of what the session reads. */
export async function updateSource(
  tx: Tx,
  sessionId: number,
  values: Updateable<Database['file']>,
): Promise<void> {
  await tx
    .updateTable('file')
    .set(values)
    .where('session_id', '=', sessionId)
    .where('role', '=', 'source')
    .execute()
}

export async function forgetFiles(db: Db | Tx, ids: number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('file').where('id', 'in', ids).execute()
}

export const findFile = (db: Db, key: string): Promise<LocatedFile | undefined> =>
  db
    .selectFrom('file')
    .innerJoin('root', 'root.id', 'file.root_id')
    .selectAll('file')
    .select('root.path as root_path')
    .where('file.key', '=', key)
    .executeTakeFirst()

/** Those of a session that serve one of these purposes, in the order they were made. */
export const filesInRoles = (db: Db, sessionId: number, roles: FileRole[]): Promise<LocatedFile[]> =>
  db
    .selectFrom('file')
    .innerJoin('root', 'root.id', 'file.root_id')
    .selectAll('file')
    .select('root.path as root_path')
    .where('session_id', '=', sessionId)
    .where('role', 'in', roles)
    .orderBy('file.id')
    .execute()
