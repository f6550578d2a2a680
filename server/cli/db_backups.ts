/**
 * `cutroom db backup`, `backups`, `restore`, `reset`: copies of the database, made, listed and put back.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { listBackups } from '../../db/backup_files.ts'
import { makeBackup, removeDatabase, restoreBackup } from '../../db/backups.ts'
import { settings } from '../../db/settings.ts'
import { type Config, readConfig } from '../config.ts'
import { backupFolder, databasePath, openStore, prepareFolders } from '../open.ts'
import { bytesText } from '../../templates/words.ts'
import { dataOf } from './archive.ts'
import { type Command, dataOption, jsonOption, print, printJson, say, text } from './command.ts'
import { withStore } from './sessions.ts'

const shared = { ...dataOption, ...jsonOption }

export const backup: Command = {
  usage: 'db backup [--gzip] [--out FILE] [--json]',
  summary: 'copy the database, also while it is used; the copy is checked',
  words: [0, 0],
  options: {
    gzip: { type: 'boolean', help: 'compress it (also where the setting backup_gzip says so)' },
    out: { type: 'string', value: 'FILE', help: 'where it goes (<data>/backups, under a name by its time)' },
    ...shared,
  },
  run: (_words, given) =>
    withStore(given, async (db, config) => {
      const { backups_kept: keep, backup_gzip } = await settings(db)
      const out = text(given, 'out')
      const gzip = given.gzip === true || (out === undefined ? backup_gzip : out.endsWith('.gz'))
      const made = await makeBackup(db, {
        folder: backupFolder(config),
        keep,
        gzip,
        ...(out !== undefined && { out: path.resolve(config.cwd, out) }),
      })
      if (given.json === true) printJson(made)
      else print(`${made.path} (${bytesText(made.bytes)}, version ${made.version})`)
      return 0
    }),
}

export const backups: Command = {
  usage: 'db backups [--json]',
  summary: 'list the backups, oldest first',
  words: [0, 0],
  options: shared,
  async run(_words, given) {
    const folder = backupFolder(readConfig(dataOf(given)))
    const all = listBackups(folder)
    if (given.json === true) printJson(all)
    else if (all.length === 0) print('No backups yet. Make one with: cutroom db backup')
    else for (const { name, at, bytes } of all) print(`${at}  ${bytesText(bytes).padStart(9)}  ${name}`)
    return 0
  },
}

export const restore: Command = {
  usage: 'db restore FILE [--json]',
  summary: 'put a backup in the place of the database, which is copied first',
  words: [1, 1],
  options: shared,
  async run([file = ''], given) {
    const config = readConfig(dataOf(given))
    prepareFolders(config)
    const restored = await restoreBackup({
      file: findBackup(config, file),
      database: databasePath(config),
      folder: backupFolder(config),
    })
    await (await openStore(config)).db.destroy() // up to date at once, or known to be unusable now
    if (given.json === true) printJson(restored)
    else {
      print(`Restored ${file} (version ${restored.version}).`)
      if (restored.safetyCopy !== null) print(`What was there before is ${restored.safetyCopy}.`)
    }
    return 0
  },
}

/** A path, or just the name of one in the folder of backups. */
function findBackup(config: Config, file: string): string {
  const here = path.resolve(config.cwd, file)
  const stored = path.join(backupFolder(config), file)
  return !existsSync(here) && existsSync(stored) ? stored : here
}

export const reset: Command = {
  usage: 'db reset [--yes] [--json]',
  summary: 'begin with an empty database; the old one becomes a backup, and no file of yours is touched',
  words: [0, 0],
  options: { yes: { type: 'boolean', help: 'do not ask' }, ...shared },
  async run(_words, given) {
    const config = readConfig(dataOf(given))
    prepareFolders(config)
    if (given.yes !== true && !(await agreed(databasePath(config)))) {
      say('Nothing was changed.')
      return 1
    }
    const kept = await removeDatabase(databasePath(config), backupFolder(config))
    await (await openStore(config)).db.destroy()
    if (given.json === true) printJson({ backup: kept })
    else print(`The database is empty.${kept === null ? '' : ` The old one is ${kept}.`}`)
    return 0
  },
}

async function agreed(file: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    say('Without a terminal nobody can be asked: add --yes.')
    return false
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const said = await lines.question(
      `Empty ${file}? Sessions, history, presets and settings go. Type reset: `,
    )
    return said.trim() === 'reset'
  } finally {
    lines.close()
  }
}
