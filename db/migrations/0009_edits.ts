/**
 * Undo and redo: which edits can be done again, and the cuts that a person took away, which no re-cut brings back.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...triggers.map(({ body }) => body)])
    await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const { name } of triggers) await sql.raw(`drop trigger ${name}`).execute(db)
  await sql`drop table removed_cut`.execute(db)
  await sql`alter table edit drop column superseded_at`.execute(db)
}

const tables = [
  'alter table edit add column superseded_at text',
  `create table removed_cut (
    session_id integer not null references session (id) on delete cascade,
    frame integer not null check (frame > 0),
    primary key (session_id, frame)
  ) strict`,
]

/** An edit is told with its session's scenes, also where it changed none of them: what can be undone is another thing. */
const announce = `
    delete from event where topic = 'scene' and subject = (select key from session where id = new.session_id);
    insert into event (topic, subject) select 'scene', key from session where id = new.session_id;`

const triggers = [
  { name: 'edit_added', body: `create trigger edit_added after insert on edit begin ${announce}\n  end` },
  {
    name: 'edit_undone',
    body: `create trigger edit_undone after update of undone_at on edit
  when old.undone_at is not new.undone_at begin ${announce}\n  end`,
  },
]
