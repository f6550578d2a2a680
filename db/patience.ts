/**
 * Waiting for a database that another process is writing to, without holding up this one.
 */

import Sqlite from 'better-sqlite3'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseConnection, QueryResult } from 'kysely'

/** SQLite itself waits this long, milliseconds, in which nothing else happens here: most writes of others are shorter. */
export const heldMs = 30
/** Who holds the lock for longer than this is not writing but stuck. */
const patienceMs = 60_000

export const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)

/**
 * The connection, but a statement that finds the database locked is tried again until it is not. Only outside
 * transactions: those hold the lock from their first statement on.
 * @param tooLong what is thrown after a minute.
 */
export function patient(
  connection: DatabaseConnection,
  handle: Pick<Sqlite.Database, 'inTransaction'>,
  tooLong: (cause: unknown) => Error,
  limitMs = patienceMs,
): DatabaseConnection {
  return {
    async executeQuery<R>(query: Parameters<DatabaseConnection['executeQuery']>[0]): Promise<QueryResult<R>> {
      const end = performance.now() + limitMs
      for (;;) {
        try {
          return await connection.executeQuery<R>(query)
        } catch (error) {
          if (!isBusy(error) || handle.inTransaction) throw error
          if (performance.now() > end) throw tooLong(error)
        }
        // Not in step with others who wait for the same.
        await sleep(5 + Math.random() * 20)
      }
    },
    streamQuery: (query, size) => connection.streamQuery(query, size),
  }
}
