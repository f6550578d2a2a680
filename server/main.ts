/**
 * Puts the real parts together: the app, and the engine behind it.
 */

import type { Db, Root } from '../db/schema.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createEngine } from './engine/engine.ts'
import { openMachinery, openStore } from './open.ts'

export interface Running {
  app: ReturnType<typeof createApp>
  db: Db
  roots: { media: Root; output: Root }
  close(): Promise<void>
}

/** @throws AppError or DatabaseError in words, where something it stands on is missing. */
export async function start(config: Config, onError: (error: unknown) => void): Promise<Running> {
  const { db, roots } = await openStore(config)
  const { pool, tools, bound } = await openMachinery(config, db)
  const engine = createEngine({ db, pool, tools, bound, accepts: () => true, onError })
  return {
    app: createApp({ db }),
    db,
    roots,
    async close() {
      await engine.close()
      await pool.close()
      await db.destroy()
    },
  }
}
