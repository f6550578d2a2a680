/**
 * Services for tests of routes: a real database and disk, an engine that nobody runs.
 */

import path from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Services } from '../../server/services.ts'
import { createServices as createReal } from '../../server/node_services.ts'
import { folder, tools } from '../media.ts'

export interface TestServices extends Services {
  /** What `onError` was told. */
  errors: unknown[]
  data: string
  close(): Promise<void>
}

export async function createServices(data = folder()): Promise<TestServices> {
  const db = openDatabase(path.join(data, 'cutroom.db'))
  await migrate(db)
  const roots = {
    media: await ensureRoot(db, 'media', path.join(data, 'media')),
    output: await ensureRoot(db, 'output', path.join(data, 'output')),
  }
  const errors: unknown[] = []
  const real = await createReal({
    db,
    roots,
    tools: await tools(),
    data,
    hosts: ['studio.lan'],
    wake: () => undefined,
    onError: (error) => void errors.push(error),
  })
  return {
    ...real.services,
    errors,
    data,
    async close() {
      await real.close()
      await db.destroy()
    },
  }
}
