/**
 * Runs maintenance tasks: claimed in a row, so that of all processes one does one at a time, and with an outcome kept.
 */

import type { MaintenanceCause, MaintenanceRun, MaintenanceTask } from '../../db/schema.ts'
import { beatRun, beginRun, endRun } from '../../db/upkeep.ts'
import { failureOf } from '../../workers/failure.ts'
import { thisOwner } from '../engine/owner.ts'
import type { Log } from '../services.ts'
import { type Task, type TaskGrounds, tasks as allTasks } from './tasks.ts'

export interface Runner {
  /**
   * Begins a task, unless one runs already or, with `unlessSince`, one of this kind began since then; then null.
   * `finished` settles with the outcome, and never throws.
   */
  begin(task: MaintenanceTask, how: How): Promise<{ run: MaintenanceRun; finished: Promise<Outcome> } | null>
  /** Ends what runs, and waits for it. */
  close(): Promise<void>
}

export interface How {
  cause: MaintenanceCause
  /** Who asked for it, where that is known. */
  actor?: string | null
  /** `YYYY-MM-DD HH:MM:SS.SSS`. */
  unlessSince?: string
  /** What is done instead of the whole task: of one session, or with what was asked for. */
  work?: Task
}

export interface Outcome {
  status: 'completed' | 'failed' | 'interrupted'
  summary: string
  seconds: number
}

export interface RunnerOptions extends TaskGrounds {
  log: Log
  tasks?: Record<MaintenanceTask, Task>
}

const beatMs = 10_000

export function createRunner({ log, tasks = allTasks, ...grounds }: RunnerOptions): Runner {
  const { db } = grounds
  const closing = new AbortController()
  const owner = thisOwner()
  let running: Promise<unknown> = Promise.resolve()

  async function perform(run: MaintenanceRun, work: Task): Promise<Outcome> {
    const began = performance.now()
    const lost = new AbortController()
    const beating = setInterval(() => {
      beatRun(db, run).then(
        (ours) => ours || lost.abort(new Error('Another process took it over.')),
        (error: unknown) => log.error(error),
      )
    }, beatMs).unref()
    const signal = AbortSignal.any([closing.signal, lost.signal])
    const outcome = await outcomeOf(() => work(grounds, signal), signal)
    clearInterval(beating)
    const seconds = Math.round(performance.now() - began) / 1000
    await endRun(db, run, { ...outcome, seconds }).catch((error: unknown) => log.error(error))
    const tell = outcome.status === 'failed' ? log.warn : log.info
    tell(`Maintenance, ${run.task}: ${outcome.summary}`, { task: run.task, cause: run.cause, seconds })
    return { ...outcome, seconds }
  }

  return {
    async begin(task, { cause, actor = null, unlessSince, work = tasks[task] }) {
      if (closing.signal.aborted) return null
      const run = await beginRun(db, {
        task,
        cause,
        actor,
        owner,
        ...(unlessSince !== undefined && { unlessSince }),
      })
      if (!run) return null
      const finished = perform(run, work)
      running = finished
      return { run, finished }
    },
    async close() {
      closing.abort(new Error('Cutroom ends.'))
      await running
    },
  }
}

async function outcomeOf(
  work: () => Promise<string>,
  signal: AbortSignal,
): Promise<Omit<Outcome, 'seconds'>> {
  try {
    const summary = await work()
    return { status: signal.aborted ? 'interrupted' : 'completed', summary }
  } catch (error) {
    return { status: signal.aborted ? 'interrupted' : 'failed', summary: failureOf(error).message }
  }
}
