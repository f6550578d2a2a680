/**
 * Takes sessions through their pipelines: one queue, bounded over all sessions and processes, and nothing
 * in memory but running operations and their AbortControllers.
 */

import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises'
import { operationsOf, saveProgress, updateOperation } from '../../db/operations.ts'
import type { Db, Operation, Session, SessionStatus } from '../../db/schema.ts'
import {
  beat,
  claim,
  Fenced,
  release,
  sessionById,
  type SessionInMotion,
  sessionsInMotion,
} from '../../db/sessions.ts'
import { OperationError, type Tools } from '../../workers/operation.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import type { Pool } from '../../workers/pool.ts'
import { choose } from './choose.ts'
import type { Held } from './held.ts'
import { isOwned, thisOwner } from './owner.ts'
import { type OnStep, perform } from './perform.ts'
import { type Plan, planNext } from './plan.ts'
import { isShort } from './proof.ts'
import { recover } from './recover.ts'

export interface Engine {
  /** Looks at once at what there is to do, instead of within a fifth of a second. */
  wake(): void
  /** Milliseconds since it last looked at its queue. */
  sinceTurn(): number
  /** Stops the work in order: children are ended, and what was interrupted starts again next time. */
  close(): Promise<void>
}

export interface EngineOptions {
  db: Db
  pool: Pool
  tools: Tools
  /** How many operations may run at once, over all sessions. */
  bound: number
  /** Which sessions this engine takes; the server takes all, the shell its own. */
  accepts(session: Pick<Session, 'key'>): boolean
  /** Told of errors that belong to no session. */
  onError(error: unknown): void
  /** Told of every step a session takes, in a sentence, with what to find it by. */
  onStep?: OnStep
  /** Whether a step may begin, by what the engine knows nothing of: room on the disk. */
  mayBegin?(session: Session, operation: Operation): Promise<boolean>
  owner?: string
}

const turnMs = 200
const beatMs = 1000
const writeMs = 100
const retryMs = 2000
const sameComplaintMs = 10_000

export function createEngine(options: EngineOptions): Engine {
  const { db, accepts, owner = thisOwner() } = options
  const onError = lessOften(options.onError)
  const held = new Map<number, Held>()
  const closing = new AbortController()
  let nudge = new AbortController()
  const wake = () => nudge.abort()
  let turned = performance.now()

  const beating = setInterval(() => void beatAll().catch(onError), beatMs)
  const writing = setInterval(() => void writeProgress().catch(onError), writeMs)
  const loop = run()

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      nudge = new AbortController()
      await turn().catch(onError)
      turned = performance.now()
      await sleep(turnMs, undefined, { signal: nudge.signal }).catch(() => undefined) // woken early
    }
  }

  /** One look at every session in motion, older ones first. */
  async function turn(): Promise<void> {
    for (const session of await sessionsInMotion(db)) {
      if (closing.signal.aborted) return
      await look(session).catch((error: unknown) => lose(session.id, error))
    }
  }

  async function look(seen: SessionInMotion): Promise<void> {
    const mine = held.get(seen.id) ?? (await take(seen))
    if (mine && seen.wanted === 'cancel') mine.proving.abort()
    if (!mine || mine.recovering) return
    const session = await sessionById(db, seen.id)
    if (session) await advance(mine, session)
    await pause() // for requests: a turn over many sessions holds nobody up
  }

  /** What goes wrong with one session is no reason to leave the others alone. */
  function lose(sessionId: number, error: unknown): void {
    if (error instanceof Fenced) abandon(sessionId)
    else onError(error)
  }

  async function take(seen: SessionInMotion): Promise<Held | undefined> {
    if (!accepts(seen) || (isOwned(seen) && seen.owner !== owner)) return undefined
    if (seen.wanted === 'run' && !hasRoom()) return undefined
    pipelineNamed(seen.pipeline) // one that this version does not know is left to another
    const claimed = await claim(db, seen, owner)
    if (!claimed) return undefined
    const mine: Held = { claim: claimed, running: new Map(), proving: new AbortController() }
    held.set(seen.id, mine)
    options.onStep?.('The session is taken up.', { session: seen.key })
    mine.recovering = putInOrder(mine).finally(() => {
      mine.recovering = undefined
      wake()
    })
    return mine
  }

  /** What could not start anyway is left unclaimed: a queue of hundreds costs no more than its head. */
  function hasRoom(): boolean {
    const queued = [...held.values()].filter(({ running, inTrouble }) => running.size === 0 && !inTrouble)
    return queued.length < options.bound
  }

  async function putInOrder(mine: Held): Promise<void> {
    const { sessionId } = mine.claim
    try {
      const session = await sessionById(db, sessionId)
      if (session) await recover(db, mine.claim, session, mine.proving.signal)
    } catch (error) {
      lose(sessionId, error)
      mine.inTrouble = true
      await sleep(retryMs, undefined, { signal: closing.signal }).catch(() => undefined) // closing: no need to wait
      if (held.get(sessionId) === mine) abandon(sessionId)
    }
  }

  async function advance(mine: Held, session: Session): Promise<void> {
    if (session.wanted === 'cancel') return stop(mine, session)
    if (session.wanted === 'pause')
      return mine.running.size === 0 ? letGo(mine, { status: 'paused' }) : undefined
    const operations = await operationsOf(db, session.id)
    const plan = planNext(pipelineNamed(session.pipeline), operations)
    if (plan.fatal) return fail(mine, plan.fatal, operations)
    for (const { operation, reason } of plan.skip) {
      await updateOperation(db, mine.claim, operation.id, { status: 'skipped', error_message: reason })
    }
    if (plan.skip.length > 0) return wake()
    const choice = operations.find(({ name, status }) => name === 'choose' && status === 'waiting')
    if (choice && session.choice !== null) return choose(db, mine.claim, session, choice).then(wake)
    await startReady(mine, session, plan)
    if (mine.running.size === 0 && plan.ready.length === 0) await rest(mine, session, plan, operations)
  }

  async function startReady(mine: Held, session: Session, plan: Plan): Promise<void> {
    const pipeline = pipelineNamed(session.pipeline)
    for (const operation of plan.ready) {
      if (mine.running.has(operation.id)) continue
      const step = pipeline.steps.find((candidate) => candidate.operation.name === operation.name)
      if (step && 'waitsFor' in step.operation) {
        await choose(db, mine.claim, session, operation)
        wake()
      } else if (options.mayBegin && !(await options.mayBegin(session, operation))) continue
      else if (!(await start(mine, session, operation))) return
    }
  }

  const start = (mine: Held, session: Session, operation: Operation) =>
    perform({
      ...options,
      onError,
      held: mine,
      session,
      operation,
      mayWait: () => !closing.signal.aborted,
      settled: wake,
    })

  /** Nothing runs and nothing can start: either all is done, or it is a person's turn. */
  async function rest(mine: Held, session: Session, plan: Plan, operations: Operation[]): Promise<void> {
    if (plan.done && (await isShort(db, mine.claim, session))) return wake()
    const isPart = operations.some(({ status }) => status === 'cancelled') // one step of a cancelled session was retried
    if (plan.done && isPart) await letGo(mine, { status: 'cancelled' })
    else if (plan.done) await letGo(mine, { status: 'completed', error_code: null, error_message: null })
    else if (plan.waiting) await letGo(mine, { status: 'waiting' })
  }

  async function fail(mine: Held, cause: Operation, operations: Operation[]): Promise<void> {
    if (mine.running.size > 0) return abortAll(mine)
    const pending = operations.filter(({ status }) => status === 'pending')
    for (const { id } of pending) {
      await updateOperation(db, mine.claim, id, {
        status: 'skipped',
        error_message: 'The session failed before it.',
      })
    }
    await letGo(mine, { status: 'failed', error_code: cause.error_code, error_message: cause.error_message })
  }

  async function stop(mine: Held, session: Session): Promise<void> {
    if (mine.running.size > 0) return abortAll(mine)
    const open = (await operationsOf(db, session.id)).filter(
      ({ status }) => status === 'pending' || status === 'waiting',
    )
    for (const { id } of open) await updateOperation(db, mine.claim, id, { status: 'cancelled' })
    await letGo(mine, { status: 'cancelled' })
  }

  async function letGo(
    mine: Held,
    state: { status: SessionStatus; error_code?: string | null; error_message?: string | null },
  ) {
    await release(db, mine.claim, state)
    held.delete(mine.claim.sessionId)
    const { key = '' } = (await sessionById(db, mine.claim.sessionId)) ?? {}
    options.onStep?.(`The session is ${state.status}.`, { session: key })
  }

  /** Somebody else owns it now; our children must not go on beside theirs. */
  function abandon(sessionId: number): void {
    const mine = held.get(sessionId)
    held.delete(sessionId)
    mine?.proving.abort()
    if (mine) abortAll(mine)
  }

  async function beatAll(): Promise<void> {
    const lost = await beat(
      db,
      [...held.values()].map(({ claim }) => claim),
    )
    for (const { sessionId, generation } of lost)
      if (held.get(sessionId)?.claim.generation === generation) abandon(sessionId)
  }

  async function writeProgress(): Promise<void> {
    const rows = [...held.values()].flatMap((mine) =>
      [...mine.running.values()].flatMap(({ meter }) => {
        const measured = meter.read()
        return measured ? [{ claim: mine.claim, measured }] : []
      }),
    )
    if (rows.length > 0) await saveProgress(db, rows)
  }

  /** The next start goes on with what this stop interrupts. */
  async function close(): Promise<void> {
    closing.abort()
    wake()
    await loop
    for (const mine of held.values()) {
      mine.proving.abort()
      abortAll(mine)
    }
    for (const { recovering, running } of [...held.values()])
      await Promise.allSettled([recovering, ...[...running.values()].map(({ finished }) => finished)])
    clearInterval(beating)
    clearInterval(writing)
    for (const mine of held.values())
      await release(db, mine.claim, {}).catch((error: unknown) => error instanceof Fenced || onError(error))
  }

  return { wake, sinceTurn: () => performance.now() - turned, close }
}

function abortAll(mine: Held): void {
  for (const { abort } of mine.running.values()) abort.abort(new OperationError('cancelled', 'Cancelled.'))
}

/** A disk that stays full says so at every turn; a person needs to be told once in a while. */
function lessOften(onError: (error: unknown) => void): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    const [message, now] = [String(error), performance.now()]
    if (now - (told.get(message) ?? -Infinity) < sameComplaintMs) return
    told.set(message, now)
    onError(error)
  }
}
