/**
 * What finished operations took, for estimates to learn from, and each estimate beside what came of it.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await sql.raw(statement).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of ['operation_time', 'history_size', 'history_archive_size'])
    await sql.raw(`drop index ${name}`).execute(db)
  for (const table of ['estimate', 'work']) await sql.raw(`drop table ${table}`).execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

// Both outlive sessions and their operations, and so refer to them by their keys and names.
const tables = [
  `create table work (
    id integer primary key autoincrement,
    session_key text not null,
    operation text not null,
    encoder text not null check (encoder in ('x264', 'nvenc')),
    codec text,
    width integer,
    height integer,
    preset_key text not null,
    manner text not null,
    files integer not null,
    amount real not null check (amount > 0),
    seconds real not null check (seconds >= 0),
    bytes integer not null check (bytes >= 0),
    at text not null default (${now})
  ) strict`,

  `create table estimate (
    id integer primary key autoincrement,
    session_key text not null,
    operation text not null,
    measure text not null check (measure in ('seconds', 'bytes')),
    low real not null,
    likely real not null,
    high real not null,
    samples integer not null,
    basis text not null,
    actual real,
    at text not null default (${now}),
    settled_at text,
    unique (session_key, operation, measure)
  ) strict`,
]

const indexes = [
  'create index work_operation on work (operation, id)',
  'create index estimate_settled on estimate (settled_at) where settled_at is not null',
  // For the sums of the history page, which are read from these alone.
  'create index operation_time on operation (name, seconds)',
  'create index history_size on history (preset_key, status, master_bytes, output_bytes)',
  'create index history_archive_size on history_archive (preset_key, status, master_bytes, output_bytes)',
]
