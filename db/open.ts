/**
 * Opens the database: one connection, set up so that several processes can share the file.
 */

import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteDialectConfig,
  sql,
} from 'kysely'
import { migrations } from './migrations/mod.ts'
import type { Database, Db } from './schema.ts'

/**
 * Opens (or begins) the database at `path`. It is not migrated yet.
 * Awaiting a query on the returned `db` inside one of its transactions waits for ever: there use `tx`.
 * @throws DatabaseError when the file cannot be written, is no database, or is newer than this program.
 */
export function openDatabase(path: string): Db {
  const handle = connect(path)
  try {
    prepare(handle)
    refuseNewer(handle, path)
  } catch (error) {
    handle.close()
    throw explained(error, path)
  }
  const db = new Kysely<Database>({ dialect: new Dialect(handle) })
  handles.set(db, handle)
  return db
}

/** Changes whenever another connection has written; says nothing of this connection's own writes. */
export async function dataVersion(db: Db): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
  return rows[0]?.data_version ?? 0
}

/** The driver's own handle, for the few things no query can do (an online backup). */
export function handleOf(db: Db): Sqlite.Database {
  const handle = handles.get(db)
  if (!handle) throw new Error('This database was not opened by openDatabase.')
  return handle
}

/**
 * A database that cannot be used. `code`: `database_not_writable`, `not_a_database`, `database_newer`,
 * `database_unusable`.
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
  handle.pragma('journal_mode = wal')
  handle.pragma('synchronous = normal')
  handle.pragma('foreign_keys = on')
  handle.pragma('recursive_triggers = on')
  // SQLite opens a file it may only read without a word; asking for the write lock tells.
  handle.exec('begin immediate; rollback')
}

function refuseNewer(handle: Sqlite.Database, path: string): void {
  const table = handle.prepare(`select 1 from sqlite_master where name = 'kysely_migration'`).get()
  if (!table) return
  const applied = handle.prepare<[], string>('select name from kysely_migration order by name').pluck().all()
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name))
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
      `“${path}” is not a database, or is damaged. Move it away to begin a new one, or restore a backup.`,
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

  constructor(config: SqliteDialectConfig, handle: Sqlite.Database) {
    super(config)
    this.#handle = handle
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk ends the transaction by itself; a second rollback would fail, and hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection)
  }
}
