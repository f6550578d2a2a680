/**
 * How each output was made; which of them are to be made anew; what was found of files on disk.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index file_missing`.execute(db)
  for (const table of ['stray', 'survey', 'file_check', 'lineage_command', 'lineage', 'command'])
    await sql.raw(`drop table ${table}`).execute(db)
  await sql`alter table file drop column outdated_at`.execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tables = [
  'alter table file add column outdated_at text',

  // Many clips come out of one command: it is kept once, and found again by its checksum.
  `create table command (
    id integer primary key autoincrement,
    session_id integer not null references session (id) on delete cascade,
    sha256 text not null,
    arguments text not null check (json_valid(arguments)),
    unique (session_id, sha256)
  ) strict`,

  // `preset_key` is no foreign key: deleting a preset changes no output.
  `create table lineage (
    file_id integer not null unique references file (id) on delete cascade,
    preset_key text not null,
    preset_version integer,
    wanted text not null check (json_valid(wanted)),
    ranges text check (ranges is null or json_valid(ranges))
  ) strict`,

  `create table lineage_command (
    file_id integer not null references lineage (file_id) on delete cascade,
    position integer not null,
    command_id integer not null references command (id) on delete cascade,
    primary key (file_id, position)
  ) strict`,

  `create table file_check (
    file_id integer not null unique references file (id) on delete cascade,
    state text not null check (state in ('checking', 'whole', 'changed', 'missing', 'unreadable')),
    bytes integer,
    sha256 text,
    seconds real,
    message text,
    at text not null default (${now})
  ) strict`,

  `create table survey (
    id integer primary key autoincrement,
    state text not null check (state in ('running', 'done', 'failed')),
    looked_at integer not null default 0,
    missing integer not null default 0,
    strays integer not null default 0,
    stray_bytes integer not null default 0,
    whole integer not null default 1 check (whole in (0, 1)),
    message text,
    started_at text not null default (${now}),
    finished_at text
  ) strict`,

  `create table stray (
    survey_id integer not null references survey (id) on delete cascade,
    root_id integer not null references root (id),
    path text not null,
    bytes integer not null,
    modified_at text not null,
    primary key (survey_id, root_id, path)
  ) strict`,
]

const indexes = [
  'create index lineage_command_command on lineage_command (command_id)',
  'create index stray_root on stray (root_id)',
  'create index file_missing on file (id) where missing_at is not null',
]
