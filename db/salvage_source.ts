/**
 * A damaged database as something that tables can be read from, one by one: by its own schema, or without it.
 */

import Sqlite from 'better-sqlite3'
import { DatabaseError } from './open.ts'
import { findRoots, nameOneTable, openPages, type PageFile, playJournal, type Roots } from './pages.ts'
import { countByIndex, highestRowid, type Walked, walkTable } from './walk.ts'

export interface SourceTable {
  /** Those of the asked columns that it has. */
  columns: string[]
  rows: Iterable<Walked>
  /** How many rows an index tells of; null where none can. */
  counted(): number | null
  failures(): number
  close(): void
}

export interface Source {
  /** Why the schema of the file could not be used; null where it was. */
  problem: string | null
  /** Null where there is no such table, or nothing tells where it is. */
  table(name: string, columns: string[]): SourceTable | null
  close(): void
}

/**
 * @param copy a copy of the damaged file, with its journal; it is changed.
 * @param name what to call it.
 * @throws DatabaseError `not_a_database`.
 */
export function openSource(copy: string, name: string): Source {
  try {
    return bySchema(copy)
  } catch (error) {
    return byPages(copy, name, (error as Error).message)
  }
}

function bySchema(copy: string): Source {
  const handle = openLoosely(copy)
  try {
    const tables = handle
      .prepare<[], string>(`select name from sqlite_master where type = 'table'`)
      .pluck()
      .all()
    if (!tables.includes('kysely_migration')) throw new Error('it has no table of Cutroom’s')
    return {
      problem: null,
      table: (table, columns) => (tables.includes(table) ? tableOf(handle, table, columns) : null),
      close: () => handle.close(),
    }
  } catch (error) {
    handle.close()
    throw error
  }
}

function openLoosely(file: string): Sqlite.Database {
  const handle = new Sqlite(file)
  handle.pragma('cell_size_check = on')
  handle.pragma('query_only = on')
  return handle
}

function tableOf(handle: Sqlite.Database, table: string, asked: string[], last?: number): SourceTable {
  const there = handle.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table)
  const columns = asked.filter((column) => there.includes(column))
  const counted = countByIndex(handle, `"${table}"`)
  const highest = Math.max(highestRowid(handle, `"${table}"`), last ?? 0)
  const quoted = columns.map((column) => `"${column}"`)
  const walk = walkTable(handle, `"${table}"`, quoted, highest || searchedBlindly)
  return { columns, rows: walk.rows, counted: () => counted, failures: walk.failures, close: () => undefined }
}

/** Where nothing tells how many rows there were, rowids up to this are tried. */
const searchedBlindly = 200_000

/**
 * The schema is gone, so every page is looked at for what is left of it; each table then gets a first page of its
 * own that names just that table. Its columns are those that our migrations give it.
 */
function byPages(copy: string, name: string, problem: string): Source {
  playJournal(copy, `${copy}-wal`)
  const pages = openPages(copy)
  const roots = findRoots(pages)
  if (!roots.named.has('session') && !roots.named.has('kysely_migration') && roots.unnamed.length < 3) {
    pages.close()
    throw new DatabaseError(
      'not_a_database',
      `Nothing of a database of Cutroom’s can be found in “${name}”. Restore a backup (cutroom db restore FILE).`,
    )
  }
  const counters = readCounters(copy, pages, roots)
  return {
    problem,
    table(table, columns) {
      const root = roots.named.get(table) ?? guessRoot(roots, columns.length)
      if (root === undefined) return null
      return namedTable(copy, pages, { table, columns, root, last: counters.get(table) })
    },
    close: () => pages.close(),
  }
}

/** Where its entry is lost: the only table without one whose rows are as long. */
function guessRoot({ unnamed }: Roots, columns: number): number | undefined {
  const alike = unnamed.filter((one) => one.columns === columns)
  return alike.length === 1 ? alike[0]?.root : undefined
}

interface Placed {
  table: string
  columns: string[]
  root: number
  last: number | undefined
}

function namedTable(copy: string, pages: PageFile, { table, columns, root, last }: Placed): SourceTable {
  nameOneTable(pages, `"${table}"`, columnsText(columns), root)
  const handle = openLoosely(copy)
  return { ...tableOf(handle, table, columns, last), counted: () => null, close: () => handle.close() }
}

/** Of our tables `id` is always the rowid itself. */
const columnsText = (columns: string[]) =>
  columns.map((column) => (column === 'id' ? '"id" integer primary key' : `"${column}"`)).join(', ')

/** SQLite's own counters tell the highest rowid of most tables. */
function readCounters(copy: string, pages: PageFile, { named }: Roots): Map<string, number> {
  const root = named.get('sqlite_sequence')
  if (root === undefined) return new Map()
  const table = namedTable(copy, pages, { table: 'counters', columns: ['name', 'seq'], root, last: 1000 })
  const counters = new Map([...table.rows].map(({ values: [name, seq] }) => [String(name), Number(seq)]))
  table.close()
  return counters
}
