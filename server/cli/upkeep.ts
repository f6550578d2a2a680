/**
 * `cutroom upkeep retention`, `run`, `verify`, `bag`, `runs`: what keeps the studio's work in order, from the shell.
 */

import { recordedOf } from '../../db/fixity.ts'
import { limitsOf } from '../../db/retention.ts'
import { type Db, maintenanceTasks } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import { settings } from '../../db/settings.ts'
import { latestRuns } from '../../db/upkeep.ts'
import type { RetentionPlan } from '../../templates/data.ts'
import { bytesText, countText } from '../../templates/words.ts'
import type { Config } from '../config.ts'
import { AppError, found } from '../errors.ts'
import { createLog, logFolder } from '../log.ts'
import { picturesFolder } from '../node_services.ts'
import { backupFolder } from '../open.ts'
import { writeBag } from '../upkeep/bag.ts'
import { judged, verifyFiles, verifyLongest } from '../upkeep/fixity.ts'
import { applyRetention, planRetention, removedInWords } from '../upkeep/retention.ts'
import { createRunner, type How, type Outcome } from '../upkeep/runner.ts'
import {
  type Command,
  dataOption,
  type Given,
  type Group,
  jsonOption,
  print,
  printJson,
  say,
  UsageError,
} from './command.ts'
import { withStore } from './sessions.ts'

const shared = { ...dataOption, ...jsonOption }

const retention: Command = {
  usage: 'upkeep retention [--dry-run|--yes] [--with-outputs] [--json]',
  summary: 'name what is old, row by row and file by file; remove it only with --yes',
  words: [0, 0],
  options: {
    'dry-run': { type: 'boolean', help: 'only tell (what happens without --yes, too)' },
    yes: { type: 'boolean', help: 'remove what was named' },
    'with-outputs': { type: 'boolean', help: 'the files that old sessions made, too' },
    ...shared,
  },
  run: (_words, given) =>
    withStore(given, async (db, config) => {
      if (given.yes === true && given['dry-run'] === true)
        throw new UsageError('--dry-run and --yes exclude each other.')
      const grounds = { db, pictures: picturesFolder(config.data) }
      const order = { limits: limitsOf(await settings(db)), withOutputs: given['with-outputs'] === true }
      const plan = await planRetention(grounds, order)
      if (given.json !== true) tellPlan(plan)
      if (given.yes !== true) return given.json === true ? (printJson(plan), 0) : 0
      const outcome = await perform(db, config, 'retention', async (_grounds, signal) =>
        removedInWords(await applyRetention(grounds, plan, signal)),
      )
      return tell(given, { plan, ...outcome })
    }),
}

function tellPlan({ sessions, history, texts, totals }: RetentionPlan): void {
  for (const { session, artwork, status, since, rows, databaseBytes, files } of sessions) {
    const kinds = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
    print(`session ${session}  ${status.padEnd(11)} since ${since.slice(0, 16)}  ${artwork}`)
    print(`  rows: ${kinds.join(', ')} (${bytesText(databaseBytes)})`)
    for (const { path, bytes } of files) print(`  file: ${path} (${bytesText(bytes)})`)
  }
  for (const { session, artwork, completedAt } of history)
    print(`history ${session}  to the archive, ended ${completedAt.slice(0, 16)}  ${artwork}`)
  for (const { session, operation, bytes } of texts)
    print(`log text ${session}  ${operation} (${bytesText(bytes)})`)
  print(
    `${countText(totals.sessions, 'session')} with ${countText(totals.rows, 'row')} and ` +
      `${countText(totals.files, 'file')} (${bytesText(totals.fileBytes)} on disk, ` +
      `${bytesText(totals.databaseBytes)} in the database), ${countText(totals.history, 'row')} of history, ` +
      `log text of ${countText(totals.texts, 'step')}`,
  )
}

const run: Command = {
  usage: `upkeep run ${maintenanceTasks.join('|')} [--json]`,
  summary: 'perform one task of maintenance now',
  words: [1, 1],
  options: shared,
  run: ([name = ''], given) => {
    const task = maintenanceTasks.find((known) => known === name)
    if (!task) throw new UsageError(`“${name}” is not one of ${maintenanceTasks.join(', ')}.`)
    return withStore(given, async (db, config) => tell(given, { task, ...(await perform(db, config, task)) }))
  },
}

const verify: Command = {
  usage: 'upkeep verify [KEY] [--json]',
  summary: 'read outputs again, of one session or of all, and compare them with their checksums',
  words: [0, 1],
  options: shared,
  run: ([key], given) =>
    withStore(given, async (db, config) => {
      const session = key === undefined ? null : found(await findSession(db, key), 'session_not_found')
      const work: How['work'] = async (_grounds, signal) =>
        judged(
          session
            ? await verifyFiles(db, await recordedOf(db, session.id), { signal })
            : await verifyLongest(db, Infinity, { signal }),
        )
      return tell(given, { session: key ?? null, ...(await perform(db, config, 'fixity', work)) })
    }),
}

const bag: Command = {
  usage: 'upkeep bag KEY [--json]',
  summary: 'verify the outputs of a session and lay them beside it as a bag (BagIt, RFC 8493)',
  words: [1, 1],
  options: shared,
  run: ([key = ''], given) =>
    withStore(given, async (db) => {
      const made = await writeBag(db, found(await findSession(db, key), 'session_not_found'))
      if (given.json === true) printJson(made)
      else print(`${made.folder} (${countText(made.files, 'file')}, ${bytesText(made.bytes)})`)
      return 0
    }),
}

const runs: Command = {
  usage: 'upkeep runs [--json]',
  summary: 'list the latest runs of maintenance, newest first',
  words: [0, 0],
  options: shared,
  run: (_words, given) =>
    withStore(given, async (db) => {
      const all = await latestRuns(db, 50)
      if (given.json === true) printJson(all)
      else if (all.length === 0) print('Nothing ran yet.')
      else
        for (const { started_at, task, status, seconds, summary } of all)
          print(
            `${started_at.slice(0, 19)}  ${task.padEnd(10)}  ${status.padEnd(11)}  ${seconds ?? ''} s  ${summary ?? ''}`,
          )
      return 0
    }),
}

/** @returns the exit code: 0 completed, 1 not. */
function tell(given: Given, outcome: Outcome & Record<string, unknown>): number {
  if (given.json === true) printJson(outcome)
  else if (outcome.status === 'completed') print(outcome.summary)
  else say(outcome.summary)
  return outcome.status === 'completed' ? 0 : 1
}

/** In this process, as one of those that share the claim. @throws AppError `maintenance_running`. */
async function perform(
  db: Db,
  config: Config,
  task: (typeof maintenanceTasks)[number],
  work?: How['work'],
): Promise<Outcome> {
  const log = createLog({ folder: logFolder(config.data), say: () => undefined })
  const grounds = { db, pictures: picturesFolder(config.data), backups: backupFolder(config) }
  const runner = createRunner({ ...grounds, log })
  const interrupt = () => void runner.close()
  process.once('SIGINT', interrupt)
  try {
    const begun = await runner.begin(task, { cause: 'person', ...(work && { work }) })
    if (!begun) throw new AppError('maintenance_running')
    return await begun.finished
  } finally {
    process.off('SIGINT', interrupt)
    await log.close()
  }
}

export const upkeep: Group = {
  summary: 'keep the work in order: what is old, what is whole, the database in shape',
  acts: { retention, run, verify, bag, runs },
}
