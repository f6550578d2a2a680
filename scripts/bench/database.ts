/**
 * Databases for rows of the bench, gone when they are done.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Db, Session } from '../../db/schema.ts'
import { createSession } from '../../db/sessions.ts'
import { pipelines } from '../../workers/pipelines/mod.ts'

export interface FreshDatabase {
  db: Db
  /** Where it lies, and what belongs to it may lie. */
  folder: string
  close(): Promise<void>
}

export async function freshDatabase(): Promise<FreshDatabase> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-bench-'))
  const db = openDatabase(path.join(folder, 'cutroom.db'))
  await migrate(db)
  return {
    db,
    folder,
    async close() {
      await db.destroy()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A session whose operations are pending. */
export async function aSession(db: Db): Promise<Session> {
  const root = await ensureRoot(db, 'output', '/bench')
  return createSession(db, {
    pipeline: 'archive',
    artwork: 'Bench',
    project_date: '26-01-01',
    output_root_id: root.id,
    preset_key: 'webflow_standard',
    preset_settings: '{}',
    operations: pipelines.archive.steps.map(({ operation }) => operation.name),
    source: { root_id: root.id, path: 'film.mov' },
  })
}
