/**
 * Puts the real parts together: the app, and the engine behind it.
 */

import os from 'node:os'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createEngine } from './engine/engine.ts'
import { createServices } from './node_services.ts'
import { openMachinery, openStore } from './open.ts'

export interface Running {
  app: ReturnType<typeof createApp>
  close(): Promise<void>
}

/** @throws AppError or DatabaseError in words, where something it stands on is missing. */
export async function start(config: Config, onError: (error: unknown) => void): Promise<Running> {
  const { db, roots } = await openStore(config)
  const { pool, tools, bound } = await openMachinery(config, db)
  const engine = createEngine({ db, pool, tools, bound, accepts: () => true, onError })
  const hosts = namesOf(config.host)
  const { services, close } = await createServices({
    db,
    roots,
    tools,
    data: config.data,
    hosts,
    wake: engine.wake,
    onError,
  })
  return {
    app: createApp(services),
    async close() {
      await close()
      await engine.close()
      await pool.close()
      await db.destroy()
    },
  }
}

/** What people may type to reach an address: where the server listens everywhere, each of the machine's own. */
function namesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host.toLowerCase()]
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? [])
  const name = os.hostname().toLowerCase()
  return [name, `${name}.local`, ...addresses.map(({ address }) => address.toLowerCase())]
}
