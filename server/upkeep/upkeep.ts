/**
 * Upkeep as Node provides it: health, the log, and all that keeps the studio's work in order.
 */

import { badFiles, fixityTotals, recordedOf } from '../../db/fixity.ts'
import { limitsOf } from '../../db/retention.ts'
import { type Db, type MaintenanceTask, maintenanceTasks } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import { settings } from '../../db/settings.ts'
import { lastRun, latestRuns, runningRun } from '../../db/upkeep.ts'
import type { FixityData, MaintenanceData } from '../../templates/data.ts'
import type { Room } from '../disk/room.ts'
import { AppError, found } from '../errors.ts'
import { readLog } from '../log_read.ts'
import type { Upkeep } from '../services.ts'
import { judged, verifyFiles, verifyLongest, watchWork } from './fixity.ts'
import { createHealth, type HealthGrounds } from './health.ts'
import { applyRetention, planRetention, removedInWords } from './retention.ts'
import type { How, Runner } from './runner.ts'
import { nextSlot, scheduled } from './schedule.ts'
import type { Task } from './tasks.ts'

export interface UpkeepGrounds extends HealthGrounds {
  /** Where the log lies. */
  logs: string
  pictures: string
  runner: Runner
  room: Pick<Room, 'report'>
}

/** A task that is done by then is told of in the answer to who asked for it, milliseconds. */
const patience = 1500

export function createUpkeep(grounds: UpkeepGrounds): Upkeep & { close(): void } {
  const { db, runner } = grounds
  const { pulse, health, close } = createHealth(grounds)

  async function begin(task: MaintenanceTask, by: string | null, work?: Task): Promise<void> {
    const how: How = { cause: 'person', actor: by, ...(work && { work }) }
    const begun = await runner.begin(task, how)
    if (!begun) throw new AppError('maintenance_running')
    await Promise.race([begun.finished, new Promise((resolve) => setTimeout(resolve, patience).unref())])
  }

  const retentionOrder = async (withOutputs: boolean, at?: string) => ({
    limits: limitsOf(await settings(db), at),
    withOutputs,
  })
  return {
    pulse,
    health,
    room: () => grounds.room.report(grounds.output),
    readLog: (search) => readLog(grounds.logs, search),
    maintenance: () => describeMaintenance(db),
    run: (task, by) => begin(task, by),
    planRetention: async (withOutputs) => planRetention(grounds, await retentionOrder(withOutputs)),
    applyRetention: ({ withOutputs, at }, by) =>
      begin('retention', by, async (_grounds, signal) => {
        const plan = await planRetention(grounds, await retentionOrder(withOutputs, at))
        return removedInWords(await applyRetention(grounds, plan, signal))
      }),
    fixity: () => describeFixity(db),
    async verify(key, by) {
      const session = key === undefined ? null : found(await findSession(db, key), 'session_not_found')
      await begin('fixity', by, async (_grounds, signal) => {
        const work = watchWork(db)
        try {
          const options = { signal, isBusy: work.isBusy }
          if (!session) return judged(await verifyLongest(db, Infinity, options))
          return judged(await verifyFiles(db, await recordedOf(db, session.id), options))
        } finally {
          work.stop()
        }
      })
    },
    close,
  }
}

const mostRuns = 20

async function describeMaintenance(db: Db): Promise<MaintenanceData> {
  const all = await settings(db)
  const tasks: MaintenanceData['tasks'] = []
  for (const task of maintenanceTasks) {
    const own = scheduled.find((name) => name === task)
    const next = own ? nextSlot(all, own) : null
    tasks.push({
      task,
      last: await lastRun(db, task),
      frequency: own ? all[`schedule_${own}`] : null,
      next: next && next.toISOString().replace('T', ' ').replace('Z', ''),
    })
  }
  return {
    running: (await runningRun(db)) ?? null,
    tasks,
    runs: await latestRuns(db, mostRuns),
    enabled: all.schedule_enabled,
    hour: all.schedule_hour,
  }
}

const mostBad = 200

async function describeFixity(db: Db): Promise<FixityData> {
  const running = await runningRun(db)
  return {
    ...(await fixityTotals(db)),
    gigabytesANight: (await settings(db)).fixity_gigabytes,
    running: running?.task === 'fixity' ? running : null,
    last: await lastRun(db, 'fixity'),
    bad: await badFiles(db, mostBad),
  }
}
