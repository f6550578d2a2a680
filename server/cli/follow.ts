/**
 * Takes one session through to where it rests, showing how far it is.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { operationsOf } from '../../db/operations.ts'
import type { Db, Session } from '../../db/schema.ts'
import { findSession, hasEnded, sessionProgress, wish } from '../../db/sessions.ts'
import { failureOf } from '../../workers/failure.ts'
import { reportSession, type SessionReport } from '../commands/sessions.ts'
import { createRoom } from '../disk/room.ts'
import { createEngine } from '../engine/engine.ts'
import { found } from '../errors.ts'
import type { Machinery } from '../open.ts'
import { bytesText } from '../../templates/words.ts'
import { print, printJson, say } from './command.ts'
import { createProgressView } from './progress_view.ts'

/**
 * Runs the session in this process unless another one does, until it ends, is paused or waits for a person.
 * Ctrl-C cancels it; a terminal that is closed leaves it to be resumed.
 * @returns the exit code: 0 completed, 1 failed, resting or completed with problems, 130 cancelled.
 */
export async function carryThrough(
  { pool, tools, bound }: Machinery,
  db: Db,
  key: string,
  { json }: { json: boolean },
): Promise<number> {
  const onError = (error: unknown) => say(`Cutroom: ${failureOf(error).message}`)
  const accepts = (session: Pick<Session, 'key'>) => session.key === key
  const { mayBegin } = createRoom({ db })
  const engine = createEngine({ db, pool, tools, bound, accepts, onError, mayBegin })
  const hangup = new AbortController()
  const release = onInterrupt(hangup, async () => {
    say('Cancelling…')
    await wish(db, found(await findSession(db, key), 'session_not_found').id, 'cancel')
    engine.wake()
  })
  say(`Session ${key}`)
  try {
    await watch(db, key, hangup.signal)
    const report = await reportSession(db, key)
    if (json) printJson(report)
    else summarise(report)
    return await exitCode(db, key)
  } finally {
    release()
    await engine.close()
    await pool.close()
  }
}

/** Shows a session's progress until it rests, or nobody looks any more. */
async function watch(db: Db, key: string, hangup: AbortSignal): Promise<void> {
  const view = createProgressView()
  let short: number | null = null
  try {
    while (!hangup.aborted) {
      const session = found(await findSession(db, key), 'session_not_found')
      const operations = await operationsOf(db, session.id)
      view.show(session.pipeline, operations)
      if (session.bytes_short !== short) say(roomText(session.bytes_short))
      short = session.bytes_short
      if (hasEnded(session.status) || session.status === 'paused' || session.status === 'waiting') return
      await sleep(150)
    }
  } finally {
    view.close()
  }
}

const roomText = (short: number | null) =>
  short === null
    ? 'There is room now: it goes on.'
    : `It waits for room: free ${bytesText(short)} on the disk of the outputs, and it goes on by itself. Ctrl-C ends it.`

async function exitCode(db: Db, key: string): Promise<number> {
  const session = found(await findSession(db, key), 'session_not_found')
  if (session.status === 'cancelled') return 130
  if (session.status !== 'completed') return 1
  return (await sessionProgress(db, session.id))?.problems === 0 ? 0 : 1
}

function summarise({ session, status, output, error, scenes, files, operations }: SessionReport): void {
  const count = (role: string) => files.filter((file) => file.role === role).length
  const problems = operations.filter((operation) => operation.status === 'failed')
  print(
    `${status}${problems.length > 0 ? ` with ${problems.length} problem${problems.length > 1 ? 's' : ''}` : ''}: ${session}`,
  )
  if (error) print(error)
  for (const { name, error: reason } of problems) print(`  ${name}: ${reason}`)
  for (const { warnings } of operations) for (const warning of warnings) print(`  note: ${warning}`)
  print(
    `${scenes.length} scenes, ${count('clip')} clips, ${count('group')} groups, ` +
      `${count('still_hq')} HQ stills, ${count('still_web')} web stills`,
  )
  if (output !== null) print(output)
  if (status === 'paused') print(`Go on with: cutroom resume ${session}`)
  if (status === 'waiting') print(`Choose its scenes in the browser (cutroom serve): /sessions/${session}`)
}

/** The first Ctrl-C (or a polite request to end) cancels; the second one ends this process at once. */
function onInterrupt(hangup: AbortController, cancel: () => Promise<void>): () => void {
  let asked = false
  const hang = () => hangup.abort()
  const interrupt = () => {
    if (asked) process.exit(130)
    asked = true
    // A wish that cannot be written (a full disk) still ends this process; the session stays to be resumed.
    cancel().catch((error: unknown) => (say(failureOf(error).message), hangup.abort()))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  process.on('SIGHUP', hang)
  return () => {
    process.off('SIGHUP', hang)
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
