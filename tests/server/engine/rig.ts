/**
 * An engine on a real database whose operations are played by the test.
 */

import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { migrate } from '../../../db/migrate.ts'
import { openDatabase, type Ran } from '../../../db/open.ts'
import { operationsOf } from '../../../db/operations.ts'
import { ensureRoot } from '../../../db/roots.ts'
import type { Db, Session } from '../../../db/schema.ts'
import { findSession } from '../../../db/sessions.ts'
import { type ArchiveOrder, orderArchive } from '../../../server/commands/archive.ts'
import { createEngine, type Engine, type EngineOptions } from '../../../server/engine/engine.ts'
import { type Job, OperationError, type Outcome, type Tools } from '../../../workers/operation.ts'
import type { Listener, Pool } from '../../../workers/pool.ts'
import { folder } from '../../media.ts'

export type Part = (job: Job, listener: Listener) => Promise<Outcome>

export interface Rig {
  db: Db
  /** What each operation does; one that is not named succeeds at once. `detect` finds four scenes. */
  parts: Record<string, Part>
  /** Names in the order they began. */
  began: string[]
  /** The most that ran at one time. */
  most: number
  data: string
  order(changes?: Partial<ArchiveOrder>): Promise<Session>
  engine(options?: Partial<EngineOptions>): Engine
  session(key: string): Promise<Session>
  statuses(key: string): Promise<Record<string, string>>
  /** Waits until the session has this status. */
  reaches(key: string, status: string): Promise<Session>
  close(): Promise<void>
}

const tools: Tools = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffprobe',
  version: 'test',
  filters: [],
  nvenc: false,
  startUp: 0.05,
  threads: 1,
}

export async function createRig(data = folder(), onRan?: (ran: Ran) => void): Promise<Rig> {
  const db = openDatabase(path.join(data, 'cutroom.db'), onRan)
  await migrate(db)
  const output = await ensureRoot(db, 'output', path.join(data, 'output'))
  const master = path.join(data, 'master.mov')
  writeFileSync(master, 'a master')
  const engines: Engine[] = []
  let running = 0
  const parts: Record<string, Part> = {
    detect: async (_job, { onEmission }) => {
      await onEmission({ kind: 'source', frames: 100, duration: 4, timeBase: '1/25' })
      const cuts = [0, 25, 50, 75].map((frame) => ({ frame, time: frame / 25 }))
      await onEmission({ kind: 'cuts', cuts })
      return {}
    },
  }

  const pool: Pool = {
    async run(name, job, listener) {
      rig.began.push(name)
      rig.most = Math.max(rig.most, ++running)
      const usage = { cpuSeconds: 1.5, peakMemoryBytes: 1000 }
      try {
        return { result: { outcome: await (parts[name] ?? succeed)(job, listener) }, usage }
      } catch (error) {
        const { code = 'unexpected', message } = error as OperationError
        return { result: { failure: new OperationError(code, message) }, usage }
      } finally {
        running--
      }
    },
    state: () => ({ open: true, threads: 0, queued: 0 }),
    close: async () => undefined,
  }

  const rig: Rig = {
    db,
    parts,
    began: [],
    most: 0,
    data,
    order: (changes = {}) =>
      orderArchive(db, output, {
        master,
        artwork: 'Tide',
        choice: { scenes: 'all', groups: [] },
        date: '26-11-20',
        ...changes,
      }),
    engine(options = {}) {
      const all = {
        db,
        pool,
        tools,
        bound: 2,
        accepts: () => true,
        onError: (error: unknown) => console.error(error),
        ...options,
      }
      const engine = createEngine(all)
      engines.push(engine)
      return engine
    },
    async session(key) {
      const session = await findSession(db, key)
      if (!session) throw new Error(`no session ${key}`)
      return session
    },
    async statuses(key) {
      const operations = await operationsOf(db, (await rig.session(key)).id)
      return Object.fromEntries(operations.map(({ name, status }) => [name, status]))
    },
    async reaches(key, status) {
      for (const end = Date.now() + 60_000; Date.now() < end; await pause(20)) {
        const session = await rig.session(key)
        if (session.status === status && (session.owner === null || status === 'processing')) return session
      }
      throw new Error(
        `the session is ${(await rig.session(key)).status}, not ${status}: ${JSON.stringify(await rig.statuses(key))}`,
      )
    },
    async close() {
      for (const engine of engines) await engine.close()
      await db.destroy()
    },
  }
  return rig
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const succeed: Part = async () => ({})

export const fail =
  (code: string, message: string): Part =>
  async () => {
    throw new OperationError(code, message)
  }

/** Runs until it is cancelled. */
export const untilCancelled: Part = (_job, { signal }) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(new OperationError('cancelled', 'Cancelled.'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
