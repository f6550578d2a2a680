/**
 * Whether a database file is whole, and which version of the schema it has.
 */

import Sqlite from 'better-sqlite3'
import { migrations } from './migrations/mod.ts'

export interface Check {
  /** What is wrong, in SQLite's words; empty where it is whole. */
  problems: string[]
  /** The latest migration applied; null where it is no database of Cutroom's. */
  version: string | null
  /** Migrations that this program does not know. */
  unknown: string[]
}

const mostProblems = 20

/** Reads every page and every reference: a second for about 500 MB. The file is only read, and left as it is. */
export function checkDatabase(file: string): Check {
  let handle: Sqlite.Database | undefined
  try {
    handle = new Sqlite(file, { readonly: true, fileMustExist: true })
    const applied = appliedIn(handle)
    return {
      problems: [...integrityProblems(handle), ...orphans(handle)],
      version: applied.at(-1) ?? null,
      unknown: applied.filter((name) => !Object.hasOwn(migrations, name)),
    }
  } catch (error) {
    return { problems: [(error as Error).message], version: null, unknown: [] }
  } finally {
    handle?.close()
  }
}

/** Names of the migrations that a database had, oldest first; none where it never had any. */
export function appliedIn(handle: Sqlite.Database): string[] {
  const table = handle.prepare(`select 1 from sqlite_master where name = 'kysely_migration'`).get()
  if (!table) return []
  return handle.prepare<[], string>('select name from kysely_migration order by name').pluck().all()
}

function integrityProblems(handle: Sqlite.Database): string[] {
  const said = handle.prepare<[], string>(`pragma integrity_check(${mostProblems})`).pluck().all()
  return said.filter((line) => line !== 'ok')
}

function orphans(handle: Sqlite.Database): string[] {
  const rows = handle.prepare<[], { table: string; parent: string }>('pragma foreign_key_check').all()
  const counts = new Map<string, number>()
  for (const { table, parent } of rows) {
    const kind = `rows of ${table} that name no ${parent}`
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`)
}
