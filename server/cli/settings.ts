/**
 * `cutroom settings`: what is set, read and changed from the shell.
 */

import { listSettings, type SettingKey } from '../../db/settings.ts'
import { changeSettings } from '../commands/settings.ts'
import { AppError } from '../errors.ts'
import { settingLabel } from '../setting_fields.ts'
import { type Command, dataOption, jsonOption, print, printJson, UsageError } from './command.ts'
import { withStore } from './sessions.ts'

export const settings: Command = {
  usage: 'settings list | get KEY | set KEY VALUE  [--json]',
  summary: 'list, read or change settings',
  words: [1, 3],
  options: { ...dataOption, ...jsonOption },

  run([act = '', key, value], given) {
    const takes = { list: 0, get: 1, set: 2 }[act]
    if (takes === undefined) throw new UsageError(`“${act}” is not list, get or set.`)
    const words = [key, value].filter((word) => word !== undefined).length
    if (words !== takes)
      throw new UsageError(`settings ${act} takes ${['nothing more', 'a key', 'a key and a value'][takes]}.`)
    return withStore(given, async (db) => {
      const rows = await listSettings(db)
      if (act === 'list' && given.json === true)
        printJson(Object.fromEntries(rows.map((row) => [row.key, row.value])))
      else if (act === 'list')
        for (const row of rows)
          print(`${row.key.padEnd(28)} ${row.value.padEnd(34)} ${settingLabel(row.key)}`)
      const row = rows.find((one) => one.key === key)
      if (act !== 'list' && !row)
        throw new AppError('bad_input', { detail: `there is no setting “${key}”; settings list tells all` })
      if (act === 'set') {
        const [problem] = Object.values(await changeSettings(db, { [key as SettingKey]: value }))
        if (problem !== undefined)
          throw new AppError('bad_input', { detail: `${key}: ${problem}`, field: key ?? '' })
      }
      if (act === 'get' && row) {
        if (given.json === true) printJson({ key: row.key, value: row.value })
        else print(row.value)
      }
      return 0
    })
  },
}
