/**
 * `cutroom db export`, `salvage`, `import-state`: what is carried out of the database, and into it.
 */

import { createWriteStream, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { freeBackupPath } from '../../db/backup_files.ts'
import { exportFormats, exportText } from '../../db/export.ts'
import { importState } from '../../db/import_state.ts'
import { salvage as salvageDatabase } from '../../db/salvage.ts'
import { readConfig } from '../config.ts'
import { backupFolder, databasePath } from '../open.ts'
import { dataOf } from './archive.ts'
import {
  type Command,
  dataOption,
  jsonOption,
  oneOf,
  print,
  printJson,
  say,
  text,
  UsageError,
} from './command.ts'
import { withStore } from './sessions.ts'

export const exportDatabase: Command = {
  usage: 'db export [--format sql|json|csv] [--table NAME] [--out FILE]',
  summary: 'write the database as SQL, as lines of JSON, or a table or view of it as CSV',
  words: [0, 0],
  options: {
    format: {
      type: 'string',
      value: exportFormats.join('|'),
      help: 'the form (sql, which sqlite3 reads back)',
    },
    table: { type: 'string', value: 'NAME', help: 'this table or view alone' },
    out: { type: 'string', value: 'FILE', help: 'where it goes (stdout)' },
    ...dataOption,
  },
  async run(_words, given) {
    const format = oneOf(given, 'format', exportFormats, 'sql')
    const [table, out] = [text(given, 'table'), text(given, 'out')]
    if (format === 'csv' && table === undefined)
      throw new UsageError('CSV is of one table: add --table NAME.')
    const config = readConfig(dataOf(given))
    const lines = Readable.from(exportText(databasePath(config), format, table), { objectMode: true })
    if (out === undefined) await toStdout(lines)
    else await toFile(lines, path.resolve(config.cwd, out))
    return 0
  },
}

/** A reader that has seen enough (`| head`) is no error. */
const toStdout = (lines: Readable) =>
  pipeline(lines, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })

/** It appears whole under its name. */
async function toFile(lines: Readable, file: string): Promise<void> {
  const partial = `${file}.part`
  try {
    await pipeline(lines, createWriteStream(partial, { flush: true }))
    renameSync(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

export const salvage: Command = {
  usage: 'db salvage [FILE] [--out FILE] [--json]',
  summary: 'recover what can be read of a damaged database into a new one; the damaged one stays as it is',
  words: [0, 1],
  options: {
    out: { type: 'string', value: 'FILE', help: 'the new one (<data>/backups/salvaged_…)' },
    ...dataOption,
    ...jsonOption,
  },
  async run([file], given) {
    const config = readConfig(dataOf(given))
    const out = text(given, 'out')
    const from = file === undefined ? databasePath(config) : path.resolve(config.cwd, file)
    const target =
      out === undefined
        ? freeBackupPath(backupFolder(config), 'salvaged', false)
        : path.resolve(config.cwd, out)
    const found = await salvageDatabase(from, target)
    if (given.json === true) printJson(found)
    else tell(from, found)
    return 0
  },
}

export const importStateDb: Command = {
  usage: 'db import-state FILE [--json]',
  summary: 'take in the state.db of the Video Archive Tool: history, presets, settings, registry',
  words: [1, 1],
  options: { ...dataOption, ...jsonOption },
  run: ([file = ''], given) =>
    withStore(given, async (db, config) => {
      const report = await importState(db, path.resolve(config.cwd, file))
      if (given.json === true) printJson(report)
      else {
        if (report.already !== null)
          print(`It was taken in before, ${report.already}; nothing was added. Then:`)
        print(
          `${report.history} of history, ${report.presets} presets, ${report.settings} settings, ${report.files} files of ${report.sessions} sessions.`,
        )
        for (const note of report.notes) print(note)
      }
      return 0
    }),
}

function tell(
  from: string,
  { path: target, version, schemaProblem, tables }: Awaited<ReturnType<typeof salvageDatabase>>,
) {
  if (schemaProblem !== null)
    say(`Its own schema cannot be used (${schemaProblem}), so its tables were looked for page by page.`)
  print(`${from} (version ${version}):`)
  for (const { table, read, lost, refused, orphans } of tables) {
    const notes = [
      lost === null ? 'some may be lost' : lost > 0 ? `${lost} lost` : '',
      refused > 0 ? `${refused} not usable` : '',
      orphans > 0 ? `${orphans} without what they belong to` : '',
    ].filter(Boolean)
    print(
      `  ${table.padEnd(24)} ${String(read).padStart(9)} rows${notes.length > 0 ? `, ${notes.join(', ')}` : ''}`,
    )
  }
  print(`What could be read is in ${target}.`)
  print(`To use it: cutroom db restore "${target}"`)
}
