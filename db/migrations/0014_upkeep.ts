/**
 * Upkeep: a row for every run of a maintenance task, the settings of its schedule, room on the disk, and files by when
 * they were last verified.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes, ...columns, ...triggers])
    await sql.raw(statement).execute(db)
  for (const [key, value, type, category, description] of defaults) {
    await sql`
      insert into setting (key, value, value_type, category, description)
      values (${key}, ${value}, ${type}, ${category}, ${description})
    `.execute(db)
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [key] of defaults) await sql`delete from setting where key = ${key}`.execute(db)
  await sql`drop view session_room`.execute(db)
  await sql`drop trigger session_waits_for_room`.execute(db)
  for (const column of ['bytes_needed', 'bytes_short'])
    await sql.raw(`alter table session drop column ${column}`).execute(db)
  await sql`drop index file_verified`.execute(db)
  await sql`drop table maintenance_run`.execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tasks = ['retention', 'backup', 'fixity', 'vacuum', 'analyze', 'reindex', 'integrity', 'statistics']

const tables = [
  `create table maintenance_run (
    id integer primary key autoincrement,
    task text not null check (task in (${tasks.map((task) => `'${task}'`).join(', ')})),
    cause text not null check (cause in ('person', 'schedule')),
    status text not null default 'running' check (status in ('running', 'completed', 'failed', 'interrupted')),
    owner text not null,
    heartbeat_at text not null default (${now}),
    started_at text not null default (${now}),
    finished_at text,
    seconds real,
    summary text,
    actor text
  ) strict`,
]

const indexes = [
  'create index maintenance_run_task on maintenance_run (task, id)',
  // The claim: of all processes that share this database, one performs one task at a time.
  `create unique index maintenance_run_one on maintenance_run (status) where status = 'running'`,
  `create index file_verified on file (verified_at, id) where sha256 is not null and operation_id is not null`,
]

const columns = [
  // What the whole session takes, by the estimate; null until its master was looked at.
  'alter table session add column bytes_needed integer check (bytes_needed >= 0)',
  // What must be freed before it goes on; null where it does not wait for room.
  'alter table session add column bytes_short integer check (bytes_short > 0)',
  `create view session_room as
    select
      session.id as session_id,
      session.output_root_id as root_id,
      session.output_path is not null as begun,
      session.bytes_needed,
      session.bytes_short,
      coalesce((
        select sum(bytes) from file where session_id = session.id and operation_id is not null
      ), 0) as bytes_written
    from session
    where session.status in ('initialized', 'processing', 'waiting', 'paused')`,
]

const triggers = [
  `create trigger session_waits_for_room after update of bytes_short on session
  when old.bytes_short is not new.bytes_short
  begin
    delete from event where topic = 'session' and subject = new.key;
    insert into event (topic, subject) values ('session', new.key);
  end`,
]

const defaults = [
  ['disk_reserve_gigabytes', '1', 'real', 'upkeep', 'Room that is kept free on the disk of the outputs'],
  ['retention_unfinished_days', '30', 'integer', 'upkeep', 'Days after which an unfinished session goes'],
  ['retention_finished_days', '30', 'integer', 'upkeep', 'Days after which a finished session goes'],
  ['retention_history_days', '90', 'integer', 'upkeep', 'Days after which history moves to its archive'],
  ['retention_log_days', '30', 'integer', 'upkeep', 'Days after which the log text of operations goes'],
  ['schedule_enabled', '1', 'boolean', 'upkeep', 'Maintenance by itself in quiet hours'],
  ['schedule_hour', '3', 'integer', 'upkeep', 'The hour, 0 to 23, at which maintenance begins'],
  ['schedule_retention', 'never', 'string', 'upkeep', 'How often old sessions are removed'],
  ['schedule_backup', 'daily', 'string', 'upkeep', 'How often a backup is made'],
  ['schedule_fixity', 'daily', 'string', 'upkeep', 'How often outputs are verified'],
  ['schedule_vacuum', 'weekly', 'string', 'upkeep', 'How often the database gives unused space back'],
  ['schedule_analyze', 'weekly', 'string', 'upkeep', 'How often what the query planner knows is renewed'],
  ['schedule_reindex', 'monthly', 'string', 'upkeep', 'How often indexes are built anew'],
  ['schedule_integrity', 'weekly', 'string', 'upkeep', 'How often the database is checked'],
  ['fixity_gigabytes', '50', 'real', 'upkeep', 'How much is verified in one night'],
] as const
