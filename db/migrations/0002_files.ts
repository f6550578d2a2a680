/**
 * A row for every file read or made, and what a detector measured in them.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['score', 'file']) await sql.raw(`drop table ${table}`).execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const roles = [
  ...['source', 'rd_source', 'master', 'master_web', 'sheet', 'clip', 'group'],
  ...['still_hq', 'still_web', 'thumbnail', 'rd_hq', 'rd_web', 'log'],
]

const tables = [
  // A file outlives the row of the operation that made it (a cleared log), not its session.
  `create table file (
    id integer primary key autoincrement,
    key text not null unique,
    session_id integer not null references session (id) on delete cascade,
    operation_id integer references operation (id) on delete set null,
    root_id integer not null references root (id),
    path text not null check (path <> '' and path not glob '/*'),
    role text not null check (role in (${roles.map((role) => `'${role}'`).join(', ')})),
    bytes integer check (bytes >= 0),
    sha256 text,
    format text,
    width integer check (width > 0),
    height integer check (height > 0),
    duration real check (duration >= 0),
    frames integer check (frames >= 0),
    frame_rate text,
    time_base text,
    codec text,
    aspect text,
    source_file_id integer references file (id) on delete set null,
    scene integer check (scene >= 1),
    frame integer check (frame >= 0),
    settings text check (settings is null or json_valid(settings)),
    seconds real,
    metadata text check (metadata is null or json_valid(metadata)),
    probe text check (probe is null or json_valid(probe)),
    verified_at text,
    missing_at text,
    created_at text not null default (${now}),
    unique (session_id, root_id, path, role)
  ) strict`,

  `create table score (
    file_id integer not null references file (id) on delete cascade,
    measure text not null,
    start_frame integer not null check (start_frame >= 0),
    frames integer not null check (frames > 0),
    data blob not null,
    primary key (file_id, measure, start_frame)
  ) strict`,
]

const indexes = [
  'create index file_role on file (session_id, role)',
  'create index file_operation on file (operation_id)',
  'create index file_path on file (root_id, path)',
  'create index file_source on file (source_file_id)',
]
