/**
 * The shell: finds the command, runs it, and turns whatever happens into words and an exit code.
 */

import { failureOf } from '../../workers/failure.ts'
import { AppError } from '../errors.ts'
import { archive } from './archive.ts'
import {
  type Command,
  type Group,
  helpOf,
  helpOfGroup,
  print,
  readWords,
  say,
  UsageError,
} from './command.ts'
import { database } from './db.ts'
import { detect } from './detect.ts'
import { exportScenes, importCutList } from './handoff.ts'
import { log } from './log.ts'
import { presets } from './presets.ts'
import { settings } from './settings.ts'
import { serve } from './serve.ts'
import { service } from './service.ts'
import { remake } from './remake.ts'
import { cancel, pause, remove, resume, sessions, show } from './sessions.ts'
import { upkeep } from './upkeep.ts'
import { version } from './version.ts'

const commands: Record<string, Command | Group> = {
  archive,
  detect,
  sessions,
  show,
  resume,
  remake,
  pause,
  cancel,
  delete: remove,
  export: exportScenes,
  import: importCutList,
  presets,
  settings,
  db: database,
  log,
  upkeep,
  serve,
  service,
  version,
}

/**
 * @param args what follows `cutroom`.
 * @returns 0 completed, 1 failed or completed with problems, 2 bad usage, 130 cancelled.
 */
export async function main(args: string[]): Promise<number> {
  const [first = '', ...rest] = args
  const name = first === '--version' || first === '-v' ? 'version' : first
  if (name === '' || name === 'help' || name === '--help' || name === '-h') return help(name === '' ? 2 : 0)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    say(`There is no command “${name}”. There are ${Object.keys(commands).join(', ')}.`)
    return 2
  }
  return 'acts' in command ? runAct(name, command, rest) : run(command, rest)
}

async function runAct(name: string, group: Group, [act = '', ...rest]: string[]): Promise<number> {
  if (act === 'help' || act === '--help' || act === '-h') {
    print(helpOfGroup(name, group))
    return 0
  }
  const command = Object.hasOwn(group.acts, act) ? group.acts[act] : undefined
  if (command) return run(command, rest)
  say(act === '' ? helpOfGroup(name, group) : `“${act}” is not one of ${Object.keys(group.acts).join(', ')}.`)
  return 2
}

async function run(command: Command, args: string[]): Promise<number> {
  try {
    const { words, given } = readWords(command, args)
    if (given.help !== true) return await command.run(words, given)
    print(helpOf(command))
    return 0
  } catch (error) {
    return explain(error, command)
  }
}

function explain(error: unknown, command: Command): number {
  if (error instanceof UsageError) {
    say(`${error.message}\nusage: cutroom ${command.usage}`)
    return 2
  }
  const { message, cause } = error instanceof AppError ? error : { message: inWords(error), cause: undefined }
  say(message)
  if (error instanceof AppError && error.code === 'unexpected') say(String(cause))
  return error instanceof AppError && error.code === 'bad_input' ? 2 : 1
}

/** The database's own words ("database or disk is full") say too little; the rest of what is thrown is a sentence. */
function inWords(error: unknown): string {
  const { message, code = '' } = error as NodeJS.ErrnoException
  return /^(SQLITE_|E[A-Z]+$)/.test(code) ? failureOf(error).message : message
}

function help(code: number): number {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  const lines = [
    'Cutroom: a cutting room on your own network.',
    '',
    ...rows,
    '',
    'cutroom COMMAND --help tells more.',
  ]
  if (code === 0) print(lines.join('\n'))
  else say(lines.join('\n'))
  return code
}
