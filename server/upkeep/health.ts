/**
 * How Cutroom is: whether what it stands on answers, and what a person who looks after it wants to see.
 */

import { stat } from 'node:fs/promises'
import os from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { inspectVersion } from '../../db/migrate.ts'
import { queueCounts } from '../../db/overview.ts'
import type { Db, Root } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { lastRun } from '../../db/upkeep.ts'
import type { HealthData } from '../../templates/data.ts'
import { bytesText } from '../../templates/words.ts'
import type { Tools } from '../../workers/operation.ts'
import type { PoolState } from '../../workers/pool.ts'
import { reserveOf, spaceOf } from '../disk/space.ts'
import type { Pulse } from '../services.ts'
import { version } from '../version.ts'

export interface HealthGrounds {
  db: Db
  output: Root
  /** Absolute path of the database. */
  database: string
  tools: Tools
  engine: { sinceTurn(): number }
  pool: { state(): PoolState }
  /** How many operations may run at once. */
  bound: number
}

/** An engine that has not looked at its queue for this long is stuck, milliseconds. */
const stuckMs = 60_000
/** Whoever asks more often gets the same answer. */
const pulseMs = 1000
/** The delay of the event loop is told of the last while. */
const windowMs = 600_000

export function createHealth(grounds: HealthGrounds) {
  const delay = watchDelay()
  let taken: { at: number; pulse: Promise<Pulse> } | undefined
  const pulse = (): Promise<Pulse> => {
    const now = performance.now()
    if (!taken || now - taken.at > pulseMs) taken = { at: now, pulse: takePulse(grounds) }
    return taken.pulse
  }
  return {
    pulse,
    health: async (): Promise<HealthData> => describe(grounds, await pulse(), delay.read()),
    close: delay.stop,
  }
}

async function takePulse({ db, output, engine, pool }: HealthGrounds): Promise<Pulse> {
  const database = await settings(db).catch(() => null)
  const space = await spaceOf(output.path).catch(() => null)
  const reserve = space && database && reserveOf(space, database.disk_reserve_gigabytes)
  const { open, threads, queued } = pool.state()
  const secondsSinceTurn = Math.round(engine.sinceTurn() / 100) / 10
  const parts = {
    database: { ok: database !== null },
    disk: {
      ok: space !== null && space.free >= (reserve ?? 0),
      freeBytes: space?.free ?? null,
      reserveBytes: reserve,
    },
    engine: { ok: secondsSinceTurn * 1000 < stuckMs, secondsSinceTurn },
    pool: { ok: open, threads, queued },
  }
  const ok = Object.values(parts).every((part) => part.ok)
  return { ok, version, uptime: Math.round(process.uptime()), ...parts }
}

async function describe(
  grounds: HealthGrounds,
  pulse: Pulse,
  delay: HealthData['delay'],
): Promise<HealthData> {
  const { db, tools, database, bound } = grounds
  const { sessions, running } = await queueCounts(db)
  const count = (status: string) => sessions[status] ?? 0
  const { rss, heapUsed } = process.memoryUsage()
  return {
    complaints: complaintsOf(pulse),
    version,
    node: process.version,
    ffmpeg: { version: tools.version, nvenc: tools.nvenc, filters: tools.filters },
    uptime: process.uptime(),
    memory: { resident: rss, heap: heapUsed, total: os.totalmem(), free: os.freemem() },
    delay,
    cores: os.availableParallelism(),
    operations: { running, bound },
    sessions: {
      open: count('initialized') + count('processing'),
      waiting: count('waiting'),
      paused: count('paused'),
    },
    database: {
      path: database,
      bytes: await sizeOf(database),
      journalBytes: await sizeOf(`${database}-wal`),
      version: await inspectVersion(db),
    },
    lastBackup: await lastRun(db, 'backup'),
    lastFixity: await lastRun(db, 'fixity'),
  }
}

function complaintsOf({ database, disk, engine, pool }: Pulse): string[] {
  const room = `${bytesText(disk.freeBytes)} free, ${bytesText(disk.reserveBytes)} are kept in reserve`
  return [
    ...(database.ok ? [] : ['The database does not answer. The log says why.']),
    ...(disk.ok
      ? []
      : [`The disk of the outputs is nearly full: ${room}. Nothing new starts until there is room.`]),
    ...(engine.ok
      ? []
      : [
          `The engine has not looked at its queue for ${Math.round(engine.secondsSinceTurn)} s. The log says why.`,
        ]),
    ...(pool.ok ? [] : ['The threads that do the work have ended. Start Cutroom again.']),
  ]
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

/** Two windows side by side, so that what is told is never of less than half of one. */
function watchDelay() {
  const start = () => {
    const histogram = monitorEventLoopDelay({ resolution: 20 })
    histogram.enable()
    return histogram
  }
  let [older, newer] = [start(), start()]
  const timer = setInterval(() => {
    older.disable()
    ;[older, newer] = [newer, start()]
  }, windowMs / 2).unref()
  return {
    read(): HealthData['delay'] {
      // The clock's own 20 ms are part of what is measured.
      const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - 20)
      return { median: late(older.percentile(50)), most: late(older.max) }
    },
    stop() {
      clearInterval(timer)
      for (const histogram of [older, newer]) histogram.disable()
    },
  }
}
