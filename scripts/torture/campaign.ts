/**
 * A campaign: one fault after another against real sessions, told line by line, with a table by kind at the end.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildFolder } from '../build/folder.ts'
import type { Fault } from './fault.ts'
import { faults as allFaults } from './faults/mod.ts'
import { type Film, makeFilms } from './films.ts'
import type { Expected } from './judge.ts'
import { createRandom } from './random.ts'
import { runFaults, runUndisturbed, type Struck } from './round.ts'
import { oneThreaded } from './server.ts'
import { createStage, type Stage } from './stage.ts'

export interface Campaign {
  seed: number
  /** Number of the first fault: to repeat one. */
  first: number
  /** How many faults. */
  faults: number
  /** Ends after the fault that runs then. */
  minutes: number
  /** Only these kinds; all without any. */
  kinds?: string[]
  /** How many strike one session, one after the other; by chance one to three where that is not said. */
  perSession?: number
  /** One small film only. */
  short?: boolean
  /** The ffmpeg to work with. */
  ffmpeg: string
  print(line: string): void
}

const project = path.resolve(import.meta.dirname, '../..')

export interface Tally {
  kind: string
  faults: number
  /** In the sessions of which it was the last to strike. */
  violations: number
}

/** @returns what came of each kind. */
export async function runCampaign(campaign: Campaign): Promise<Tally[]> {
  const { seed, first, short = false } = campaign
  const kinds = chooseKinds(campaign)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-torture-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const means = { program: path.join(folder, 'program'), ffmpeg: oneThreaded(campaign.ffmpeg, folder) }
  await buildFolder(project, means.program)
  const films = makeFilms(path.join(folder, 'films'), campaign.ffmpeg, { short })
  const expected = new Map<Film, Expected>()
  const tallies = new Map(kinds.map(({ kind }) => [kind, { kind, faults: 0, violations: 0 }]))
  const end = Date.now() + campaign.minutes * 60_000

  const stageFor = (film: Film, number: number) => {
    const data = path.join(folder, `fault-${number}`)
    mkdirSync(data)
    return createStage(data, film, means, createRandom(seed, number))
  }
  const undisturbed = async (film: Film) => {
    const known =
      expected.get(film) ?? (await runUndisturbed(stageFor(film, -1 - films.indexOf(film)), campaign.ffmpeg))
    expected.set(film, known)
    return known
  }

  for (let number = first; number < first + campaign.faults && Date.now() < end;) {
    const chance = createRandom(seed, -number - 1)
    const film = chance.pick(films)
    const count = Math.min(campaign.perSession ?? chance.whole(1, 3), first + campaign.faults - number)
    const strikes = Array.from({ length: count }, (_, n) => kinds[(number + n) % kinds.length]).filter(
      isThere,
    )
    const stage = stageFor(film, number)
    const struck = await strike(stage, strikes, await undisturbed(film), campaign.ffmpeg)
    tell(campaign, { ...struck, number, film, strikes })
    for (const { kind } of strikes) {
      const tally = tallies.get(kind)
      if (tally) tally.faults++
    }
    const last = tallies.get(strikes.at(-1)?.kind ?? '')
    if (last) last.violations += struck.violations.length
    if (struck.violations.length === 0) rmSync(stage.data, { recursive: true, force: true })
    number += count
  }
  return [...tallies.values()]
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined

/** What breaks off is a violation as any other. */
async function strike(stage: Stage, strikes: Fault[], expected: Expected, ffmpeg: string) {
  const began = performance.now()
  const struck = await runFaults(stage, strikes, expected, ffmpeg).catch((error: unknown): Struck => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { how: [], violations: [`it broke off: ${reason}`] }
  })
  return { ...struck, seconds: (performance.now() - began) / 1000 }
}

interface Told extends Struck {
  number: number
  film: Film
  strikes: Fault[]
  seconds: number
}

function tell({ seed, print }: Campaign, { number, film, strikes, how, violations, seconds }: Told): void {
  const word = violations.length === 0 ? 'ok  ' : 'FAIL'
  strikes.forEach(({ kind }, n) =>
    print(`${word} ${number + n} ${film.name}, ${kind}: ${how[n] ?? 'never came to it'}`),
  )
  print(`     ${seconds.toFixed(1)} s`)
  for (const violation of violations) print(`     ${violation}`)
  if (violations.length > 0)
    print(`     again: npm run torture -- --seed ${seed} --first ${number} --faults ${strikes.length}`)
}

/** @throws Error where one of the kinds is not known. */
function chooseKinds({ kinds = [], print }: Campaign): Fault[] {
  const unknown = kinds.find((wanted) => !allFaults.some(({ kind }) => kind === wanted))
  if (unknown !== undefined)
    throw new Error(
      `There is no fault “${unknown}”. There are ${allFaults.map(({ kind }) => kind).join(', ')}.`,
    )
  const wanted = allFaults.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
  return wanted.filter(({ kind, lacks }) => {
    const reason = lacks?.()
    if (reason !== undefined) print(`LEFT OUT: ${kind}: ${reason}`)
    return reason === undefined
  })
}
