/**
 * On whose behalf a database is changed. It goes with the database itself, so that no change has to be told.
 */

import type { Db } from './schema.ts'

const names = new WeakMap<Db, string>()

/** The same database; what is changed through this one is recorded as this person's. */
export function actingAs(db: Db, name: string | null): Db {
  if (name === null) return db
  const same = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => result,
  })
  names.set(same, name)
  return same
}

/** Null where nobody said. */
export const actorOf = (db: Db): string | null => names.get(db) ?? null
