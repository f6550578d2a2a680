/**
 * `cutroom remake`: makes again what changed cuts, stills or a changed preset made stale, and only that.
 */

import { findSession, hasEnded } from '../../db/sessions.ts'
import { damageText } from '../../templates/words.ts'
import type { Remake } from '../../workers/media/staleness.ts'
import { remakeSession, type StaleOutputs, staleOutputs } from '../commands/remake.ts'
import { found } from '../errors.ts'
import { openMachinery } from '../open.ts'
import { type Command, dataOption, jsonOption, print, printJson } from './command.ts'
import { carryThrough } from './follow.ts'
import { withStore } from './sessions.ts'

export const remake: Command = {
  usage: 'remake KEY [--list] [--leftovers] [--json]',
  summary: 'make again what changed cuts or a changed preset made stale',
  words: [1, 1],
  options: {
    list: { type: 'boolean', help: 'only tell what is stale, and why' },
    leftovers: { type: 'boolean', help: 'remove files of scenes that are no more, too' },
    ...dataOption,
    ...jsonOption,
  },
  run: ([key = ''], given) =>
    withStore(given, async (db, config) => {
      const json = given.json === true
      if (given.list === true) {
        const stale = await staleOutputs(db, key)
        if (json) printJson(stale)
        else for (const line of linesOf(key, stale)) print(line)
        return 0
      }
      await remakeSession(db, key, { leftovers: given.leftovers === true })
      // Names alone changed: nothing is left for an engine.
      if (hasEnded(found(await findSession(db, key), 'session_not_found').status)) {
        if (json) printJson(await staleOutputs(db, key))
        else print(`${key}: renamed, nothing had to be made.`)
        return 0
      }
      return carryThrough(await openMachinery(config, db), db, key, { json })
    }),
}

function linesOf(key: string, { remake, renames, leftovers, damage }: StaleOutputs): string[] {
  const lines = [
    ...remake.map((one) => `${whatOf(one)}: ${one.reason}`),
    ...renames.map(({ output, name }) => `${nameOf(output.path)}: it is called ${name} now`),
    ...leftovers.map(
      ({ output, reason }) => `${nameOf(output.path)}: ${reason}; it stays (--leftovers removes it)`,
    ),
  ]
  const told = damageText(damage)
  return [
    ...(lines.length > 0 ? lines : ['Nothing is out of date.']),
    ...(told === '' ? [] : [`${told}: cutroom resume ${key} makes what is not whole again.`]),
  ]
}

const whatOf = ({ output, role, number }: Remake) =>
  output ? nameOf(output.path) : `${role.replaceAll('_', ' ')} ${number ?? ''}`

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
