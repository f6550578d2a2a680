/**
 * A preset or setting that changes is younger afterwards than it was, even where both fall into one millisecond: that is
 * how a change is known from what was looked at before it.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await recreate(
    db,
    (table) => `max(${now}, strftime('%Y-%m-%d %H:%M:%f', ${table}.modified_at, '+0.001 seconds'))`,
  )
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await recreate(db, () => now)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

async function recreate(db: Kysely<unknown>, instant: (table: string) => string): Promise<void> {
  for (const statement of [
    'drop trigger preset_modified',
    `create trigger preset_modified after update of name, base, category, description, settings on preset
  when old.name is not new.name or old.base is not new.base or old.category is not new.category
    or old.description is not new.description or old.settings is not new.settings
  begin
    update preset set modified_at = ${instant('preset')} where id = new.id;
  end`,
    'drop trigger setting_modified',
    `create trigger setting_modified after update of value on setting
  when old.value is not new.value
  begin
    update setting set modified_at = ${instant('setting')} where key = new.key;
  end`,
  ])
    await sql.raw(statement).execute(db)
}
