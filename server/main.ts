/**
 * Puts the real parts together: the app, and the engine behind it.
 */

import os from 'node:os'
import { refuseDamaged } from '../db/open.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createRoom } from './disk/room.ts'
import { sweepLeftovers } from './disk/sweep.ts'
import { createEngine } from './engine/engine.ts'
import { createLog, followLevel, logFolder } from './log.ts'
import { createServices, picturesFolder } from './node_services.ts'
import { backupFolder, databasePath, openMachinery, openStore } from './open.ts'
import { createSlowQueryLog } from './slow_queries.ts'
import { createRunner } from './upkeep/runner.ts'
import { createSchedule } from './upkeep/schedule.ts'
import { version } from './version.ts'

export interface Running {
  app: ReturnType<typeof createApp>
  close(): Promise<void>
}

/**
 * @param say takes what a person should know at once, a line at a time.
 * @param restart closes all of this, does something, and begins again.
 * @throws AppError or DatabaseError in words, where something it stands on is missing.
 */
export async function start(
  config: Config,
  say: (line: string) => void,
  restart?: (act: () => Promise<void>) => void,
): Promise<Running> {
  const log = createLog({ folder: logFolder(config.data), say })
  const { db, roots } = await openStore(config, createSlowQueryLog(log.warn))
  refuseDamaged(db, databasePath(config))
  const stopFollowing = followLevel(db, log)
  const { pool, tools, bound } = await openMachinery(config, db)
  const room = createRoom({ db })
  const engine = createEngine({
    db,
    pool,
    tools,
    bound,
    accepts: () => true,
    onError: log.error,
    mayBegin: room.mayBegin,
    onStep: (message, facts) => log.info(message, facts),
  })
  const data = config.data
  const runner = createRunner({ db, log, pictures: picturesFolder(data), backups: backupFolder(config) })
  const schedule = createSchedule({ db, runner, onError: log.error })
  const hosts = [...namesOf(config.host), ...config.names]
  const { services, close } = await createServices({
    db,
    roots,
    tools,
    data,
    hosts,
    engine,
    pool,
    bound,
    log,
    runner,
    ...(restart && { restart }),
    room,
  })
  const sweeping = sweepLeftovers(db)
    .then((swept) => {
      for (const folder of swept) log.info(`Swept what was left half-made: ${folder}`)
    })
    .catch(log.error)
  log.info(`Cutroom ${version} begins.`, { ffmpeg: tools.version, threads: bound })
  return {
    app: createApp(services),
    async close() {
      schedule.close()
      await runner.close()
      await close()
      await engine.close()
      await pool.close()
      stopFollowing()
      await sweeping
      await db.destroy()
      log.info('Cutroom ends.')
      await log.close()
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
