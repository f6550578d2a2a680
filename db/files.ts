/**
 * Files: every one that is read or made, as a row under a root.
 */

import { type Insertable, sql, type Transaction, type Updateable, type UpdateObject } from 'kysely'
import { newKey } from './keys.ts'
import type { Database, Db, File, FileRole, ProofState } from './schema.ts'
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

const shown = [
  ...(['id', 'key', 'role', 'path', 'bytes', 'format', 'codec', 'width', 'height'] as const),
  ...(['duration', 'frames', 'frame_rate', 'scene', 'frame'] as const),
  ...(['operation_id', 'source_file_id', 'missing_at'] as const),
] as const

/** The columns of a file that pages show. Probes, checksums and settings of thousands would cost more than the page. */
export type ShownFile = Pick<File, (typeof shown)[number]> & {
  /** 1 where the frames of the source are known not to be evenly spaced. */
  variable: number | null
}

/** What pages show of a session's files, the source first. */
export const shownFiles = (db: Db, sessionId: number): Promise<ShownFile[]> =>
  db
    .selectFrom('file')
    .select(shown)
    .select(sql<number | null>`iif(role = 'source', probe ->> '$.video.variable', null)`.as('variable'))
    .where('session_id', '=', sessionId)
    .orderBy('id')
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

/**
 * Adds the row of a finished output; one made again at the same place replaces its facts and keeps its key.
 * @returns the row's id.
 */
export async function saveFile(tx: Tx, file: Omit<Insertable<Database['file']>, 'key'>): Promise<number> {
  const { session_id: _session, root_id: _root, path: _path, role: _role, ...facts } = file
  const { id } = await tx
    .insertInto('file')
    .values({ ...file, key: newKey(), verified_at: now })
    .onConflict((oc) =>
      oc
        .columns(['session_id', 'root_id', 'path', 'role'])
        .doUpdateSet({ ...facts, verified_at: now, ...sound, outdated_at: null, created_at: now }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  await forgetChecks(tx, [id])
  return id
}

/** What a check found is of no account once the file was made anew, or proven. */
async function forgetChecks(tx: Tx, ids: number[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('file_check').where('file_id', 'in', ids).execute()
}

const sound = { missing_at: null, torn_at: null }

/** Ids of outputs by what a look at them found. */
export interface Found {
  /** Read, and as recorded. */
  whole: number[]
  missing: number[]
  torn: number[]
}

/** Writes down what was found; nothing is forgotten, so that pages can tell of it until it is made again. */
export async function markFiles(tx: Tx, { whole, missing, torn }: Found): Promise<void> {
  const mark = (ids: number[], values: UpdateObject<Database, 'file'>) =>
    ids.length > 0 ? tx.updateTable('file').set(values).where('id', 'in', ids).execute() : undefined
  await mark(whole, { verified_at: now, ...sound })
  await forgetChecks(tx, whole)
  await mark(missing, { missing_at: now, torn_at: null })
  await mark(torn, { missing_at: null, torn_at: now })
}

/** How many outputs of a session are known to be whole, how many not. */
export type ProofCounts = Record<ProofState, number>

export async function proofOf(db: Db, sessionId: number): Promise<ProofCounts> {
  const rows = await db
    .selectFrom('proof')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('session_id', '=', sessionId)
    .groupBy('state')
    .execute()
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) }
}

const none: ProofCounts = { proven: 0, torn: 0, missing: 0, unproven: 0 }

/** Outputs that are known not to be as they were made, and can be made again. */
export interface Damage {
  torn: number
  missing: number
}

/** What another output is to take the place of does not count. */
export const damageOf = (db: Db, sessionId: number): Promise<Damage> =>
  db
    .selectFrom('file')
    .select((eb) => [
      eb.fn.count<number>('torn_at').as('torn'),
      eb.fn.count<number>('missing_at').as('missing'),
    ])
    .where('session_id', '=', sessionId)
    .where('operation_id', 'is not', null)
    .where('outdated_at', 'is', null)
    .executeTakeFirstOrThrow()

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
