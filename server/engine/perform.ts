/**
 * Performs one operation: from its rows to the pool, and what it says and leaves back to rows.
 */

import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asOwner, type Claim, Fenced, openSessionIn, sessionById, updateSession } from '../../db/sessions.ts'
import {
  forgetProcess,
  recordProcess,
  resetOperations,
  startOperation,
  updateOperation,
} from '../../db/operations.ts'
import { filesOf } from '../../db/files.ts'
import { rootById } from '../../db/roots.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { stepTitle } from '../../templates/words.ts'
import { foldersOf, projectName } from '../../workers/media/file_names.ts'
import { failureOf, isFleeting } from '../../workers/failure.ts'
import type { OperationError, Tools } from '../../workers/operation.ts'
import type { Finished, Pool } from '../../workers/pool.ts'
import { processStart } from '../../workers/processes.ts'
import { commit } from './commit.ts'
import { claimProjectFolder, forgetClaim, sweepWork, workName } from './folders.ts'
import { buildJob, projectFolder } from './job.ts'
import { namedOf, namingOf } from './naming.ts'
import type { Held, Running } from './held.ts'
import { expectWork, learn } from './learn.ts'
import { host, isOwned } from './owner.ts'
import { createMeter } from './progress.ts'

/** Told of a step, in a sentence, with what to find it by. */
export type OnStep = (message: string, facts: { session: string; operation?: string }) => void

interface Task {
  db: Db
  pool: Pool
  tools: Tools
  bound: number
  held: Held
  session: Session
  operation: Operation
  onError(error: unknown): void
  onStep?: OnStep
  /** Where somebody tells of room, a step that a full disk ended begins again once there is some. */
  mayBegin?: unknown
  /** False once there is no time to wait for a full disk. */
  mayWait(): boolean
  settled(): void
}

/** Starts an operation. False where the bound is reached and it must wait. */
export async function perform(task: Task): Promise<boolean> {
  const { db, held, operation, bound } = task
  if (!(await startOperation(db, held.claim, operation.id, { most: bound, isAlive: isOwned }))) return false
  const running: Running = {
    abort: new AbortController(),
    meter: createMeter(operation.id),
    finished: Promise.resolve(),
  }
  held.running.set(operation.id, running)
  const facts = { session: task.session.key, operation: operation.name }
  task.onStep?.(`${stepTitle(operation.name)}: begun.`, facts)
  running.finished = carryOut(task, running)
    .catch((error: unknown) => {
      if (!(error instanceof Fenced)) task.onError(error)
    })
    .finally(() => {
      held.running.delete(operation.id)
      task.settled()
    })
  return true
}

async function carryOut(task: Task, running: Running): Promise<void> {
  try {
    await toItsOutcome(task, running)
  } finally {
    await sweepAttempt(task) // also of one that was taken over: nobody else knows of it
  }
}

async function toItsOutcome(task: Task, running: Running): Promise<void> {
  const { db, held, operation } = task
  const warnings: string[] = []
  const finished = await attempt(task, running, warnings)
  await untilWritten(task, () =>
    writeOutcome(db, held.claim, operation, finished, warnings, task.mayBegin !== undefined),
  )
  task.onStep?.(outcomeInWords(operation, finished), { session: task.session.key, operation: operation.name })
  const session = await sessionById(db, task.session.id)
  if (session && 'outcome' in finished.result)
    await learn(db, held.claim, session, operation, finished.result.outcome.settings).catch(
      unlessFenced(task),
    )
}

async function sweepAttempt({ db, held, operation, session: { id } }: Task): Promise<void> {
  const session = await sessionById(db, id)
  if (session && session.output_path !== null)
    await sweepWork(await projectFolder(db, session), workName(held.claim, operation.id))
}

const outcomeInWords = ({ name }: Operation, { result }: Finished) =>
  `${stepTitle(name)}: ${'failure' in result ? `ended. ${result.failure.message}` : 'completed.'}`

/** A finished step is not lost to a full disk: its outcome is written as soon as there is room. */
async function untilWritten({ onError, mayWait }: Task, write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (error instanceof Fenced || !mayWait()) throw error
      onError(error)
    }
    for (let waited = 0; waited < 2000 && mayWait(); waited += 100) await sleep(100)
  }
}

/** What was ended because it was stuck, or from outside, is tried once more. */
async function attempt(task: Task, running: Running, warnings: string[]): Promise<Finished> {
  const { db, held, operation } = task
  const finished = await attemptOnce(task, running, warnings)
  if (!wasEnded(finished) || running.abort.signal.aborted) return finished
  warnings.push(`${finished.result.failure.message.split('. ')[0]}. The step was tried once more.`)
  await updateOperation(db, held.claim, operation.id, { warnings: JSON.stringify(warnings) })
  return attemptOnce(task, running, warnings)
}

const wasEnded = (finished: Finished): finished is Finished & { result: { failure: OperationError } } =>
  'failure' in finished.result && isFleeting(finished.result.failure.code)

/** Whatever goes wrong here is the operation's failure, never the engine's. */
async function attemptOnce(task: Task, running: Running, warnings: string[]): Promise<Finished> {
  const { db, pool, tools, held, operation } = task
  try {
    const session = operation.name === 'probe' ? task.session : await withFolder(task)
    const job = await buildJob(db, session, operation, tools, workName(held.claim, operation.id))
    await expectWork(db, held.claim, session, operation).catch(unlessFenced(task))
    return await pool.run(operation.name, job, {
      signal: running.abort.signal,
      onReport: (done, total, unit) => running.meter.take(done, total, unit),
      onWarning: (sentence) => void warnings.push(sentence),
      onEmission: (emission) =>
        commit(db, held.claim, session, operation, emission).catch((error: unknown) => {
          throw failureOf(error)
        }),
      onChild: (pid) => void noteChild(task, pid),
      onChildEnded: (pid) => void forgetProcess(db, operation.id, pid).catch(task.onError),
    })
  } catch (error) {
    if (error instanceof Fenced) throw error
    return { result: { failure: failureOf(error) }, usage: { cpuSeconds: 0, peakMemoryBytes: 0 } }
  }
}

/** What is only learned is no reason to stop the work. */
function unlessFenced({ onError }: Task) {
  return (error: unknown) => {
    if (error instanceof Fenced) throw error
    onError(error)
  }
}

function noteChild({ db, operation, onError }: Task, pid: number): void {
  const started = processStart(pid)
  if (started !== null) recordProcess(db, { operation_id: operation.id, host, pid, started }).catch(onError)
}

async function writeOutcome(
  db: Db,
  claim: Claim,
  operation: Operation,
  { result, usage }: Finished,
  warnings: string[],
  waitsForRoom: boolean,
) {
  const cost = { cpu_seconds: usage.cpuSeconds, peak_memory_bytes: usage.peakMemoryBytes }
  const said = { warnings: JSON.stringify(warnings), seconds_left: null, ...cost }
  if ('failure' in result) {
    const { code, message } = result.failure
    if (code === 'cancelled' && !(await isCancelled(db, claim))) return putBack(db, claim, operation)
    if (isFull(code) && waitsForRoom && operation.attempt < mostFullDisks)
      return putBack(db, claim, operation)
    return updateOperation(db, claim, operation.id, {
      ...said,
      status: code === 'cancelled' ? 'cancelled' : 'failed',
      error_code: code,
      error_message: message,
    })
  }
  const files = await filesOf(db, claim.sessionId)
  const made = files.filter(({ operation_id }) => operation_id === operation.id)
  const read = result.outcome.bytesIn ?? files.find(({ role }) => role === 'source')?.bytes ?? null
  await updateOperation(db, claim, operation.id, {
    ...said,
    status: 'completed',
    progress: 1,
    settings: JSON.stringify(result.outcome.settings ?? {}),
    bytes_in: read,
    bytes_out: made.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  })
}

const isFull = (code: string) => code === 'disk_full' || code === 'database_full'

/** A disk that is full again and again in spite of its room is a failure after all: a quota, perhaps. */
const mostFullDisks = 5

const isCancelled = async (db: Db, { sessionId }: Claim) =>
  (await sessionById(db, sessionId))?.wanted === 'cancel'

/** Ended because this process closes or the session failed, or nobody wants it cancelled any more: it starts again. */
const putBack = (db: Db, claim: Claim, operation: Operation) =>
  asOwner(db, claim, (tx) => resetOperations(tx, [operation.id]))

/** The session with its project folder claimed; the first operation that writes claims it. */
async function withFolder(task: Task): Promise<Session> {
  const { db, held } = task
  const fresh = (await sessionById(db, task.session.id)) ?? task.session
  if (fresh.output_path !== null) return fresh
  held.claimingFolder ??= claimFolder(db, held.claim, fresh).catch((error: unknown) => {
    held.claimingFolder = undefined
    throw error
  })
  return { ...fresh, output_path: await held.claimingFolder }
}

async function claimFolder(db: Db, claim: Claim, session: Session): Promise<string> {
  const root = await rootById(db, session.output_root_id)
  const output_path = await claimProjectFolder(root.path, {
    name: projectName(namedOf(session)),
    folders: Object.values(foldersOf(namingOf(session))),
    rule: session.if_exists,
    key: session.key,
    usedBy: (folder) => openSessionIn(db, { output_root_id: root.id, output_path: folder }),
  })
  await asOwner(db, claim, (tx) => updateSession(tx, session.id, { output_path }))
  await forgetClaim(path.join(root.path, output_path), session.key)
  return output_path
}
