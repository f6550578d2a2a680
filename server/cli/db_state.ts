/**
 * `cutroom db path`, `status`, `check`, `migrate`, `history`: where the database is and how it is.
 */

import { existsSync } from 'node:fs'
import nodePath from 'node:path'
import { checkDatabase } from '../../db/check.ts'
import { migrateSafely, migrationsOf } from '../../db/migrate.ts'
import { openAlone, openDatabase } from '../../db/open.ts'
import { migrations } from '../../db/migrations/mod.ts'
import type { Db } from '../../db/schema.ts'
import { readConfig } from '../config.ts'
import { backupFolder, databasePath, prepareFolders } from '../open.ts'
import { dataOf } from './archive.ts'
import {
  type Command,
  dataOption,
  type Given,
  jsonOption,
  print,
  printJson,
  text,
  UsageError,
} from './command.ts'

const shared = { ...dataOption, ...jsonOption }

export const path: Command = {
  usage: 'db path [--json]',
  summary: 'tell where the database is',
  words: [0, 0],
  options: shared,
  async run(_words, given) {
    const file = databasePath(readConfig(dataOf(given)))
    if (given.json === true) printJson({ path: file })
    else print(file)
    return 0
  },
}

export const status: Command = {
  usage: 'db status [--json]',
  summary: 'tell the version of the schema, and which migrations are still to come',
  words: [0, 0],
  options: shared,
  run: (_words, given) =>
    withUnmigrated(given, async (db) => {
      const all = await migrationsOf(db)
      const pending = all.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name)
      const version = all.findLast(({ appliedAt }) => appliedAt !== null)?.name ?? null
      if (given.json === true) printJson({ version, pending })
      else {
        print(`Version: ${version ?? 'none yet'}`)
        print(pending.length === 0 ? 'Nothing is to be migrated.' : `To be migrated: ${pending.join(', ')}`)
      }
      return 0
    }),
}

export const history: Command = {
  usage: 'db history [--json]',
  summary: 'tell when each migration was applied',
  words: [0, 0],
  options: shared,
  run: (_words, given) =>
    withUnmigrated(given, async (db) => {
      const all = await migrationsOf(db)
      if (given.json === true) printJson(all)
      else for (const { name, appliedAt } of all) print(`${name.padEnd(32)} ${appliedAt ?? 'not yet'}`)
      return 0
    }),
}

export const migrate: Command = {
  usage: 'db migrate [--to NAME] [--down] [--json]',
  summary: 'bring the database up to date, or step it back; a backup is made first',
  words: [0, 0],
  options: {
    to: { type: 'string', value: 'NAME', help: 'up or down to this migration (0008 is enough of its name)' },
    down: { type: 'boolean', help: 'undo the latest migration, or down to the one of --to' },
    ...shared,
  },
  run: (_words, given) => {
    // Whatever runs elsewhere would lose its tables under its feet.
    if (given.down === true || given.to !== undefined) refuseOthers(given)
    return withUnmigrated(given, async (db, folder) => {
      const target = targetOf(given, await migrationsOf(db))
      const { ran, backup } = await migrateSafely(db, folder, target)
      const version = (await migrationsOf(db)).findLast(({ appliedAt }) => appliedAt !== null)?.name ?? null
      if (given.json === true) printJson({ version, ran, backup })
      else {
        if (backup !== null) print(`Backup: ${backup}`)
        if (ran.length > 0) print(`Ran ${ran.join(', ')}.`)
        print(
          given.to === undefined && given.down !== true
            ? `Up to date: ${version}`
            : `Version: ${version ?? 'none'}`,
        )
      }
      return 0
    })
  },
}

/** @throws DatabaseError `database_in_use`. */
export function refuseOthers(given: Given): void {
  const file = databasePath(readConfig(dataOf(given)))
  if (existsSync(file)) openAlone(file).close()
}

type Applied = Awaited<ReturnType<typeof migrationsOf>>

/** Undefined: to the latest. Null: to nothing. */
function targetOf(given: Given, all: Applied): string | null | undefined {
  const to = text(given, 'to')
  const name = to === undefined ? undefined : named(to)
  const applied = all.filter(({ appliedAt }) => appliedAt !== null)
  if (given.down !== true) return name
  if (name === undefined) return applied.at(-2)?.name ?? null
  if (!applied.some((one) => one.name === name))
    throw new UsageError(`“${name}” is not below where it is now.`)
  return name
}

function named(to: string): string {
  const name = Object.keys(migrations).find((one) => one === to || one.startsWith(`${to}_`))
  if (name !== undefined) return name
  throw new UsageError(`There is no migration “${to}”. There are ${Object.keys(migrations).join(', ')}.`)
}

export const check: Command = {
  usage: 'db check [FILE] [--json]',
  summary: 'read every page and every reference of the database, or of another file, and say what is wrong',
  words: [0, 1],
  options: shared,
  async run([file], given) {
    const config = readConfig(dataOf(given))
    const asked = file === undefined ? databasePath(config) : nodePath.resolve(config.cwd, file)
    const found = checkDatabase(asked)
    if (given.json === true) printJson({ file: asked, ...found })
    else if (found.problems.length === 0) print(`${asked} is whole (version ${found.version ?? 'none'}).`)
    else for (const problem of found.problems) print(problem)
    return found.problems.length === 0 ? 0 : 1
  },
}

/** The database as it is, before anything is migrated. */
async function withUnmigrated(
  given: Given,
  act: (db: Db, backups: string) => Promise<number>,
): Promise<number> {
  const config = readConfig(dataOf(given))
  prepareFolders(config)
  const db = openDatabase(databasePath(config))
  try {
    return await act(db, backupFolder(config))
  } finally {
    await db.destroy()
  }
}
