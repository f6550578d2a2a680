/**
 * Cuts and groups, and the scenes that follow from them.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes, scene]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view scene`.execute(db)
  for (const table of ['scene_group_member', 'scene_group', 'cut']) {
    await sql.raw(`drop table ${table}`).execute(db)
  }
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tables = [
  `create table cut (
    id integer primary key autoincrement,
    session_id integer not null references session (id) on delete cascade,
    frame integer not null check (frame >= 0),
    time real not null check (time >= 0),
    origin text not null check (origin in ('start', 'detector', 'hand', 'import')),
    ticked integer not null default 1 check (ticked in (0, 1)),
    starred integer not null default 0 check (starred in (0, 1)),
    note text,
    actor text,
    created_at text not null default (${now}),
    unique (session_id, frame)
  ) strict`,

  `create table scene_group (
    id integer primary key autoincrement,
    key text not null unique,
    session_id integer not null references session (id) on delete cascade,
    position integer not null,
    name text,
    actor text,
    created_at text not null default (${now})
  ) strict`,

  `create table scene_group_member (
    group_id integer not null references scene_group (id) on delete cascade,
    cut_id integer not null references cut (id) on delete cascade,
    position integer not null,
    primary key (group_id, cut_id)
  ) strict`,
]

const indexes = [
  'create index scene_group_session on scene_group (session_id, position)',
  'create index scene_group_member_cut on scene_group_member (cut_id)',
]

// The last scene ends where the source does; until that is known it has no length.
const scene = `create view scene as
  select
    cut.id as cut_id,
    cut.session_id,
    row_number() over scenes as number,
    cut.frame as start_frame,
    coalesce(lead(cut.frame) over scenes, (
      select frames from file
      where file.session_id = cut.session_id and role = 'source' order by file.id limit 1
    ), cut.frame) as end_frame,
    cut.time as start_time,
    coalesce(lead(cut.time) over scenes, (
      select duration from file
      where file.session_id = cut.session_id and role = 'source' order by file.id limit 1
    ), cut.time) as end_time,
    cut.origin,
    cut.ticked,
    cut.starred,
    cut.note
  from cut
  window scenes as (partition by cut.session_id order by cut.frame)`
