/**
 * Who changed what: a row for each change of a preset, a setting or a root, with what was there before and after.
 */

import type { Selectable, Transaction } from 'kysely'
import type { Database, Db } from './schema.ts'

export type Edit = Selectable<Database['edit']>

export interface Change {
  /** What was done, "preset.save". */
  command: string
  /** To what, "preset:mine". */
  subject: string
  /** Null where there was nothing. */
  before: unknown
  /** Null where nothing is left. */
  after: unknown
  /** Null where nobody said. */
  actor: string | null
}

/** Written in the transaction of the change itself. */
export async function recordEdit(
  tx: Db | Transaction<Database>,
  { before, after, ...change }: Change,
): Promise<void> {
  const row = { ...change, before: jsonOf(before), after: jsonOf(after) }
  await tx.insertInto('edit').values(row).execute()
}

/** Changes of one thing, newest first. */
export const editsOf = (db: Db, subject: string, limit: number): Promise<Edit[]> =>
  db
    .selectFrom('edit')
    .selectAll()
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

/** That a backup was put in the place of the database. */
export interface Restore {
  /** Of the backup. */
  name: string
  at: string
  /** Where what was there before is now, absolute; null where nothing was. */
  safety_copy: string | null
}

/** Where the database came from, if it was ever restored. */
export async function lastRestore(db: Db): Promise<Restore | null> {
  const edit = await db
    .selectFrom('edit')
    .select(['subject', 'at', 'after'])
    .where('session_id', 'is', null)
    .where('command', '=', 'restore_database')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!edit) return null
  const { safety_copy = null } = JSON.parse(edit.after ?? '{}') as Partial<Restore>
  return { name: edit.subject, at: edit.at, safety_copy }
}

const jsonOf = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))
