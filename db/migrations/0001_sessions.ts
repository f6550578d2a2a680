/**
 * Roots, sessions, their operations and those operations' child processes.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes, ...triggers]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['process', 'operation', 'session', 'root']) {
    await sql.raw(`drop table ${table}`).execute(db)
  }
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tables = [
  `create table root (
    id integer primary key autoincrement,
    key text not null unique,
    kind text not null check (kind in ('media', 'output', 'source')),
    path text not null,
    created_at text not null default (${now}),
    unique (kind, path)
  ) strict`,

  // `preset_key` is no foreign key: deleting a preset changes no session.
  `create table session (
    id integer primary key autoincrement,
    key text not null unique,
    pipeline text not null,
    artwork text not null check (artwork <> ''),
    project_date text not null check (project_date glob '[0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    rd_root_id integer references root (id),
    rd_path text,
    output_root_id integer not null references root (id),
    output_path text,
    if_exists text not null default 'version' check (if_exists in ('version', 'overwrite', 'fail')),
    preset_key text not null,
    preset_settings text not null check (json_valid(preset_settings)),
    overrides text not null default '{}' check (json_valid(overrides)),
    encoder text not null default 'x264' check (encoder in ('x264', 'nvenc')),
    detector text not null default 'content',
    threshold real not null default 30 check (threshold >= 0),
    min_scene_length integer not null default 15 check (min_scene_length >= 0),
    aspect text,
    choice text check (choice is null or json_valid(choice)),
    status text not null default 'initialized' check (
      status in ('initialized', 'processing', 'waiting', 'paused', 'completed', 'failed', 'cancelled')
    ),
    wanted text not null default 'run' check (wanted in ('run', 'pause', 'cancel')),
    error_code text,
    error_message text,
    owner text,
    generation integer not null default 0,
    heartbeat_at text,
    actor text,
    created_at text not null default (${now}),
    updated_at text not null default (${now}),
    started_at text,
    completed_at text
  ) strict`,

  `create table operation (
    id integer primary key autoincrement,
    session_id integer not null references session (id) on delete cascade,
    sequence integer not null check (sequence >= 1),
    name text not null,
    status text not null default 'pending' check (
      status in ('pending', 'processing', 'waiting', 'completed', 'failed', 'skipped', 'cancelled')
    ),
    progress real not null default 0 check (progress between 0 and 1),
    unit text,
    units_done real,
    units_total real,
    units_per_second real,
    seconds_left real,
    settings text not null default '{}' check (json_valid(settings)),
    warnings text not null default '[]' check (json_valid(warnings)),
    error_code text,
    error_message text,
    started_at text,
    finished_at text,
    seconds real,
    bytes_in integer,
    bytes_out integer,
    cpu_seconds real,
    peak_memory_bytes integer,
    gpu_percent real,
    attempt integer not null default 1,
    created_at text not null default (${now}),
    unique (session_id, sequence),
    unique (session_id, name)
  ) strict`,

  `create table process (
    id integer primary key autoincrement,
    operation_id integer not null references operation (id) on delete cascade,
    host text not null,
    pid integer not null,
    started text not null
  ) strict`,
]

const indexes = [
  'create index session_status on session (status)',
  'create index session_created on session (created_at)',
  'create index session_updated on session (updated_at)',
  'create index session_rd_root on session (rd_root_id)',
  'create index session_output_root on session (output_root_id)',
  'create index operation_status on operation (status)',
  'create index process_operation on process (operation_id)',
]

/** What a person sees of a session; the rest (owner, generation, heartbeat) is the engine's own. */
const visible = [
  ...['pipeline', 'artwork', 'project_date', 'rd_root_id', 'rd_path', 'output_root_id', 'output_path'],
  ...['if_exists', 'preset_key', 'preset_settings', 'overrides', 'encoder', 'detector', 'threshold'],
  ...['min_scene_length', 'aspect', 'choice', 'status', 'wanted', 'error_code', 'error_message', 'actor'],
]

const ended = `('completed', 'failed', 'cancelled')`
const settled = `('completed', 'failed', 'skipped', 'cancelled')`
const running = `('processing', 'waiting')`

const triggers = [
  `create trigger session_updated after update of ${visible.join(', ')} on session
  when ${visible.map((column) => `old.${column} is not new.${column}`).join(' or ')}
  begin
    update session set updated_at = ${now} where id = new.id;
  end`,

  `create trigger session_moved after update of status on session
  when old.status is not new.status
  begin
    update session set
      started_at = case when new.status = 'processing' then coalesce(new.started_at, ${now}) else new.started_at end,
      completed_at = case when new.status in ${ended} then ${now} end
    where id = new.id;
  end`,

  // The time a person took to choose is not processing time: what ends while waiting took no seconds.
  `create trigger operation_moved after update of status on operation
  when old.status is not new.status
  begin
    update operation set
      started_at = case
        when new.status = 'pending' then null
        when new.status in ${running} and old.status in ${running} then coalesce(new.started_at, ${now})
        when new.status in ${running} then ${now}
        else new.started_at
      end,
      finished_at = case when new.status in ${settled} then ${now} end,
      seconds = case
        when new.status not in ${settled} then null
        when new.seconds is not old.seconds then new.seconds
        when old.status = 'processing' then round((julianday(${now}) - julianday(new.started_at)) * 86400, 3)
        when old.status = 'waiting' then 0
        else new.seconds
      end
    where id = new.id;
    update session set updated_at = ${now} where id = new.session_id;
  end`,
]
