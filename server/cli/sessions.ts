/**
 * `cutroom sessions`, `show`, `resume`, `pause`, `cancel`, `delete`: sessions from the shell.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { LineageReport } from '../../workers/media/lineage.ts'
import type { Db } from '../../db/schema.ts'
import { findSession, hasEnded } from '../../db/sessions.ts'
import {
  cancelSession,
  listForShell,
  pauseSession,
  removeSession,
  reportSession,
  type SessionReport,
  resumeSession,
  retryOperation,
} from '../commands/sessions.ts'
import { lineageLines } from '../commands/lineage.ts'
import { type Config, readConfig } from '../config.ts'
import { bytesText, rangeText, spanText } from '../../templates/words.ts'
import { createEngine } from '../engine/engine.ts'
import { wholeSession } from '../engine/learn.ts'
import { isOwned } from '../engine/owner.ts'
import { found } from '../errors.ts'
import { openMachinery, openStore } from '../open.ts'
import { dataOf } from './archive.ts'
import { proofText } from '../../templates/words.ts'
import { type Command, dataOption, type Given, jsonOption, print, printJson, say, text } from './command.ts'
import { carryThrough } from './follow.ts'

const shared = { ...dataOption, ...jsonOption }

export const sessions: Command = {
  usage: 'sessions [--json]',
  summary: 'list the sessions, newest first',
  words: [0, 0],
  options: shared,
  run: (_words, given) =>
    withStore(given, async (db) => {
      const list = await listForShell(db)
      if (given.json === true) printJson(list)
      else if (list.length === 0)
        print('No sessions yet. Start one with: cutroom archive MASTER --artwork NAME')
      else
        for (const { session, created, status, artwork } of list)
          print(`${session}  ${created.slice(0, 16)}  ${status.padEnd(11)}  ${artwork}`)
      return 0
    }),
}

export const show: Command = {
  usage: 'show KEY [--lineage] [--json]',
  summary: 'tell everything about one session',
  words: [1, 1],
  options: { lineage: { type: 'boolean', help: 'how each file was made, too' }, ...shared },
  run: ([key = ''], given) =>
    withStore(given, async (db) => {
      const report = await reportSession(db, key, { lineage: given.lineage === true })
      if (given.json === true) printJson(report)
      else {
        print(`${report.session}: ${report.status}`)
        if (report.error) print(report.error)
        for (const { name, status, seconds, error } of report.operations) {
          print(
            `  ${name.padEnd(16)} ${status.padEnd(10)} ${seconds === null ? '' : `${seconds.toFixed(1)} s`}${error ? `  ${error}` : ''}`,
          )
        }
        for (const said of report.estimates) if (said.operation === wholeSession) print(estimateLine(said))
        print(`${report.scenes.length} scenes, ${report.files.length} files: ${proofText(report.proof)}`)
        for (const { path, lineage } of report.files) if (lineage) printLineage(path, lineage)
        if (report.output !== null) print(report.output)
      }
      return 0
    }),
}

function estimateLine({ measure, actual, basis, ...range }: SessionReport['estimates'][number]): string {
  const text = measure === 'bytes' ? bytesText : spanText
  const what = measure === 'bytes' ? 'size' : 'work'
  return `expected ${what} ${rangeText(range, text)} (${basis})${actual === null ? '' : `, came to ${text(actual)}`}`
}

function printLineage(path: string, lineage: LineageReport): void {
  print(path)
  for (const line of lineageLines(lineage)) print(`  ${line}`)
}

export const resume: Command = {
  usage: 'resume KEY [--operation NAME] [--json]',
  summary: 'go on with a session from its proven outputs; what failed is tried again',
  words: [1, 1],
  options: { operation: { type: 'string', value: 'NAME', help: 'retry this one alone' }, ...shared },
  run: ([key = ''], given) =>
    withStore(given, async (db, config) => {
      const operation = text(given, 'operation')
      const machinery = await openMachinery(config, db)
      if (operation === undefined) await resumeSession(db, key)
      else await retryOperation(db, key, operation)
      return carryThrough(machinery, db, key, { json: given.json === true })
    }),
}

export const pause: Command = {
  usage: 'pause KEY [--json]',
  summary: 'finish what runs, start nothing new',
  words: [1, 1],
  options: shared,
  run: ([key = ''], given) =>
    withStore(given, async (db, config) => {
      await pauseSession(db, key)
      await untilObeyed(config, db, key, 'paused', patience.pause)
      return tell(db, key, given)
    }),
}

export const cancel: Command = {
  usage: 'cancel KEY [--json]',
  summary: 'end what runs, keep what is finished',
  words: [1, 1],
  options: shared,
  run: ([key = ''], given) =>
    withStore(given, async (db, config) => {
      await cancelSession(db, key)
      await untilObeyed(config, db, key, 'cancelled', patience.cancel)
      return tell(db, key, given, 'cancelled')
    }),
}

export const remove: Command = {
  usage: 'delete KEY [--with-outputs] [--json]',
  summary: 'forget a session; its outputs stay unless told otherwise',
  words: [1, 1],
  options: { 'with-outputs': { type: 'boolean', help: 'remove the files it made, too' }, ...shared },
  run: ([key = ''], given) =>
    withStore(given, async (db) => {
      await removeSession(db, key, { withOutputs: given['with-outputs'] === true })
      if (given.json === true) printJson({ session: key, deleted: true })
      else print(`Deleted ${key}.`)
      return 0
    }),
}

export async function withStore(
  given: Given,
  act: (db: Db, config: Config) => Promise<number>,
): Promise<number> {
  const config = readConfig(dataOf(given))
  const { db } = await openStore(config)
  try {
    return await act(db, config)
  } finally {
    await db.destroy()
  }
}

/** Milliseconds. An owner that sleeps counts as dead after 15 s: then somebody else can cancel in its stead. */
const patience = { pause: 10_000, cancel: 20_000 }

/** Waits a while for the owner to obey; where nobody owns the session, this process does it itself. */
async function untilObeyed(config: Config, db: Db, key: string, status: string, ms: number): Promise<void> {
  let stop: (() => Promise<void>) | undefined
  try {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
      const session = found(await findSession(db, key), 'session_not_found')
      if (session.status === status || hasEnded(session.status)) return
      if (!isOwned(session)) stop ??= await obey(config, db, key)
    }
  } finally {
    await stop?.()
  }
}

async function obey(config: Config, db: Db, key: string): Promise<() => Promise<void>> {
  const machinery = await openMachinery(config, db)
  const onError = (error: unknown) => say((error as Error).message)
  const engine = createEngine({ ...machinery, db, accepts: (session) => session.key === key, onError })
  return async () => {
    await engine.close()
    await machinery.pool.close()
  }
}

/** @param expected what it should have come to by now; 1 is returned where it has not. */
async function tell(db: Db, key: string, given: Given, expected?: string): Promise<number> {
  const report = await reportSession(db, key)
  const still =
    expected === undefined ? 'what runs now is finished first.' : 'its owner has not answered yet.'
  if (given.json === true) printJson(report)
  else if (report.status === 'processing') print(`${key}: ${still}`)
  else print(`${key}: ${report.status}`)
  return expected === undefined || report.status === expected ? 0 : 1
}
