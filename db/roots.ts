/**
 * Roots: the folders that files may lie under, so that rows need no absolute paths.
 */

import path from 'node:path'
import { actorOf } from './actors.ts'
import { recordEdit } from './edits.ts'
import { newKey } from './keys.ts'
import { renameRoot } from './root_changes.ts'
import type { Db, Root, RootKind } from './schema.ts'

/**
 * The root of this kind at `folder`, an absolute path; registered if it is new. The folder need not exist.
 * @throws TypeError when the path is relative: what it means would depend on who asks.
 */
export async function ensureRoot(db: Db, kind: RootKind, folder: string): Promise<Root> {
  if (!path.isAbsolute(folder)) throw new TypeError(`A root needs an absolute path, not “${folder}”.`)
  const row = { kind, path: path.resolve(folder) }
  const known = await findRoot(db, row)
  if (known) return known
  await db
    .insertInto('root')
    .values({ ...row, key: newKey() })
    .onConflict((conflict) => conflict.columns(['kind', 'path']).doNothing())
    .execute()
  // Read again rather than returned: another process may have been faster.
  return findRootOrThrow(db, row)
}

/** @throws NoResultError when there is no such root, which a foreign key does not let happen. */
export const rootById = (db: Db, id: number): Promise<Root> =>
  db.selectFrom('root').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Every root, in the order they came. */
export const listRoots = (db: Db): Promise<Root[]> =>
  db.selectFrom('root').selectAll().orderBy('id').execute()

/** Adds an output root under a name. */
export async function addOutputRoot(db: Db, folder: string, name: string | null): Promise<void> {
  const { key, path: place } = await ensureRoot(db, 'output', folder)
  const change = { command: 'root.add', subject: `root:${key}`, actor: actorOf(db) }
  await recordEdit(db, { ...change, before: null, after: { path: place } })
  await renameRoot(db, key, name)
}

const rootAt = (db: Db, row: Pick<Root, 'kind' | 'path'>) =>
  db.selectFrom('root').selectAll().where('kind', '=', row.kind).where('path', '=', row.path)

const findRoot = (db: Db, row: Pick<Root, 'kind' | 'path'>) => rootAt(db, row).executeTakeFirst()

const findRootOrThrow = (db: Db, row: Pick<Root, 'kind' | 'path'>) =>
  rootAt(db, row).executeTakeFirstOrThrow()
