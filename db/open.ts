/**
 * Opens the database: one connection, set up so that several processes can share the file.
 */

import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type Logger,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteDialectConfig,
  sql,
} from 'kysely'
import { appliedIn } from './check.ts'
import { heldMs, isBusy, patient } from './patience.ts'
import { migrations } from './migrations/mod.ts'
import type { Database, Db } from './schema.ts'

/** A statement that ran, well or not. */
export interface Ran {
  /** With `?` in the place of values. */
  statement: string
  values: readonly unknown[]
  /** How long it held this process. */
  milliseconds: number
}

/**
 * Opens (or begins) the database at `path`. It is not migrated yet.
 * Awaiting a query on the returned `db` inside one of its transactions waits for ever: there use `tx`.
 * @param onRan told of every statement once it has run.
 * @throws DatabaseError when the file cannot be written, is no database, or is newer than this program.
 */
export function openDatabase(path: string, onRan?: (ran: Ran) => void): Db {
  const handle = connect(path)
  try {
    prepare(handle)
    refuseNewer(handle, path)
  } catch (error) {
    handle.close()
    throw explained(error, path)
  }
  const db = new Kysely<Database>({ dialect: new Dialect(handle), ...(onRan && { log: logger(onRan) }) })
  handles.set(db, handle)
  return db
}

const logger =
  (onRan: (ran: Ran) => void): Logger =>
  ({ query, queryDurationMillis }) =>
    onRan({ statement: query.sql, values: query.parameters, milliseconds: queryDurationMillis })

/** Changes whenever another connection has written; says nothing of this connection's own writes. */
export async function dataVersion(db: Db): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
  return rows[0]?.data_version ?? 0
}

/** Reading more than this at every start would take too long; the schedule checks all of it. */
const mostChecked = 64e6

/**
 * Looks whether the pages of a database that is not big are whole, a tenth of a second for 50 MB.
 * @throws DatabaseError `database_damaged` with what is wrong and what to do.
 */
export function refuseDamaged(db: Db, path: string): void {
  const handle = handleOf(db)
  const size = Number(handle.pragma('page_count', { simple: true })) * 4096
  if (size > mostChecked) return
  const said = String(handle.pragma('quick_check(1)', { simple: true }))
  if (said === 'ok') return
  throw new DatabaseError(
    'database_damaged',
    `The database “${path}” is damaged (${said.split('\n').slice(0, 2).join(': ')}). Restore a backup (cutroom db backups, ` +
      'cutroom db restore FILE), or recover what can be read (cutroom db salvage).',
  )
}

/** The driver's own handle, for the few things no query can do (an online backup). */
export function handleOf(db: Db): Sqlite.Database {
  const handle = handles.get(db)
  if (!handle) throw new Error('This database was not opened by openDatabase.')
  return handle
}

/**
 * Opens a database that no other process has open, out of its journal: one plain file while it is held.
 * @throws DatabaseError `database_in_use`, or as `openDatabase`.
 */
export function openAlone(path: string): Sqlite.Database {
  const handle = connect(path)
  try {
    handle.pragma('busy_timeout = 1000')
    handle.pragma('journal_mode = delete') // which SQLite only does for who is alone
    return handle
  } catch (error) {
    handle.close()
    if (isBusy(error))
      throw new DatabaseError(
        'database_in_use',
        `Another program has the database “${path}” open. End every Cutroom that uses it, then try again.`,
        { cause: error },
      )
    throw explained(error, path)
  }
}

/**
 * A database that cannot be used. `code`: `database_not_writable`, `not_a_database`, `database_newer`,
 * `database_in_use`, `database_busy`, `database_unusable`, `backup_not_found`, `backup_unusable`.
 */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const handles = new WeakMap<Db, Sqlite.Database>()

function connect(path: string): Sqlite.Database {
  try {
    return new Sqlite(path, { timeout: 5000 })
  } catch (error) {
    throw explained(error, path)
  }
}

function prepare(handle: Sqlite.Database): void {
  // Only a database without a page can still be told: space that is given back in slices holds nobody up.
  if (handle.pragma('page_count', { simple: true }) === 0) handle.pragma('auto_vacuum = incremental')
  handle.pragma('journal_mode = wal')
  handle.pragma('synchronous = normal')
  handle.pragma('foreign_keys = on')
  handle.pragma('recursive_triggers = on')
  // SQLite opens a file it may only read without a word; asking for the write lock tells.
  handle.exec('begin immediate; rollback')
  // From here on who finds it locked waits without holding anything up.
  handle.pragma(`busy_timeout = ${heldMs}`)
}

function refuseNewer(handle: Sqlite.Database, path: string): void {
  const unknown = appliedIn(handle).filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length === 0) return
  throw new DatabaseError(
    'database_newer',
    `The database “${path}” was made by a newer Cutroom (it has ${unknown.join(', ')}). ` +
      'Start that version, or restore a backup made before it.',
  )
}

function explained(error: unknown, path: string): unknown {
  if (error instanceof DatabaseError) return error
  const code = error instanceof Sqlite.SqliteError ? error.code : ''
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new DatabaseError(
      'not_a_database',
      `“${path}” is not a database, or is damaged. Restore a backup (cutroom db restore FILE), recover what can be read ` +
        '(cutroom db salvage), or move it away to begin a new one.',
      { cause: error },
    )
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code) || error instanceof TypeError) {
    return new DatabaseError(
      'database_not_writable',
      `The database “${path}” cannot be written. Make its folder, and let this user write there, or choose another with --data.`,
      { cause: error },
    )
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseError('database_unusable', `The database “${path}” cannot be used: ${reason}.`, {
    cause: error,
  })
}

/** Kysely's SQLite, except that migrations are transactional and transactions take the write lock at once. */
class Dialect extends SqliteDialect {
  readonly #handle: Sqlite.Database

  constructor(handle: Sqlite.Database) {
    super({ database: handle })
    this.#handle = handle
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter()
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#handle }, this.#handle)
  }
}

class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** A transaction that reads first and writes later fails at once under a second writer; this one waits its turn. */
class ImmediateDriver extends SqliteDriver {
  readonly #handle: Sqlite.Database
  #connection: DatabaseConnection | undefined

  constructor(config: SqliteDialectConfig, handle: Sqlite.Database) {
    super(config)
    this.#handle = handle
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return (this.#connection ??= patient(connection, this.#handle, heldTooLong))
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk ends the transaction by itself; a second rollback would fail, and hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection)
  }
}

const heldTooLong = (cause: unknown) =>
  new DatabaseError(
    'database_busy',
    'Another program has kept the database locked for a minute. End it (a tool left open in a transaction?), then try again.',
    { cause },
  )

/** The version of SQLite itself. */
export function sqliteVersion(): string {
  const handle = new Sqlite(':memory:')
  try {
    return String(handle.prepare('select sqlite_version()').pluck().get())
  } finally {
    handle.close()
  }
}
