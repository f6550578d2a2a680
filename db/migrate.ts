/**
 * Brings a database up to date or steps it back, and says what is in it.
 */

import { type MigrationResultSet, Migrator, NO_MIGRATIONS, sql } from 'kysely'
import { makeBackup } from './backups.ts'
import { migrations } from './migrations/mod.ts'
import { syncBuiltins } from './presets.ts'
import type { Db } from './schema.ts'

/**
 * Migrates up to the latest, or up or down to `target` (a migration's name), or with null down to nothing.
 * All in one transaction: a failure leaves the database as it was.
 * @returns the names of the migrations that ran, in the order they ran.
 * @throws the error of the migration that failed, or one that says `target` is not known.
 */
export async function migrate(db: Db, target?: string | null): Promise<string[]> {
  const ran = await runMigrations(db, migrations, target)
  if (await hasPresets(db)) await syncBuiltins(db)
  return ran
}

export interface SafelyMigrated {
  /** Names of the migrations that ran, in the order they ran. */
  ran: string[]
  /** The path of the backup; null where nothing was there before, or nothing ran. */
  backup: string | null
}

/**
 * `migrate`, with a backup in `folder` first where that changes a database which has something in it.
 * @throws as `migrate` and `makeBackup`; without its backup nothing is migrated.
 */
export async function migrateSafely(db: Db, folder: string, target?: string | null): Promise<SafelyMigrated> {
  const applied = await appliedMigrations(db)
  const goal = targetOf(target)
  const moves = goal.length !== applied.length || goal.some((name) => !applied.includes(name))
  const needed = applied.length > 0 && moves
  const backup = needed ? await makeBackup(db, { folder, kind: 'before_migration' }) : null
  return { ran: await migrate(db, target), backup: backup?.path ?? null }
}

/** The migrations that a database at `target` has. */
const targetOf = (target: string | null | undefined) =>
  Object.keys(migrations).filter((name) => target === undefined || (target !== null && name <= target))

/** Every migration of this program, and when it was applied here, UTC; null where it was not yet. */
export async function migrationsOf(db: Db): Promise<{ name: string; appliedAt: string | null }[]> {
  const times = new Map<string, string>()
  if ((await appliedMigrations(db)).length > 0) {
    const { rows } = await sql<{ name: string; timestamp: string }>`
      select name, timestamp from kysely_migration
    `.execute(db)
    for (const { name, timestamp } of rows) times.set(name, timestamp.replace('T', ' ').replace('Z', ''))
  }
  return Object.keys(migrations).map((name) => ({ name, appliedAt: times.get(name) ?? null }))
}

/** `migrate` with a list of one's own. */
export async function runMigrations(
  db: Db,
  list: typeof migrations,
  target?: string | null,
): Promise<string[]> {
  if (target && !Object.hasOwn(list, target)) {
    throw new Error(`There is no migration “${target}”. There are ${Object.keys(list).join(', ')}.`)
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => list } })
  const run = (): Promise<MigrationResultSet> => {
    if (target === undefined) return migrator.migrateToLatest()
    return migrator.migrateTo(target ?? NO_MIGRATIONS)
  }
  const { error, results = [] } = await run()
  if (error !== undefined) throw asError(error)
  return results.map(({ migrationName }) => migrationName)
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

export interface Inspection {
  /** The latest migration applied; null before the first. */
  version: string | null
  /** Migrations this program has and the database has not. */
  pending: string[]
  /** Size of the database without its journal. */
  bytes: number
  tables: { name: string; rows: number }[]
  views: string[]
  triggers: { name: string; table: string }[]
}

/** What is in the database. Counts every row, so it takes a moment on a big one. */
export async function inspect(db: Db): Promise<Inspection> {
  const objects = await listObjects(db)
  const named = (type: string) => objects.filter((object) => object.type === type)
  const tables = []
  for (const { name } of named('table')) tables.push({ name, rows: await countRows(db, name) })
  const applied = await appliedMigrations(db)
  return {
    version: applied.at(-1) ?? null,
    pending: Object.keys(migrations).filter((name) => !applied.includes(name)),
    bytes: await sizeOf(db),
    tables,
    views: named('view').map(({ name }) => name),
    triggers: named('trigger').map(({ name, table }) => ({ name, table })),
  }
}

/** The latest migration applied; null before the first. */
export const inspectVersion = async (db: Db): Promise<string | null> =>
  (await appliedMigrations(db)).at(-1) ?? null

async function hasPresets(db: Db): Promise<boolean> {
  return (await listObjects(db)).some(({ type, name }) => type === 'table' && name === 'preset')
}

async function listObjects(db: Db): Promise<{ type: string; name: string; table: string }[]> {
  const { rows } = await sql<{ type: string; name: string; table: string }>`
    select type, name, tbl_name as "table" from sqlite_master where name not like 'sqlite\\_%' escape '\\' order by name
  `.execute(db)
  return rows
}

async function countRows(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db)
  return rows[0]?.count ?? 0
}

async function appliedMigrations(db: Db): Promise<string[]> {
  if (!(await listObjects(db)).some(({ name }) => name === 'kysely_migration')) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

async function sizeOf(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select page_count * page_size as bytes from pragma_page_count, pragma_page_size
  `.execute(db)
  return rows[0]?.bytes ?? 0
}
