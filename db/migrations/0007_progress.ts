/**
 * A session at a glance: every count is counted, none is kept.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(progress).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view session_progress`.execute(db)
}

const settled = `status in ('completed', 'failed', 'skipped', 'cancelled')`

// Counted per session through indexes, never by grouping whole tables: one session costs one session.
const progress = `create view session_progress as
  select
    session.id as session_id,
    (select count(*) from operation where session_id = session.id) as operations,
    (select count(*) from operation where session_id = session.id and ${settled}) as settled,
    (select count(*) from operation where session_id = session.id and status = 'failed') as problems,
    coalesce(
      (select avg(case when ${settled} then 1.0 else progress end) from operation where session_id = session.id),
      case when session.status = 'completed' then 1.0 else 0.0 end
    ) as progress,
    (
      select name from operation
      where session_id = session.id and status in ('processing', 'waiting')
      order by status, sequence limit 1
    ) as current_operation,
    (select count(*) from cut where session_id = session.id) as scenes,
    (
      select count(*) from file
      where session_id = session.id and role not in ('source', 'rd_source', 'sheet')
    ) as files,
    (
      select coalesce(sum(bytes), 0) from file
      where session_id = session.id and role not in ('source', 'rd_source', 'sheet')
    ) as output_bytes
  from session`
