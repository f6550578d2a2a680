/**
 * What an operation is expected to take is said when it begins, and what it took is kept when it has ended.
 */

import {
  addWork,
  madeBy,
  samplesOfAll,
  saveEstimate,
  sessionTotals,
  settleEstimate,
} from '../../db/estimates.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { operationsOf } from '../../db/operations.ts'
import { asOwner, type Claim } from '../../db/sessions.ts'
import { amountOf, estimate, mannerOf, sumOf, tasksOf, workUnits } from '../../workers/media/estimates.ts'
import { outlookOf } from '../outlook.ts'

/** The name under which all operations together are estimated. */
export const wholeSession = 'session'

/** Says what an operation will take; before the first of them that knows its master, what the session will. */
export async function expectWork(
  db: Db,
  claim: Claim,
  session: Session,
  operation: Operation,
): Promise<void> {
  const outlook = await outlookOf(db, session)
  if (!outlook) return
  const isFirst = operation.name === 'copy_master'
  const names = isFirst ? (await operationsOf(db, session.id)).map(({ name }) => name) : [operation.name]
  const samples = await samplesOfAll(db, names)
  const said = tasksOf(outlook, names)
    .filter((task) => task.operation in workUnits)
    .map((task) => ({
      operation: task.operation,
      said: estimate(
        task,
        samples.filter(({ operation: name }) => name === task.operation),
      ),
    }))
  const own = said.find((one) => one.operation === operation.name)
  await asOwner(db, claim, async (tx) => {
    if (own) await saveEstimate(tx, { sessionKey: session.key, operation: operation.name }, own.said)
    if (!isFirst) return
    const whole = {
      seconds: sumOf(said.map((one) => one.said.seconds)),
      bytes: sumOf(said.map((one) => one.said.bytes)),
      samples: Math.min(...said.map((one) => one.said.samples)),
      basis: said.every((one) => one.said.samples > 0) ? 'from masters like this' : 'partly by a rule',
    }
    await saveEstimate(tx, { sessionKey: session.key, operation: wholeSession }, whole)
  })
}

/** Keeps what a completed operation took, and writes it beside what had been expected. */
export async function learn(
  db: Db,
  claim: Claim,
  session: Session,
  operation: Operation,
  settings: Record<string, unknown> = {},
): Promise<void> {
  const outlook = await outlookOf(db, session)
  if (!outlook) return
  const { codec, width, height } = outlook.probe.video
  const { name } = operation
  await asOwner(db, claim, async (tx) => {
    if (name === 'finish') {
      const totals = await sessionTotals(tx, session.id)
      await settleEstimate(tx, { sessionKey: session.key, operation: wholeSession }, totals)
    }
    const made = await madeBy(tx, operation.id)
    if (!made || made.seconds === null || !(name in workUnits)) return
    const { seconds, bytes, files } = made
    await settleEstimate(tx, { sessionKey: session.key, operation: name }, { seconds, bytes })
    const whole = readsAll.includes(name) ? amountOf(name, outlook) : null
    // What was interrupted did only the rest of its reading.
    const read = whole ?? (name === 'research' ? Number(settings.bytes ?? 0) : null)
    if (read !== null && operation.attempt > 1) return
    const amount = read ?? { megapixels: made.megapixels, bytes }[workUnits[name] ?? 'bytes']
    if (amount <= 0) return
    const manner = mannerOf(name, outlook.preset)
    const task = { operation: name, encoder: session.encoder, codec, width, height, manner, amount }
    await addWork(tx, session, { ...task, seconds, bytes, files })
  })
}

/** These go through the whole master whatever comes of it. */
const readsAll = ['detect', 'thumbnails']
