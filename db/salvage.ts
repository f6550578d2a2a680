/**
 * Recovers what can be read of a damaged database into a new one of today's schema.
 */

import Sqlite from 'better-sqlite3'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { appear } from './backup_files.ts'
import { settle } from './backups.ts'
import { checkDatabase } from './check.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/mod.ts'
import { DatabaseError, handleOf, openDatabase } from './open.ts'
import { openSource, type Source } from './salvage_source.ts'
import { withoutTriggers } from './triggers.ts'

export interface SalvagedTable {
  table: string
  /** Rows that are in the new database. */
  read: number
  /** Rows that were there and are not any more; null where nothing tells how many there were. */
  lost: number | null
  /** Rows that could be read but hold what no such row may hold. */
  refused: number
  /** Rows left out, or no longer tied, because what they belong to is lost. */
  orphans: number
}

export interface Salvaged {
  /** The new database. */
  path: string
  /** The version that the damaged one had, as far as that can be told. */
  version: string
  /** Why its own schema could not be used; null where it could. */
  schemaProblem: string | null
  tables: SalvagedTable[]
}

/**
 * Writes what can be read of `file` to `target`. `file` itself is only copied, never opened.
 * @throws DatabaseError `not_a_database` where nothing at all can be told of it, `database_newer`.
 */
export async function salvage(file: string, target: string): Promise<Salvaged> {
  if (!existsSync(file)) throw new DatabaseError('backup_not_found', `There is no file “${file}”.`)
  mkdirSync(path.dirname(target), { recursive: true })
  const [copy, partial] = [`${target}.damaged`, `${target}.part`]
  try {
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
    const source = openSource(copy, file)
    const salvaged = await fill(source, partial)
    settle(partial)
    const { problems } = checkDatabase(partial)
    if (problems.length > 0)
      throw new DatabaseError('backup_unusable', `What was recovered is not whole: ${problems.join('; ')}.`)
    appear(partial, target)
    return { path: target, ...salvaged }
  } finally {
    for (const left of [copy, partial])
      for (const part of ['', '-wal', '-shm', '-journal']) rmSync(left + part, { force: true })
  }
}

async function fill(source: Source, partial: string): Promise<Omit<Salvaged, 'path'>> {
  const version = versionOf(source)
  const db = openDatabase(partial)
  try {
    await migrate(db, version)
    const handle = handleOf(db)
    handle.pragma('foreign_keys = off')
    const tables = handle.transaction(() =>
      withoutTriggers(handle, () => {
        const copied = tablesOf(handle).map((table) => copyTable(source, handle, table))
        return tieUp(handle, copied)
      }),
    )()
    handle.pragma('foreign_keys = on')
    await migrate(db)
    return { version, schemaProblem: source.problem, tables }
  } finally {
    source.close()
    await db.destroy()
  }
}

/** The latest migration that its own list tells of; today's where that list is lost. */
function versionOf(source: Source): string {
  const all = Object.keys(migrations)
  const table = source.table('kysely_migration', ['name', 'timestamp'])
  const names = table === null ? [] : [...table.rows].map(({ values }) => String(values[0])).sort()
  table?.close()
  const unknown = names.filter((name) => !all.includes(name) && /^\d{4}_\w+$/.test(name))
  if (unknown.length > 0)
    throw new DatabaseError(
      'database_newer',
      `It was made by a newer Cutroom (it has ${unknown.join(', ')}). Salvage it with that version.`,
    )
  return names.findLast((name) => all.includes(name)) ?? all.at(-1) ?? ''
}

const tablesOf = (handle: Sqlite.Database) =>
  handle
    .prepare<[], string>(
      `select name from sqlite_master where type = 'table'
       and name not like 'sqlite\\_%' escape '\\' and name not like 'kysely\\_%' escape '\\' order by name`,
    )
    .pluck()
    .all()

function copyTable(source: Source, handle: Sqlite.Database, table: string): SalvagedTable {
  const columns = handle.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table)
  const found = source.table(table, columns)
  const report = { table, read: 0, lost: null, refused: 0, orphans: 0 }
  if (found === null) return report
  const insert = insertInto(handle, table, found.columns)
  for (const { rowid, values } of found.rows) {
    try {
      insert.run(rowid, ...values)
      report.read += 1
    } catch {
      report.refused += 1
    }
  }
  const lost = lostOf(found, report.read + report.refused)
  found.close()
  return { ...report, lost }
}

/** What a migration wrote by itself (settings, presets) gives way to what was there. */
function insertInto(handle: Sqlite.Database, table: string, columns: string[]) {
  const isSeeded = handle.prepare(`select 1 from "${table}" limit 1`).get() !== undefined
  const names = columns.map((column) => `"${column}"`)
  return handle.prepare(
    `insert ${isSeeded ? 'or replace ' : ''}into "${table}" (rowid, ${names.join(', ')})
     values (?, ${names.map(() => '?').join(', ')})`,
  )
}

function lostOf(found: NonNullable<ReturnType<Source['table']>>, taken: number): number | null {
  const counted = found.counted()
  if (counted !== null) return Math.max(0, counted - taken)
  return found.failures() === 0 ? 0 : null
}

interface Orphan {
  table: string
  rowid: number
  fkid: number
}

/** What names a row that is lost is untied from it, or goes with it, as the schema says of deleted rows. */
function tieUp(handle: Sqlite.Database, tables: SalvagedTable[]): SalvagedTable[] {
  const counts = new Map<string, number>()
  for (;;) {
    const orphans = handle.prepare<[], Orphan>('pragma foreign_key_check').all()
    if (orphans.length === 0) break
    for (const { table, rowid, fkid } of orphans) {
      counts.set(table, (counts.get(table) ?? 0) + 1)
      handle.prepare(remedy(handle, table, fkid)).run(rowid)
    }
  }
  return tables.map((report) => ({ ...report, orphans: counts.get(report.table) ?? 0 }))
}

function remedy(handle: Sqlite.Database, table: string, fkid: number): string {
  const [key] = handle
    .prepare<[string, number], { from: string; on_delete: string }>(
      'select "from", on_delete from pragma_foreign_key_list(?) where id = ?',
    )
    .all(table, fkid)
  if (key?.on_delete === 'SET NULL') return `update "${table}" set "${key.from}" = null where rowid = ?`
  return `delete from "${table}" where rowid = ?`
}
