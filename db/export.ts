/**
 * The database as text: SQL that sqlite3 reads back, lines of JSON, or a table as CSV, a piece at a time.
 */

import Sqlite from 'better-sqlite3'
import { isSecret, masked } from './secrets.ts'

export const exportFormats = ['sql', 'json', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/**
 * Text of the database as it was at one moment, whatever is written meanwhile.
 * @param name a table or a view; all tables unless given, which CSV has no form for.
 * @throws Error in words, where there is no such table or view.
 */
export function* exportText(file: string, format: ExportFormat, name?: string): Generator<string> {
  const handle = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    handle.exec('begin')
    if (name !== undefined) requireNamed(handle, name)
    if (format === 'sql') yield* sqlText(handle, name)
    else if (format === 'json') yield* jsonText(handle, name)
    else yield* csvText(handle, name ?? '')
  } finally {
    handle.close()
  }
}

function requireNamed(handle: Sqlite.Database, name: string): void {
  const names = handle
    .prepare<[], string>(`select name from sqlite_master where type in ('table', 'view') order by name`)
    .pluck()
    .all()
  if (!names.includes(name))
    throw new Error(`There is no table or view “${name}”. There are ${names.join(', ')}.`)
}

interface SchemaEntry {
  type: string
  name: string
  sql: string
}

function* sqlText(handle: Sqlite.Database, only?: string): Generator<string> {
  const entries = handle
    .prepare<[], SchemaEntry>(
      `select type, name, sql from sqlite_master
       where sql is not null and name not like 'sqlite\\_%' escape '\\' order by rowid`,
    )
    .all()
    .filter(({ name }) => only === undefined || name === only)
  yield 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n'
  for (const { sql } of entries.filter(({ type }) => type === 'table')) yield `${sql};\n`
  for (const { name } of entries.filter(({ type }) => type === 'table')) yield* insertsOf(handle, name)
  if (only === undefined) {
    yield 'DELETE FROM sqlite_sequence;\n'
    yield* insertsOf(handle, 'sqlite_sequence')
  }
  // Triggers last: what they would do has been done.
  for (const { sql } of entries.filter(({ type }) => type !== 'table')) yield `${sql};\n`
  yield 'COMMIT;\n'
}

/** `quote` of SQLite itself, so that every value comes back to the bit. A secret goes along only here: this is the whole. */
function* insertsOf(handle: Sqlite.Database, table: string): Generator<string> {
  const columns = columnsOf(handle, table)
  const values = columns.map((column) => `quote(${quoted(column)})`).join(` || ',' || `)
  const statement = handle.prepare<[], string>(`select ${values} from ${quoted(table)}`).pluck()
  const names = columns.map(quoted).join(',')
  for (const row of statement.iterate()) yield `INSERT INTO ${quoted(table)}(${names}) VALUES(${row});\n`
}

function* jsonText(handle: Sqlite.Database, only?: string): Generator<string> {
  const tables = only === undefined ? tablesOf(handle) : [only]
  for (const table of tables) {
    for (const row of rowsOf(handle, table)) {
      const safe = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shown(name, value)]))
      yield `${JSON.stringify(only === undefined ? { table, row: safe } : safe)}\n`
    }
  }
}

/** RFC 4180: CRLF, quotes where needed; what is null is empty. */
function* csvText(handle: Sqlite.Database, name: string): Generator<string> {
  yield csvLine(columnsOf(handle, name))
  for (const row of rowsOf(handle, name))
    yield csvLine(Object.entries(row).map(([column, value]) => shown(column, value)))
}

export const csvLine = (values: unknown[]): string => `${values.map(csvField).join(',')}\r\n`

function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Bytes become base64; a whole number beyond what JSON holds exactly becomes text. */
function shown(column: string, value: unknown): unknown {
  if (value !== null && isSecret(column)) return masked
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

const rowsOf = (handle: Sqlite.Database, name: string) =>
  handle
    .prepare<[], Record<string, unknown>>(`select * from ${quoted(name)}`)
    .safeIntegers()
    .iterate()

const tablesOf = (handle: Sqlite.Database) =>
  handle
    .prepare<[], string>(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
    )
    .pluck()
    .all()

const columnsOf = (handle: Sqlite.Database, name: string) =>
  handle.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(name)

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
