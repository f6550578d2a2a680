/**
 * Holds a session that was struck against what must be true whatever happened.
 */

import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { printsOf, type Prints, sha256Of } from './prints.ts'
import { ffmpegsIn } from './server.ts'
import type { Stage } from './stage.ts'
import { complaintsOf, type Output, type State } from './state.ts'

/** What an undisturbed run came to. */
export interface Expected {
  prints: Prints
  /** First frames. */
  cuts: number[]
}

/** What was proven at some time, to be held against what is there later. */
export interface Proven {
  files: { place: string; sha256: string | null; inode: number; mtimeMs: number }[]
  /** Attempts of the operations that were completed then. */
  attempts: Map<number, number>
}

export function provenBy({ outputs, operations }: State): Proven {
  const files = outputs.flatMap(({ place, sha256, bytes }) => {
    if (!existsSync(place)) return []
    const { ino: inode, mtimeMs, size } = statSync(place)
    return size === bytes ? [{ place, sha256, inode, mtimeMs }] : []
  })
  const completed = operations.filter(({ status }) => status === 'completed')
  return { files, attempts: new Map(completed.map(({ id, attempt }) => [id, attempt])) }
}

/**
 * While nothing runs: the database is sound, and what its rows tell of lies there, whole.
 * @returns what is not so.
 */
export async function judgeRest(stage: Stage, state: State): Promise<string[]> {
  const sound = state.outputs.filter(({ place }) => !stage.spoilt.has(place))
  return [...(await complaintsOf(stage.data)), ...(await tornAmong(sound))]
}

/** After all: what `judgeRest` asks for, and that all is as if nothing had happened. */
export async function judgeEnd(
  stage: Stage,
  state: State,
  proofs: readonly Proven[],
  expected: Expected,
  ffmpeg: string,
): Promise<string[]> {
  const { session, operations, outputs } = state
  const open = operations.filter(({ status }) => status !== 'completed' && status !== 'skipped')
  if (session.status !== 'completed' || open.length > 0)
    return [`the session is ${session.status}: ${session.error_message} ${open.map(told).join('; ')}`]
  const torn = [...(await complaintsOf(stage.data)), ...(await tornAmong(outputs))]
  const others = [
    ...strangersIn(stage.project, outputs),
    ...new Set(proofs.flatMap((proven) => redone(stage, state, proven))),
    ...orphansOf(stage),
  ]
  return [...torn, ...others, ...(torn.length > 0 ? [] : await differences(stage, state, expected, ffmpeg))]
}

const told = ({ name, status, error_message }: State['operations'][number]) =>
  `${name} ${status}${error_message ? ` (${error_message})` : ''}`

/** Files that are not what their rows say; one whose absence is reported is none. */
async function tornAmong(outputs: Output[]): Promise<string[]> {
  const torn: string[] = []
  for (const { place, bytes, sha256, missing_at } of outputs) {
    if (!existsSync(place))
      torn.push(...(missing_at === null ? [`${place} is gone, and nobody says so`] : []))
    else if (statSync(place).size !== bytes)
      torn.push(`${place} has ${statSync(place).size} bytes, and its row says ${bytes}`)
    else if ((await sha256Of(place)) !== sha256) torn.push(`${place} is not what its row says`)
  }
  return torn
}

/** Files under a final name that no row tells of, and what was left of the work. */
function strangersIn(project: string, outputs: Output[]): string[] {
  const known = new Set(outputs.map(({ place }) => place))
  return readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.name === '.cutroom-work')
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !known.has(file))
    .map((file) => `${file} belongs to no row`)
}

/**
 * What was proven and is not as it was, though the fault did not touch it. The log tells of all steps, and follows
 * them; a master that has changed is looked at anew.
 */
function redone(
  { spoilt, master }: Stage,
  { operations, outputs }: State,
  { files, attempts }: Proven,
): string[] {
  const damaged = new Set(
    outputs.filter(({ place }) => spoilt.has(place)).map(({ operation_id }) => operation_id),
  )
  const made = files.filter(({ place, inode, mtimeMs }) => {
    const now = existsSync(place) ? statSync(place) : undefined
    return !spoilt.has(place) && !isLog(place) && (now?.ino !== inode || now.mtimeMs !== mtimeMs)
  })
  const mayComeAgain = (name: string) => name === 'finish' || (name === 'probe' && spoilt.has(master))
  const again = operations.filter(
    ({ id, name, attempt }) =>
      attempts.has(id) && attempts.get(id) !== attempt && !damaged.has(id) && !mayComeAgain(name),
  )
  return [
    ...made.map(({ place }) => `${place} was made again`),
    ...again.map(({ name, attempt }) => `${name} was done again (attempt ${attempt})`),
  ]
}

const isLog = (place: string) => path.basename(place) === 'process_log.txt'

const orphansOf = ({ data }: Stage) =>
  ffmpegsIn(data).map((pid) => `ffmpeg ${pid} still runs, though the session is completed`)

async function differences(
  stage: Stage,
  state: State,
  expected: Expected,
  ffmpeg: string,
): Promise<string[]> {
  const cuts = state.scenes.map(({ start_frame }) => start_frame)
  if (String(cuts) !== String(expected.cuts)) return [`the cuts are ${cuts}, not ${expected.cuts}`]
  try {
    return compare(await printsOf(state, stage.project, ffmpeg), expected.prints)
  } catch (error) {
    return [`an output cannot be decoded: ${(error as Error).message}`]
  }
}

function compare(made: Prints, expected: Prints): string[] {
  const lost = Object.keys(expected).filter((file) => !(file in made))
  const added = Object.keys(made).filter((file) => !(file in expected))
  const other = Object.keys(made).filter((file) => file in expected && made[file] !== expected[file])
  return [
    ...lost.map((file) => `${file} was not made`),
    ...added.map((file) => `${file} would not be there otherwise`),
    ...other.map((file) => `${file} shows or sounds other than in an undisturbed run`),
  ]
}
