/**
 * Services for tests of routes: a real database and disk, an engine that nobody runs.
 */

import path from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { openDatabase, type Ran } from '../../db/open.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Log, Services } from '../../server/services.ts'
import { createRoom } from '../../server/disk/room.ts'
import { createServices as createReal, picturesFolder } from '../../server/node_services.ts'
import { createRunner } from '../../server/upkeep/runner.ts'
import { folder, tools } from '../media.ts'

export interface TestServices extends Services {
  /** What `onError` was told. */
  errors: unknown[]
  data: string
  close(): Promise<void>
}

const nothing = () => undefined
export const quietLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export async function createServices(data = folder(), onRan?: (ran: Ran) => void): Promise<TestServices> {
  const db = openDatabase(path.join(data, 'cutroom.db'), onRan)
  await migrate(db)
  const roots = {
    media: await ensureRoot(db, 'media', path.join(data, 'media')),
    output: await ensureRoot(db, 'output', path.join(data, 'output')),
  }
  const errors: unknown[] = []
  const log = { ...quietLog, error: (error: unknown) => void errors.push(error) }
  const runner = createRunner({
    db,
    log,
    pictures: picturesFolder(data),
    backups: path.join(data, 'backups'),
  })
  const real = await createReal({
    db,
    roots,
    tools: await tools(),
    data,
    hosts: ['studio.lan'],
    engine: { wake: () => undefined, sinceTurn: () => 0 },
    pool: { state: () => ({ open: true, threads: 0, queued: 0 }) },
    bound: 2,
    log,
    runner,
    room: createRoom({ db }),
  })
  return {
    ...real.services,
    errors,
    data,
    async close() {
      await runner.close()
      await real.close()
      await db.destroy()
    },
  }
}
