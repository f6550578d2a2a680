/**
 * One session from beginning to end: it runs, is struck at some instants, is mended each time, and is judged.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { type Expected, judgeEnd, judgeRest, type Proven, provenBy } from './judge.ts'
import { printsOf } from './prints.ts'
import { type Stage, until } from './stage.ts'
import type { State } from './state.ts'

/** Seconds: many times what a session takes here, on a machine that does other work as well. */
const patience = 240
/** Seconds: who has to mend something does so after a while of nothing new, too. */
const untilMended = 4

export interface Struck {
  /** What was done each time, and when. */
  how: string[]
  violations: string[]
}

/** Runs a session with nothing in its way. */
export async function runUndisturbed(stage: Stage, ffmpeg: string): Promise<Expected> {
  await stage.start()
  await stage.order()
  await carryThrough(stage)
  const state = await stage.state()
  await endServers(stage)
  if (state.session.status !== 'completed' || state.problems > 0)
    throw new Error(`Undisturbed the session is ${state.session.status}: ${stage.server().said()}`)
  return {
    prints: await printsOf(state, stage.project, ffmpeg),
    cuts: state.scenes.map(({ start_frame }) => start_frame),
  }
}

/** @param strikes what strikes one after the other, each in a later step. */
export async function runFaults(
  stage: Stage,
  strikes: readonly Fault[],
  expected: Expected,
  ffmpeg: string,
): Promise<Struck> {
  try {
    for (const fault of strikes) await fault.prepare?.(stage)
    await stage.start()
    await stage.order()
    const proofs: Proven[] = []
    const struck: Struck = { how: [], violations: [] }
    for (const step of someSteps(stage, strikes.length)) {
      const fault = strikes[struck.how.length]
      const when = await someInstant(stage, step)
      proofs.push(provenBy(await stage.state()))
      struck.how.push(`${await fault?.strike(stage)}, ${when}`)
      struck.violations.push(...(await mended(stage, fault)))
    }
    await carryThrough(stage)
    for (const fault of strikes) struck.violations.push(...((await fault.judge?.(stage)) ?? []))
    struck.violations.push(...fallen(stage))
    await endServers(stage)
    struck.violations.push(...(await judgeEnd(stage, await stage.state(), proofs, expected, ffmpeg)))
    return struck
  } finally {
    for (const server of stage.servers) server.signalAll('SIGKILL')
    for (const fault of [...strikes].reverse()) await fault.clear?.(stage)
  }
}

/** Does what a person would about it, and makes sure that a server runs. @returns what was wrong while none did. */
async function mended(stage: Stage, fault: Fault | undefined): Promise<string[]> {
  const wrong = stage.server().lives() ? [] : await judgeRest(stage, await stage.state())
  if (fault?.mend) {
    await untilMendable(stage)
    await fault.mend(stage)
  }
  if (!stage.server().lives()) await stage.start()
  return wrong
}

const fallen = ({ servers }: Stage) =>
  servers
    .filter((server) => !server.lives() && !server.wasEnded)
    .map((server) => `the server fell over: ${server.said().slice(-500)}`)

/** Waits for a step to run (or to be over), and then a moment longer. */
async function someInstant(stage: Stage, step: string): Promise<string> {
  const delay = Math.round(stage.random.next() ** 2 * 1500)
  let resumed = 0
  await until(async () => {
    const state = await stage.state()
    await chooseIfAsked(stage, state)
    if (state.session.status === 'failed' && resumed++ < 3) {
      await stage.post('resume')
      return false
    }
    const status = state.operations.find(({ name }) => name === step)?.status
    return (status !== 'pending' && status !== undefined) || isOver(state)
  }, patience)
  for (const end = Date.now() + delay; Date.now() < end; await sleep(Math.min(50, delay)))
    await chooseIfAsked(stage, await stage.state())
  return `${delay} ms into ${step}`
}

/** In the order of their running; those that take longest come more often. */
const steps = [
  ...['probe', 'copy_master', 'detect', 'detect', 'thumbnails', 'optimise_master', 'optimise_master'],
  ...['clips', 'clips', 'clips', 'clips', 'stills_hq', 'stills_web'],
]

const someSteps = ({ random }: Stage, count: number): string[] =>
  Array.from({ length: count }, () => random.pick(steps)).sort((a, b) => steps.indexOf(a) - steps.indexOf(b))

const isOver = ({ session }: State) => ['completed', 'failed', 'cancelled'].includes(session.status)

/** A step's problem may stand until somebody resumes. */
const hasStopped = (state: State) => isOver(state) || state.session.status === 'paused'

/** Does what a person would: chooses, and resumes what failed, a few times. */
async function carryThrough(stage: Stage): Promise<void> {
  let resumed = 0
  await until(async () => {
    const state = await stage.state()
    await chooseIfAsked(stage, state)
    if (!hasStopped(state)) return false
    if (state.session.status === 'completed' && state.problems === 0) return true
    if (++resumed > 3) return true
    await stage.post('resume')
    return false
  }, patience)
}

async function chooseIfAsked(stage: Stage, { session, operations }: State): Promise<void> {
  const waits = operations.some(({ name, status }) => name === 'choose' && status === 'waiting')
  if (!waits || session.choice !== null || !stage.server().lives()) return
  try {
    const { group } = stage.film
    if (group.length > 0)
      await stage.post(
        'groups',
        group.map((scene) => ['scene', String(scene)]),
      )
    await stage.post('choice')
  } catch (error) {
    if (stage.server().lives() && !stage.server().wasEnded) throw error
  }
}

/** Until the session has come to rest, or nothing new has come of it for a while. */
async function untilMendable(stage: Stage): Promise<void> {
  let [seen, since] = ['', Date.now()]
  await until(async () => {
    const state = await stage.state().catch(() => undefined) // a full disk holds the database up, too
    if (state && stage.server().lives()) await chooseIfAsked(stage, state).catch(() => undefined)
    const now = JSON.stringify([
      state?.session.status,
      state?.operations.map((o) => [o.status, o.units_done]),
    ])
    if (now !== seen) [seen, since] = [now, Date.now()]
    return (state && hasStopped(state)) || Date.now() - since > untilMended * 1000
  }, patience)
}

async function endServers(stage: Stage): Promise<void> {
  for (const server of stage.servers) {
    if (!server.lives()) continue
    server.signal('SIGCONT')
    server.signal('SIGTERM')
    if (!(await until(() => !server.lives(), 30))) server.signalAll('SIGKILL')
    await server.ended
  }
}
