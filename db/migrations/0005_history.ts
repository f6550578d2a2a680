/**
 * What a session was once it has ended, counted from its rows; it outlives them.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes, ...triggers]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const trigger of ['session_ended', 'operation_of_ended']) {
    await sql.raw(`drop trigger ${trigger}`).execute(db)
  }
  for (const table of ['history_archive', 'history']) await sql.raw(`drop table ${table}`).execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const columns = `
  session_id integer references session (id) on delete set null,
  session_key text not null unique,
  pipeline text not null,
  artwork text not null,
  project_date text not null,
  output_path text not null,
  master_filename text not null,
  master_duration real,
  master_resolution text,
  master_fps real,
  master_codec text,
  master_bytes integer,
  scenes_detected integer not null,
  scenes_exported integer not null,
  stills_created integer not null,
  clips_created integer not null,
  rd_files_processed integer not null,
  files_created integer not null,
  output_bytes integer not null,
  processing_seconds real not null,
  problems integer not null,
  gpu_accelerated integer not null check (gpu_accelerated in (0, 1)),
  preset_key text not null,
  encoder text not null check (encoder in ('x264', 'nvenc')),
  status text not null check (status in ('completed', 'failed', 'cancelled')),
  notes text,
  started_at text,
  completed_at text not null`

const tables = [
  `create table history (id integer primary key autoincrement, ${columns}) strict`,
  `create table history_archive (
    id integer primary key, ${columns}, archived_at text not null default (${now})
  ) strict`,
]

const indexes = [
  'create index history_session on history (session_id)',
  'create index history_artwork on history (artwork)',
  'create index history_completed on history (completed_at)',
  'create index history_archive_session on history_archive (session_id)',
  'create index history_archive_completed on history_archive (completed_at)',
]

/** How each column of a history row follows from the session, its root, its source file and what it made. */
const facts = (completedAt: string) => ({
  session_id: 'session.id',
  session_key: 'session.key',
  pipeline: 'session.pipeline',
  artwork: 'session.artwork',
  project_date: 'session.project_date',
  output_path: `coalesce(rtrim(root.path, '/') || '/' || session.output_path, '')`,
  // What is left of a path when everything up to its last slash is trimmed away.
  master_filename: `coalesce(replace(source.path, rtrim(source.path, replace(source.path, '/', '')), ''), '')`,
  master_duration: 'source.duration',
  master_resolution: `source.width || 'x' || source.height`,
  master_fps: `case when source.frame_rate like '%/%'
    then cast(source.frame_rate as real)
      / cast(substr(source.frame_rate, instr(source.frame_rate, '/') + 1) as real)
    else cast(source.frame_rate as real) end`,
  master_codec: 'source.codec',
  master_bytes: 'source.bytes',
  scenes_detected: '(select count(*) from cut where cut.session_id = session.id)',
  scenes_exported: `(select count(*) from (${exported}))`,
  stills_created: filesOf(`'still_hq', 'still_web'`),
  clips_created: filesOf(`'clip', 'group'`),
  rd_files_processed: filesOf(`'rd_hq'`),
  files_created: `(select count(*) from file where ${made})`,
  output_bytes: `(select coalesce(sum(bytes), 0) from file where ${made})`,
  processing_seconds: `(select coalesce(sum(seconds), 0.0) from operation where session_id = session.id)`,
  problems: `(select count(*) from operation where session_id = session.id and status = 'failed')`,
  gpu_accelerated: gpu,
  preset_key: 'session.preset_key',
  encoder: `case when ${gpu} then 'nvenc' else 'x264' end`,
  status: 'session.status',
  notes: `coalesce(session.error_message, (
    select group_concat(line, char(10)) from (
      select name || ': ' || coalesce(error_message, error_code, 'failed') as line
      from operation where session_id = session.id and status = 'failed' order by sequence
    )
  ))`,
  started_at: 'session.started_at',
  completed_at: completedAt,
})

const made = `file.session_id = session.id and file.role not in ('source', 'rd_source', 'sheet')`

function filesOf(roles: string): string {
  return `(select count(*) from file where file.session_id = session.id and file.role in (${roles}))`
}

/** What was really used, not what was asked for: operations and files record it in their settings. */
const gpu = `(
  exists (select 1 from operation where session_id = session.id and settings ->> '$.encoder' = 'nvenc')
  or exists (select 1 from file where session_id = session.id and settings ->> '$.encoder' = 'nvenc')
)`

/** The numbers of the scenes that went out, alone or in a group; a group's file carries the group's number. */
const exported = `
  select file.scene from file where file.session_id = session.id and file.role = 'clip'
  union
  select scenes.number
  from (select id, row_number() over (order by position, id) as number
        from scene_group where session_id = session.id) as groups
  join file on file.session_id = session.id and file.role = 'group' and file.scene = groups.number
  join scene_group_member as member on member.group_id = groups.id
  join (select id, row_number() over (order by frame) as number
        from cut where session_id = session.id) as scenes on scenes.id = member.cut_id`

function writeHistory(sessionId: string, completedAt: string): string {
  const row = facts(completedAt)
  const names = Object.keys(row)
  return `
    delete from history_archive where session_key = (select key from session where id = ${sessionId});
    insert into history (${names.join(', ')})
    select ${Object.values(row).join(', ')}
    from session
    join root on root.id = session.output_root_id
    left join file as source on source.id = (
      select id from file where session_id = session.id and role = 'source' order by id limit 1
    )
    where session.id = ${sessionId}
    on conflict (session_key) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')};`
}

const triggers = [
  `create trigger session_ended after update of status on session
  when old.status is not new.status and new.status in ('completed', 'failed', 'cancelled')
  begin ${writeHistory('new.id', now)}
  end`,

  // A retry, or a cancel that reaches an operation after its session: the history follows.
  `create trigger operation_of_ended
  after update of status, seconds, settings, error_code, error_message on operation
  when (
    old.status is not new.status or old.seconds is not new.seconds or old.settings is not new.settings
    or old.error_code is not new.error_code or old.error_message is not new.error_message
  ) and exists (
    select 1 from session where id = new.session_id and status in ('completed', 'failed', 'cancelled')
  )
  begin ${writeHistory('new.session_id', `coalesce(session.completed_at, ${now})`)}
  end`,
]
