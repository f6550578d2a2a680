/**
 * Proof: what is known of each output (whole, torn, gone, or not looked at), and when an ffmpeg counts as stuck.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from setting where key = 'stuck_after_seconds'`.execute(db)
  await sql`drop view proof`.execute(db)
  await sql`alter table file drop column torn_at`.execute(db)
}

const statements = [
  // Since when its bytes are known not to be those that were recorded.
  'alter table file add column torn_at text',

  `create view proof as
    select
      file.session_id,
      file.id as file_id,
      case
        when file.missing_at is not null then 'missing'
        when file.torn_at is not null then 'torn'
        when file.verified_at is not null and file.sha256 is not null then 'proven'
        else 'unproven'
      end as state,
      file.verified_at
    from file
    where file.role not in ('source', 'rd_source') and file.bytes is not null`,

  `insert into setting (key, value, value_type, category, description) values (
    'stuck_after_seconds', '120', 'integer', 'performance',
    'Seconds without any progress after which an ffmpeg is ended; a minute more for each hour of film'
  )`,
]
