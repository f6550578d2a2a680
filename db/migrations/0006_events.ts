/**
 * The event feed: the latest change per topic and subject, written by triggers; and who changed what.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...triggers.map(({ body }) => body)])
    await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const { name } of triggers) await sql.raw(`drop trigger ${name}`).execute(db)
  for (const table of ['edit', 'event']) await sql.raw(`drop table ${table}`).execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tables = [
  `create table event (
    id integer primary key autoincrement,
    topic text not null check (
      topic in ('session', 'operation', 'scene', 'file', 'preset', 'setting', 'history')
    ),
    subject text not null,
    at text not null default (${now}),
    unique (topic, subject)
  ) strict`,

  `create table edit (
    id integer primary key autoincrement,
    session_id integer references session (id) on delete set null,
    command text not null,
    subject text not null,
    before text check (before is null or json_valid(before)),
    after text check (after is null or json_valid(after)),
    actor text,
    at text not null default (${now}),
    undone_at text
  ) strict`,
  'create index edit_session on edit (session_id)',
]

/**
 * Says that `subject` (an SQL expression) changed. Deleted and inserted, not replaced: inside a trigger
 * the conflict rule of the statement that fired it stands in the place of our own.
 */
const announce = (topic: string, subject: string): string => `
    delete from event where topic = '${topic}' and subject = ${subject};
    insert into event (topic, subject) values ('${topic}', ${subject});`

/** The same for a row's session, which is gone already when the row is deleted with it. */
const announceSession = (topic: string, sessionId: string): string => `
    delete from event
    where topic = '${topic}' and subject = (select key from session where id = ${sessionId});
    insert into event (topic, subject) select '${topic}', key from session where id = ${sessionId};`

interface Watch {
  table: string
  /** Columns that say something new when they change. */
  columns: string[]
  /** The body; `row` is `new` or `old`. */
  tell: (row: string) => string
}

const watches: Watch[] = [
  {
    table: 'session',
    columns: [
      ...[
        'key',
        'pipeline',
        'artwork',
        'project_date',
        'rd_root_id',
        'rd_path',
        'output_root_id',
        'output_path',
      ],
      ...['if_exists', 'preset_key', 'preset_settings', 'overrides', 'encoder', 'detector', 'threshold'],
      ...['min_scene_length', 'aspect', 'choice', 'status', 'wanted', 'error_code', 'error_message', 'actor'],
      ...['created_at', 'started_at', 'completed_at'],
    ],
    tell: (row) => announce('session', `${row}.key`),
  },
  {
    table: 'operation',
    columns: [
      ...['sequence', 'name', 'status', 'progress', 'unit', 'units_done', 'units_total', 'units_per_second'],
      ...['seconds_left', 'settings', 'warnings', 'error_code', 'error_message', 'started_at', 'finished_at'],
      ...['seconds', 'bytes_in', 'bytes_out', 'cpu_seconds', 'peak_memory_bytes', 'gpu_percent', 'attempt'],
    ],
    tell: (row) =>
      announce('operation', `cast(${row}.id as text)`) + announceSession('session', `${row}.session_id`),
  },
  {
    table: 'file',
    columns: [
      ...['root_id', 'path', 'role', 'bytes', 'sha256', 'format', 'width', 'height', 'duration', 'frames'],
      ...['frame_rate', 'time_base', 'codec', 'aspect', 'scene', 'frame', 'settings', 'seconds', 'metadata'],
      ...['probe', 'verified_at', 'missing_at'],
    ],
    tell: (row) => announceSession('file', `${row}.session_id`),
  },
  {
    table: 'cut',
    columns: ['frame', 'time', 'origin', 'ticked', 'starred', 'note'],
    tell: (row) => announceSession('scene', `${row}.session_id`),
  },
  {
    table: 'scene_group',
    columns: ['position', 'name'],
    tell: (row) => announceSession('scene', `${row}.session_id`),
  },
  {
    table: 'scene_group_member',
    columns: ['group_id', 'cut_id', 'position'],
    tell: (row) => announceSession('scene', `(select session_id from cut where id = ${row}.cut_id)`),
  },
  {
    table: 'preset',
    columns: [
      ...[
        'key',
        'name',
        'base',
        'category',
        'description',
        'builtin',
        'settings',
        'use_count',
        'last_used_at',
      ],
    ],
    tell: (row) => announce('preset', `${row}.key`),
  },
  {
    table: 'setting',
    columns: ['value', 'value_type', 'category', 'description'],
    tell: (row) => announce('setting', `${row}.key`),
  },
  {
    table: 'history',
    columns: [
      ...['session_id', 'artwork', 'project_date', 'output_path', 'master_filename', 'master_duration'],
      ...[
        'master_resolution',
        'master_fps',
        'master_codec',
        'master_bytes',
        'scenes_detected',
        'scenes_exported',
      ],
      ...['stills_created', 'clips_created', 'rd_files_processed', 'files_created', 'output_bytes'],
      ...['processing_seconds', 'problems', 'gpu_accelerated', 'encoder', 'status', 'notes', 'completed_at'],
    ],
    tell: (row) => announce('history', `${row}.session_key`),
  },
]

const triggers = watches.flatMap(({ table, columns, tell }) => [
  trigger(`${table}_added`, `after insert on ${table}`, tell('new')),
  trigger(
    `${table}_changed`,
    `after update of ${columns.join(', ')} on ${table} when ${differ(columns)}`,
    tell('new'),
  ),
  trigger(`${table}_deleted`, `after delete on ${table}`, tell('old')),
])

function trigger(name: string, when: string, body: string) {
  return { name, body: `create trigger ${name} ${when} begin ${body}\n  end` }
}

function differ(columns: string[]): string {
  return columns.map((column) => `old.${column} is not new.${column}`).join(' or ')
}
