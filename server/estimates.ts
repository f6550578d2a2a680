/**
 * What is expected of a session: time left and size, with their reasons, and how right such estimates were.
 */

import { estimatesOf, pastEstimates, type Said, samplesOf, samplesOfAll } from '../db/estimates.ts'
import { operationsOf } from '../db/operations.ts'
import type { Db, Operation, Session } from '../db/schema.ts'
import { hasEnded } from '../db/sessions.ts'
import { settings } from '../db/settings.ts'
import type { Expectation, Expected, ExpectedFigure } from '../templates/data.ts'
import {
  accuracyOf,
  type Estimate,
  estimate,
  expectedBytes,
  finishTime,
  type Outlook,
  type Range,
  sumOf,
  tasksOf,
} from '../workers/media/estimates.ts'
import type { Step } from '../workers/pipeline.ts'
import { isPipeline, pipelines } from '../workers/pipelines/mod.ts'
import { wholeSession } from './engine/learn.ts'
import { outlookOf, outlookOn } from './outlook.ts'
import type { Estimates, KnownSession } from './services.ts'

/** @param cores of the machine: no more operations run at once. */
export const createEstimates = (db: Db, cores: number): Estimates => ({
  ofSession: (known) => expectationOf(db, known, cores),
  clipRate: (known) => expectedRate(db, known),
  ofOrder: async (order) => expectedOf(db, await outlookOn(db, order), cores),
})

/** Null where nothing can be said: the master has not been looked at, or the session is of before estimates. */
async function expectationOf(db: Db, known: KnownSession, cores: number): Promise<Expectation | null> {
  const { session } = known
  const said = await estimatesOf(db, session.key)
  const accuracy = {
    seconds: accuracyOf(await pastEstimates(db, 'seconds')),
    bytes: accuracyOf(await pastEstimates(db, 'bytes')),
  }
  const wholes = said.filter(({ operation }) => operation === wholeSession)
  const whole = wholes.find(({ measure }) => measure === 'bytes')
  const work = wholes.find(({ measure }) => measure === 'seconds')
  if (hasEnded(session.status))
    return whole ? { left: null, work: work ? figureOf(work) : null, size: figureOf(whole), accuracy } : null
  const outlook = await outlookOf(db, session, known)
  if (!outlook) return null
  const bound = await boundOf(db, cores)
  const estimates = await estimatesFor(db, outlook, known.operations)
  const size = whole ? figureOf(whole) : sizeNow([...estimates.values()])
  return { left: timeLeft(known, estimates, bound), work: null, size, accuracy }
}

const figureOf = ({ low, likely, high, basis, actual }: Said): ExpectedFigure => ({
  range: { low, likely, high },
  basis,
  actual,
})

const sizeNow = (estimates: Estimate[]): ExpectedFigure => ({
  range: sumOf(estimates.map(({ bytes }) => bytes)),
  basis: basisOf(estimates),
  actual: null,
})

/** By operation. */
async function estimatesFor(db: Db, outlook: Outlook, operations: readonly Pick<Operation, 'name'>[]) {
  const names = operations.map(({ name }) => name)
  const samples = await samplesOfAll(db, names)
  return new Map(
    tasksOf(outlook, names).map((task) => [
      task.operation,
      estimate(
        task,
        samples.filter(({ operation }) => operation === task.operation),
      ),
    ]),
  )
}

/**
 * Bytes that a session takes, by the upper end of what is expected of it: too much said is better than a full disk.
 * Null until its master was looked at.
 */
export async function roomFor(db: Db, session: Session): Promise<number | null> {
  const outlook = await outlookOf(db, session)
  if (!outlook) return null
  const estimates = await estimatesFor(db, outlook, await operationsOf(db, session.id))
  return Math.ceil(sumOf([...estimates.values()].map(({ bytes }) => bytes)).high)
}

/** What a second of its film will take as a clip. */
async function expectedRate(db: Db, { session, ...chosen }: KnownSession): Promise<number | null> {
  const outlook = await outlookOf(db, session, chosen)
  if (!outlook || outlook.probe.duration <= 0) return null
  const all = { ...outlook, clipFrames: outlook.frames }
  const { bytes } = expectedBytes(all, await samplesOf(db, 'clips'))
  return bytes.likely / outlook.probe.duration
}

/** From what is still to do, and what the running steps say of themselves; a person's wait is not counted. */
function timeLeft({ session, operations }: KnownSession, estimates: Map<string, Estimate>, bound: number) {
  const open = operations.filter(({ status }) => status === 'pending' || status === 'processing')
  if (open.length === 0 || !isPipeline(session.pipeline)) return null
  const left = open.map((operation) => ({ name: operation.name, range: leftOf(operation, estimates) }))
  const steps = waitingOf(pipelines[session.pipeline].steps)
  const wall = finishTime(steps, new Map(left.map(({ name, range }) => [name, range.likely])), bound)
  const used = open.flatMap(({ name }) => estimates.get(name) ?? [])
  return { range: stretched(sumOf(left.map(({ range }) => range)), wall), basis: basisOf(used) }
}

function leftOf({ name, progress, seconds_left }: Operation, estimates: Map<string, Estimate>) {
  if (seconds_left !== null) return { low: seconds_left, likely: seconds_left, high: seconds_left }
  const { low, likely, high } = estimates.get(name)?.seconds ?? { low: 0, likely: 0, high: 0 }
  const rest = 1 - progress
  return { low: low * rest, likely: likely * rest, high: high * rest }
}

/** The words of what weighs most. */
function basisOf(estimates: readonly Estimate[]): string {
  const heaviest = estimates.toSorted((a, b) => b.seconds.likely - a.seconds.likely)[0]
  return heaviest?.basis ?? ''
}

async function expectedOf(db: Db, outlook: Outlook, cores: number): Promise<Expected> {
  const wanted = {
    preset: outlook.preset,
    rd: outlook.research > 0,
    stills: (await settings(db)).extract_midpoint_stills,
  }
  const steps = pipelines.archive.steps.filter((step: Step) => step.wanted?.(wanted) ?? true)
  const estimates = await estimatesFor(
    db,
    outlook,
    steps.map(({ operation }) => operation),
  )
  const list = [...estimates.values()]
  const sum = sumOf(list.map(({ seconds }) => seconds))
  const left = new Map([...estimates].map(([name, { seconds }]) => [name, seconds.likely]))
  return {
    seconds: stretched(sum, finishTime(waitingOf(steps), left, await boundOf(db, cores))),
    bytes: sumOf(list.map(({ bytes }) => bytes)),
    basis: basisOf(list),
  }
}

const boundOf = async (db: Db, cores: number) =>
  Math.max(1, Math.min((await settings(db)).parallel_workers, cores))

const waitingOf = (steps: readonly Step[]) =>
  steps.map(({ operation, ...step }) => ({ ...step, name: operation.name }))

/** Work that is done side by side: its range in proportion to the time it takes together. */
function stretched({ low, likely, high }: Range, wall: number): Range {
  const by = likely > 0 ? wall / likely : 0
  return { low: low * by, likely: wall, high: high * by }
}
