/**
 * The frame that a person picks for a scene's still; it belongs to the scene's first cut, as ticks and notes do.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table cut add column still_frame integer check (still_frame >= 0)`.execute(db)
  await sql`drop view scene`.execute(db)
  await sql.raw(scene(['still_frame'])).execute(db)
  await sql.raw(announce).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger cut_still_changed`.execute(db)
  await sql`drop view scene`.execute(db)
  await sql.raw(scene([])).execute(db)
  await sql`alter table cut drop column still_frame`.execute(db)
}

const announce = `create trigger cut_still_changed
  after update of still_frame on cut when old.still_frame is not new.still_frame begin
    delete from event
    where topic = 'scene' and subject = (select key from session where id = new.session_id);
    insert into event (topic, subject) select 'scene', key from session where id = new.session_id;
  end`

/** As 0003 has it, with what of the cut is told, too. */
const scene = (also: string[]) => `create view scene as
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
    ${['origin', 'ticked', 'starred', 'note', ...also].map((column) => `cut.${column}`).join(',\n    ')}
  from cut
  window scenes as (partition by cut.session_id order by cut.frame)`
