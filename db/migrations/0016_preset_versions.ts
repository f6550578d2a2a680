/**
 * A preset counts the changes of its settings, and a session says which of them it was made with.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger preset_versioned`.execute(db)
  await sql`alter table session drop column preset_version`.execute(db)
  await sql`alter table preset drop column version`.execute(db)
}

const statements = [
  'alter table preset add column version integer not null default 1 check (version >= 1)',

  // Null where nobody can tell: the preset has been changed since, or has gone.
  'alter table session add column preset_version integer check (preset_version >= 1)',
  `update session set preset_version = 1
  where exists (
    select 1 from preset
    where preset.key = session.preset_key and overrides = '{}' and json(preset.settings) = json(preset_settings)
  )`,

  // Of settings only: another name or description makes no output stale.
  `create trigger preset_versioned after update of settings on preset
  when json(old.settings) is not json(new.settings)
  begin
    update preset set version = old.version + 1 where id = new.id;
  end`,
]
