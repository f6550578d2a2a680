/**
 * `cutroom export` and `cutroom import`: scenes for other programs, and cuts from them.
 */

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ChoiceError } from '../../db/choosing.ts'
import { findSession } from '../../db/sessions.ts'
import { handOffFormats } from '../../workers/media/handoff/mod.ts'
import { formatNamed, handOffOf, importList } from '../commands/handoff.ts'
import { AppError, found } from '../errors.ts'
import { type Command, dataOption, jsonOption, print, printJson, text } from './command.ts'
import { withStore } from './sessions.ts'

const width = Math.max(...handOffFormats.map(({ name }) => name.length))

export const exportScenes: Command = {
  usage: 'export KEY --format NAME [--selection] [--out FILE]',
  summary: 'write a session’s scenes for another program',
  notes: () => [
    'Formats:',
    ...handOffFormats.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
  ],
  words: [1, 1],
  options: {
    format: { type: 'string', value: 'NAME', help: 'csv unless said otherwise' },
    selection: { type: 'boolean', help: 'only scenes that are ticked' },
    out: { type: 'string', value: 'FILE', help: 'in place of stdout' },
    ...dataOption,
  },
  run: ([key = ''], given) =>
    withStore(given, async (db, config) => {
      const session = found(await findSession(db, key), 'session_not_found')
      const format = formatNamed(text(given, 'format') ?? 'csv')
      const which = { what: given.selection === true ? 'selection' : 'scenes' } as const
      const written = format.write(await handOffOf(db, session, which))
      const out = text(given, 'out')
      if (out === undefined) process.stdout.write(written)
      else await writeFile(path.resolve(config.cwd, out), written)
      return 0
    }),
}

export const importCutList: Command = {
  usage: 'import KEY FILE [--json]',
  summary: 'add the cuts of a CSV, EDL, JSON or plain list to a session that waits for its choice',
  words: [2, 2],
  options: { ...dataOption, ...jsonOption },
  run: ([key = '', file = ''], given) =>
    withStore(given, async (db, config) => {
      const session = found(await findSession(db, key), 'session_not_found')
      const list = await readList(path.resolve(config.cwd, file))
      const imported = await importList(db, session, list).catch((error: unknown) => {
        throw error instanceof ChoiceError && error.code === 'not_choosing' ? new AppError(error.code) : error
      })
      if (given.json === true) printJson(imported)
      else print(`The list names ${imported.scenes} scenes; ${imported.added} cuts came new.`)
      return 0
    }),
}

async function readList(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('bad_input', { detail: `${file} cannot be read: ${(cause as Error).message}`, cause })
  }
}
