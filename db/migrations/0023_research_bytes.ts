/**
 * What lies in a session's R&D folder, in bytes: with it room and time are estimated. What was learned by the number of
 * its files is forgotten, since a film and a picture are each one file.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table session add column rd_bytes integer check (rd_bytes >= 0)`.execute(db)
  await forget(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table session drop column rd_bytes`.execute(db)
  await forget(db)
}

const forget = (db: Kysely<unknown>) => sql`delete from work where operation = 'research'`.execute(db)
