/**
 * What upkeep looks for by age: the log text of operations, and sessions that ended.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of indexes) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of ['operation_said', 'session_completed']) await sql.raw(`drop index ${name}`).execute(db)
}

const indexes = [
  `create index operation_said on operation (finished_at, id) where warnings <> '[]'`,
  `create index session_completed on session (completed_at) where completed_at is not null`,
]
