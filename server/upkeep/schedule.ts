/**
 * The schedule: which tasks are due in quiet hours, and which were missed while nothing ran.
 */

import { Cron } from 'croner'
import type { Db, MaintenanceTask } from '../../db/schema.ts'
import { type Frequency, listSettings, settings, type Settings } from '../../db/settings.ts'
import { lastCountedRun } from '../../db/upkeep.ts'
import type { Runner } from './runner.ts'

/** In the order they are done: a backup stands before anything goes, what takes longest comes last. */
export const scheduled = [
  'backup',
  'retention',
  'vacuum',
  'analyze',
  'reindex',
  'integrity',
  'fixity',
] as const

export interface ScheduleOptions {
  db: Db
  runner: Runner
  onError(error: unknown): void
  /** How long after the start it first looks, so that what was missed holds up no start. */
  delayMs?: number
}

/** Looks once a minute at what is due, and does it. */
export function createSchedule({ db, runner, onError, delayMs = 60_000 }: ScheduleOptions): {
  close(): void
} {
  const look = () => runDue(db, runner).then(() => undefined, onError)
  const first = setTimeout(() => void look(), delayMs).unref()
  const job = new Cron(
    '* * * * *',
    { protect: true, unref: true, startAt: new Date(Date.now() + delayMs) },
    look,
  )
  return {
    close() {
      clearTimeout(first)
      job.stop()
    },
  }
}

/** Does all that is due now, one after the other. @returns what was done. */
export async function runDue(db: Db, runner: Runner, now = new Date()): Promise<MaintenanceTask[]> {
  const done: MaintenanceTask[] = []
  for (const { task, slot } of await dueTasks(db, now)) {
    const begun = await runner.begin(task, { cause: 'schedule', unlessSince: textOf(slot) })
    if (!begun) continue // another process was faster, or does something else: there is a next minute
    await begun.finished
    done.push(task)
  }
  return done
}

export interface Due {
  task: (typeof scheduled)[number]
  /** When it should have begun. */
  slot: Date
}

/** Tasks whose latest slot has passed since they last ran, and since anybody changed when they should. */
export async function dueTasks(db: Db, now: Date): Promise<Due[]> {
  const all = await settings(db)
  if (!all.schedule_enabled) return []
  const due: Due[] = []
  for (const task of scheduled) {
    const slot = slotBefore(all, task, now)
    if (!slot || textOf(slot) <= (await countedFrom(db, task))) continue
    due.push({ task, slot })
  }
  return due
}

/** The latest slot at or before `now`; null where the task never runs by itself. */
function slotBefore(all: Settings, task: Due['task'], now: Date): Date | null {
  const pattern = patternOf(all[`schedule_${task}`], all.schedule_hour)
  if (pattern === null) return null
  // croner leaves out the very second it is asked about.
  const slots = new Cron(pattern, { paused: true }).previousRuns(2, new Date(now.getTime() + 1000))
  return slots.find((slot) => slot <= now) ?? null
}

/** The next time that a task runs by itself; null where it never does. */
export function nextSlot(all: Settings, task: Due['task'], now = new Date()): Date | null {
  const pattern = all.schedule_enabled ? patternOf(all[`schedule_${task}`], all.schedule_hour) : null
  return pattern === null ? null : new Cron(pattern, { paused: true }).nextRun(now)
}

/** In the machine's own time; weekly on Sunday, monthly on the first. */
function patternOf(frequency: Frequency, hour: number): string | null {
  if (frequency === 'never') return null
  if (frequency === 'daily') return `0 ${hour} * * *`
  return frequency === 'weekly' ? `0 ${hour} * * 0` : `0 ${hour} 1 * *`
}

/** When it last ran or, where that is later, when its hour or frequency was changed. */
async function countedFrom(db: Db, task: Due['task']): Promise<string> {
  const keys = ['schedule_enabled', 'schedule_hour', `schedule_${task}`]
  const changed = (await listSettings(db)).filter(({ key }) => keys.includes(key))
  const run = await lastCountedRun(db, task)
  return [run?.started_at ?? '', ...changed.map(({ modified_at }) => modified_at)].sort().at(-1) ?? ''
}

const textOf = (date: Date) => date.toISOString().replace('T', ' ').replace('Z', '')
