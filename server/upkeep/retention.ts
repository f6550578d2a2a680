/**
 * Retention: says what is old, name by name, before anything goes; then removes what is still old.
 */

import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import { filesOf, filesOfOthers } from '../../db/files.ts'
import { archiveHistory, clearWarnings } from '../../db/maintenance.ts'
import {
  isStillOld,
  oldHistory,
  oldSessions,
  oldTexts,
  type RetentionLimits,
  rowsOf,
} from '../../db/retention.ts'
import type { Db, Session } from '../../db/schema.ts'
import type { FilePlan, RetentionPlan, SessionPlan } from '../../templates/data.ts'
import { bytesText, countText } from '../../templates/words.ts'
import { removeSession } from '../commands/sessions.ts'
import { absolutePath } from '../engine/job.ts'
import { AppError } from '../errors.ts'

export interface RetentionGrounds {
  db: Db
  /** Where pictures of scenes are kept, a folder for each session. */
  pictures: string
}

export interface RetentionOrder {
  limits: RetentionLimits
  /** Whether the files that old sessions made go, too. Nothing does that by itself. */
  withOutputs: boolean
}

/** Everything that `applyRetention` would take now. Nothing is changed. */
export async function planRetention(
  grounds: RetentionGrounds,
  order: RetentionOrder,
): Promise<RetentionPlan> {
  const { db } = grounds
  const sessions: SessionPlan[] = []
  for (const session of await oldSessions(db, order.limits)) {
    sessions.push(await planSession(grounds, order, session))
    await pause() // for requests: there may be thousands
  }
  const history = (await oldHistory(db, order.limits)).map(({ session_key, artwork, completed_at }) => ({
    session: session_key,
    artwork,
    completedAt: completed_at,
  }))
  const gone = new Set(sessions.map(({ session }) => session))
  const texts = (await oldTexts(db, order.limits))
    .filter(({ session_key }) => !gone.has(session_key))
    .map(({ session_key, name, bytes }) => ({ session: session_key, operation: name, bytes }))
  return { ...order, sessions, history, texts, totals: totalsOf(sessions, history.length, texts) }
}

async function planSession(
  grounds: RetentionGrounds,
  { withOutputs }: RetentionOrder,
  session: Session,
): Promise<SessionPlan> {
  const { rows, bytes } = await rowsOf(grounds.db, session.id)
  const files = await picturesOf(grounds.pictures, session.key)
  if (withOutputs) files.push(...(await outputsOf(grounds.db, session)))
  return {
    session: session.key,
    artwork: session.artwork,
    status: session.status,
    since: session.completed_at ?? session.updated_at,
    rows,
    databaseBytes: bytes,
    files,
  }
}

/** Those that no other session has made anew at the same place; `removeSession` leaves the others, too. */
async function outputsOf(db: Db, session: Session): Promise<FilePlan[]> {
  const others = await filesOfOthers(db, session.id, session.output_root_id)
  const own = (await filesOf(db, session.id)).filter(
    (file) => file.operation_id !== null && file.root_id === session.output_root_id && !others.has(file.path),
  )
  const found = await Promise.all(own.map((file) => fileAt(absolutePath(file))))
  return found.filter((file) => file !== null)
}

async function picturesOf(folder: string, key: string): Promise<FilePlan[]> {
  const names = await readdir(path.join(folder, key)).catch(() => [])
  const found = await Promise.all(names.map((name) => fileAt(path.join(folder, key, name))))
  return found.filter((file) => file !== null)
}

const fileAt = (place: string): Promise<FilePlan | null> =>
  stat(place).then(
    ({ size }) => ({ path: place, bytes: size }),
    () => null,
  )

function totalsOf(
  sessions: SessionPlan[],
  history: number,
  texts: RetentionPlan['texts'],
): RetentionPlan['totals'] {
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const files = sessions.flatMap((session) => session.files)
  return {
    sessions: sessions.length,
    rows: sum(sessions.flatMap(({ rows }) => Object.values(rows))),
    history,
    texts: texts.length,
    files: files.length,
    fileBytes: sum(files.map(({ bytes }) => bytes)),
    databaseBytes:
      sum(sessions.map(({ databaseBytes }) => databaseBytes)) + sum(texts.map(({ bytes }) => bytes)),
  }
}

/** Rows of one transaction: short enough for nobody to notice. */
const batch = 200

export interface Removed {
  sessions: number
  history: number
  texts: number
  fileBytes: number
  /** Keys of sessions that somebody took up in between: they stay. */
  spared: string[]
}

/** Removes what the plan names, as far as it is still old. `signal` ends it after the session at hand. */
export async function applyRetention(
  grounds: RetentionGrounds,
  plan: RetentionPlan,
  signal?: AbortSignal,
): Promise<Removed> {
  const { db } = grounds
  const removed: Removed = { sessions: 0, history: 0, texts: 0, fileBytes: 0, spared: [] }
  for (const row of await oldSessions(db, plan.limits)) {
    const planned = plan.sessions.find(({ session }) => session === row.key)
    if (!planned || signal?.aborted) continue
    if (
      !(await isStillOld(db, plan.limits, row.id)) ||
      !(await isRemoved(grounds, plan.withOutputs, row.key))
    ) {
      removed.spared.push(row.key)
      continue
    }
    removed.sessions++
    removed.fileBytes += planned.files.reduce((sum, { bytes }) => sum + bytes, 0)
    await pause()
  }
  for (const rows of inBatches(plan.history))
    removed.history += await archiveHistory(
      db,
      rows.map(({ session }) => session),
    )
  for (const rows of inBatches(await oldTexts(db, plan.limits))) {
    await clearWarnings(
      db,
      rows.map(({ operation_id }) => operation_id),
    )
    removed.texts += rows.length
    await pause()
  }
  return removed
}

/** False where somebody works on it after all. */
async function isRemoved(
  { db, pictures }: RetentionGrounds,
  withOutputs: boolean,
  key: string,
): Promise<boolean> {
  try {
    await removeSession(db, key, { withOutputs })
  } catch (error) {
    if (error instanceof AppError && error.code === 'session_running') return false
    throw error
  }
  await rm(path.join(pictures, key), { recursive: true, force: true })
  return true
}

function* inBatches<T>(rows: readonly T[]) {
  for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch)
}

/** What was done, in a sentence. */
export function removedInWords({ sessions, history, texts, fileBytes, spared }: Removed): string {
  const parts = [
    `removed ${countText(sessions, 'session')}${fileBytes > 0 ? ` and ${bytesText(fileBytes)} of files` : ''}`,
    `archived ${countText(history, 'row')} of history`,
    `cleared the log text of ${countText(texts, 'step')}`,
  ]
  const left = spared.length > 0 ? `; spared ${countText(spared.length, 'session')} that was taken up` : ''
  return `${parts.join(', ')}${left}.`.replace(/^r/, 'R')
}
