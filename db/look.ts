/**
 * Looking into the database without changing it: what there is, a page of a table, the answer to a query.
 */

import type Sqlite from 'better-sqlite3'
import { appliedIn } from './check.ts'
import { quoted } from './export.ts'
import { migrations } from './migrations/mod.ts'
import { isSecret, masked } from './secrets.ts'

export interface Contents {
  version: string | null
  pending: string[]
  /** Of the whole file, without its journal. */
  bytes: number
  /** Of it unused. */
  freeBytes: number
  tables: TableFacts[]
  views: string[]
  indexes: { name: string; table: string; columns: string; bytes: number | null }[]
  triggers: { name: string; table: string }[]
}

/** Sizes are null where nothing was measured. */
export interface TableFacts {
  name: string
  rows: number
  /** Whether that is just the most that there can be: what was deleted is in it. */
  atMost: boolean
  bytes: number | null
  indexBytes: number | null
}

interface SchemaEntry {
  type: 'table' | 'view' | 'index' | 'trigger'
  name: string
  table: string
}

/** Counts every row and every page: a second for some 500 MB, and ten where they must come from a slow disk. */
export const lookAt = (handle: Sqlite.Database): Contents =>
  contentsOf(handle, sizesOf(handle), (table) => ({ rows: countOf(handle, quoted(table)), atMost: false }))

/** The same without sizes, and with rows counted in small tables only: some milliseconds whatever there is. */
export const glanceAt = (handle: Sqlite.Database): Contents =>
  contentsOf(handle, null, (table) => rowsAtMost(handle, table))

/** So many rows are counted at once. */
const fewRows = 1000

function rowsAtMost(handle: Sqlite.Database, table: string): Pick<TableFacts, 'rows' | 'atMost'> {
  const rows = countOf(handle, `(select 1 from ${quoted(table)} limit ${fewRows + 1})`)
  if (rows <= fewRows) return { rows, atMost: false }
  const [first, last] = ['min', 'max'].map((end) =>
    number(handle, `select ${end}(rowid) from ${quoted(table)}`),
  )
  return { rows: (last ?? 0) - (first ?? 0) + 1, atMost: true }
}

const countOf = (handle: Sqlite.Database, from: string) => number(handle, `select count(*) from ${from}`)

/** @param sizes of tables and indexes by their names; null where they were not measured. */
function contentsOf(
  handle: Sqlite.Database,
  sizes: Map<string, number> | null,
  rowsOf: (table: string) => Pick<TableFacts, 'rows' | 'atMost'>,
): Contents {
  const entries = handle
    .prepare<[], SchemaEntry>(
      `select type, name, tbl_name as "table" from sqlite_master where name not like 'sqlite\\_stat%' escape '\\' order by name`,
    )
    .all()
  const of = (type: SchemaEntry['type']) => entries.filter((entry) => entry.type === type)
  const indexes = of('index').map(({ name, table }) => ({
    name,
    table,
    columns: indexColumns(handle, name),
    bytes: sizes && (sizes.get(name) ?? 0),
  }))
  const applied = appliedIn(handle)
  return {
    version: applied.at(-1) ?? null,
    pending: Object.keys(migrations).filter((name) => !applied.includes(name)),
    bytes: number(handle, 'pragma page_count') * number(handle, 'pragma page_size'),
    freeBytes: number(handle, 'pragma freelist_count') * number(handle, 'pragma page_size'),
    tables: of('table').map(({ name }) => ({
      name,
      ...rowsOf(name),
      bytes: sizes && (sizes.get(name) ?? 0),
      indexBytes:
        sizes &&
        indexes.filter(({ table }) => table === name).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    })),
    views: of('view').map(({ name }) => name),
    indexes,
    triggers: of('trigger').map(({ name, table }) => ({ name, table })),
  }
}

const number = (handle: Sqlite.Database, query: string) => Number(handle.prepare(query).pluck().get())

function sizesOf(handle: Sqlite.Database): Map<string, number> {
  const rows = handle
    .prepare<[], [string, number]>('select name, pgsize from dbstat where aggregate = true')
    .raw()
    .all()
  return new Map(rows)
}

const indexColumns = (handle: Sqlite.Database, index: string) =>
  handle
    .prepare<[string], string>(`select coalesce(name, '(expression)') from pragma_index_info(?)`)
    .pluck()
    .all(index)
    .join(', ')

export type Cell = string | number | null

export interface Rows {
  columns: string[]
  rows: Cell[][]
  /** Whether there are more than were asked for. */
  more: boolean
}

export interface Browse {
  /** A table or a view. */
  name: string
  /** A column; as it comes without one. */
  sort?: string | undefined
  order?: 'asc' | 'desc' | undefined
  limit: number
  offset: number
}

/** @throws LookError `no_such_table`, `secrets`. */
export function browse(handle: Sqlite.Database, { name, sort, order, limit, offset }: Browse): Rows {
  const columns = handle.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(name)
  if (columns.length === 0) throw new LookError('no_such_table', `There is no table or view “${name}”.`)
  const by = sort !== undefined && columns.includes(sort) ? ` order by ${quoted(sort)} ${order ?? 'asc'}` : ''
  const isTable = handle.prepare(`select 1 from sqlite_master where type = 'table' and name = ?`).get(name)
  const text = `select * from ${quoted(name)}${by}`
  // A view may give a secret another name.
  if (!isTable) refuseSecrets(handle, text)
  return take(handle.prepare(`${text} limit ? offset ?`), [limit + 1, offset], limit)
}

/**
 * The answer to what a person typed, if it only reads.
 * @throws LookError `not_allowed`, `secrets`, or `wrong` with SQLite's own words.
 */
export function query(handle: Sqlite.Database, text: string, limit: number): Rows {
  const statement = prepared(handle, text)
  if (!statement.reader || !statement.readonly || !isHarmless(text))
    throw new LookError(
      'not_allowed',
      'Only what reads is answered here: SELECT, WITH, VALUES, EXPLAIN and what PRAGMA tells.',
    )
  refuseSecrets(handle, text)
  try {
    return take(statement, [], limit)
  } catch (error) {
    throw new LookError('wrong', (error as Error).message, { cause: error })
  }
}

function prepared(handle: Sqlite.Database, text: string) {
  try {
    return handle.prepare<unknown[], unknown>(text)
  } catch (error) {
    throw new LookError('wrong', (error as Error).message, { cause: error })
  }
}

const pragmas =
  /^pragma\s+(main\.)?(table_(x?info|list)|index_(x?info|list)|foreign_key_(list|check)|integrity_check|quick_check|page_(count|size)|freelist_count|compile_options|encoding|user_version)\b(?!\s*=)/i

function isHarmless(text: string): boolean {
  const bare = text.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/, '')
  // This reads pages, past every column.
  if (/sqlite_dbpage/i.test(text)) return false
  return /^(select|with|values|explain)\b/i.test(bare) || pragmas.test(bare)
}

/** By what the compiled statement would open, so that no alias, view or expression hides it. */
function refuseSecrets(handle: Sqlite.Database, text: string): void {
  const guarded = secretPages(handle)
  if (guarded.size === 0) return
  const compiled = handle
    .prepare<[], { opcode: string; p2: number }>(/^\s*explain\b/i.test(text) ? text : `explain ${text}`)
    .all()
  const opened = compiled.find(({ opcode, p2 }) => /^(OpenRead|ReopenIdx)$/.test(opcode) && guarded.has(p2))
  if (opened)
    throw new LookError('secrets', `“${guarded.get(opened.p2)}” holds secrets, so it is not asked here.`)
}

/** Where tables with secret columns, and their indexes, begin. */
function secretPages(handle: Sqlite.Database): Map<number, string> {
  const rows = handle
    .prepare<[], { root: number; table: string; column: string }>(
      `select entry.rootpage as root, entry.tbl_name as "table", info.name as "column"
       from sqlite_master as entry join pragma_table_info(entry.tbl_name) as info
       where entry.type in ('table', 'index')`,
    )
    .all()
  return new Map(rows.filter(({ column }) => isSecret(column)).map(({ root, table }) => [root, table]))
}

/** What cannot be shown. `code`: `no_such_table`, `not_allowed`, `secrets`, `wrong`. */
export class LookError extends Error {
  override name = 'LookError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

function take(statement: Sqlite.Statement<unknown[], unknown>, values: unknown[], limit: number): Rows {
  const columns = statement.columns()
  const secret = columns.map(({ name, column }) => isSecret(name) || (column !== null && isSecret(column)))
  const rows: Cell[][] = []
  for (const row of statement
    .raw()
    .safeIntegers()
    .iterate(...values) as Iterable<unknown[]>) {
    if (rows.length === limit) return { columns: columns.map(({ name }) => name), rows, more: true }
    rows.push(row.map((value, n) => (secret[n] && value !== null ? masked : cellOf(value))))
  }
  return { columns: columns.map(({ name }) => name), rows, more: false }
}

const longest = 300

function cellOf(value: unknown): Cell {
  if (Buffer.isBuffer(value)) return `(${value.length} bytes)`
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value as Cell
}
