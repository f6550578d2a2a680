/**
 * Keeping the database: how backups are made, and which databases of the Video Archive Tool were taken in.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(table).execute(db)
  for (const [key, value, type, category, description] of defaults) {
    await sql`
      insert into setting (key, value, value_type, category, description)
      values (${key}, ${value}, ${type}, ${category}, ${description})
    `.execute(db)
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [key] of defaults) await sql`delete from setting where key = ${key}`.execute(db)
  await sql`drop table state_import`.execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const table = `create table state_import (
    id integer primary key autoincrement,
    path text not null,
    sha256 text not null unique,
    bytes integer not null check (bytes >= 0),
    report text not null check (json_valid(report)),
    actor text,
    imported_at text not null default (${now})
  ) strict`

const defaults = [
  ['backups_kept', '10', 'integer', 'upkeep', 'How many backups of each kind are kept'],
  ['backup_gzip', '0', 'boolean', 'upkeep', 'Whether backups are compressed'],
] as const
