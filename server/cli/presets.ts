/**
 * `cutroom presets`: output settings, listed, shown, carried out and in.
 */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { exportPreset, findPreset, importPreset, listPresets } from '../../db/presets.ts'
import type { Db } from '../../db/schema.ts'
import type { Config } from '../config.ts'
import { AppError, found } from '../errors.ts'
import { type Command, dataOption, type Given, jsonOption, print, printJson, UsageError } from './command.ts'
import { withStore } from './sessions.ts'

export const presets: Command = {
  usage: 'presets list | show ID | export ID | import FILE  [--json]',
  summary: 'list, show, export or import output settings',
  words: [1, 2],
  options: { ...dataOption, ...jsonOption },

  run([act = '', subject], given) {
    const action = actions[act]
    if (!action) throw new UsageError(`“${act}” is not list, show, export or import.`)
    if (act !== 'list' && subject === undefined)
      throw new UsageError(`presets ${act} needs ${act === 'import' ? 'a file' : 'an id'}.`)
    return withStore(given, async (db, config) => {
      await action({ db, config, given, subject: subject ?? '' })
      return 0
    })
  },
}

interface Asked {
  db: Db
  config: Config
  given: Given
  subject: string
}

const actions: Record<string, (asked: Asked) => Promise<void>> = {
  list,
  show,
  export: exportOne,
  import: importOne,
}

async function list({ db, given }: Asked): Promise<void> {
  const rows = await listPresets(db)
  const brief = rows.map(({ key, name, builtin, use_count, description }) => ({
    id: key,
    name,
    builtin: builtin === 1,
    used: use_count,
    description,
  }))
  if (given.json === true) return printJson(brief)
  for (const { id, builtin, used, description } of brief) {
    print(`${id.padEnd(20)} ${builtin ? 'built-in' : 'custom  '}  used ${used}×  ${description ?? ''}`)
  }
}

async function show({ db, given, subject }: Asked): Promise<void> {
  const preset = found(await findPreset(db, subject), 'preset_not_found')
  const settings = JSON.parse(preset.settings) as Record<string, Record<string, unknown>>
  if (given.json === true) {
    return printJson({
      id: preset.key,
      name: preset.name,
      builtin: preset.builtin === 1,
      used: preset.use_count,
      settings,
    })
  }
  print(`${preset.key}: ${preset.name}`)
  for (const [section, values] of Object.entries(settings)) {
    for (const [name, value] of Object.entries(values)) {
      print(
        `  ${`${section}.${name}`.padEnd(26)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
    }
  }
}

/** A document that another Cutroom can import; JSON in any case. */
async function exportOne({ db, subject }: Asked): Promise<void> {
  found(await findPreset(db, subject), 'preset_not_found')
  printJson(await exportPreset(db, subject))
}

async function importOne({ db, config, given, subject }: Asked): Promise<void> {
  const preset = await importPreset(db, await readJson(path.resolve(config.cwd, subject)))
  if (given.json === true) printJson({ id: preset.key, name: preset.name })
  else print(`Imported as ${preset.key}.`)
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new AppError('bad_input', {
      detail: `${file} cannot be read as JSON: ${(cause as Error).message}`,
      cause,
    })
  }
}
