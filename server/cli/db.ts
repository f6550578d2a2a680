/**
 * `cutroom db`: where the database is, its migrations, what is in it.
 */

import { inspect, migrate } from '../../db/migrate.ts'
import { readConfig } from '../config.ts'
import { databasePath, openStore } from '../open.ts'
import { dataOf } from './archive.ts'
import { type Command, dataOption, jsonOption, print, printJson, UsageError } from './command.ts'

export const database: Command = {
  usage: 'db path|migrate|inspect [--json]',
  summary: 'tell where the database is, bring it up to date, or say what is in it',
  words: [1, 1],
  options: { ...dataOption, ...jsonOption },

  async run([act = ''], given) {
    const config = readConfig(dataOf(given))
    const json = given.json === true
    if (act === 'path') {
      if (json) printJson({ path: databasePath(config) })
      else print(databasePath(config))
      return 0
    }
    if (act !== 'migrate' && act !== 'inspect')
      throw new UsageError(`“${act}” is not path, migrate or inspect.`)
    const { db } = await openStore(config)
    try {
      if (act === 'migrate') await migrate(db)
      const report = await inspect(db)
      if (json) printJson(report)
      else if (act === 'migrate') print(`Up to date: ${report.version}`)
      else {
        print(`${databasePath(config)}: version ${report.version}, ${(report.bytes / 1e6).toFixed(1)} MB`)
        for (const { name, rows } of report.tables) print(`  ${name.padEnd(24)} ${rows} rows`)
        print(`${report.views.length} views, ${report.triggers.length} triggers`)
      }
      return 0
    } finally {
      await db.destroy()
    }
  },
}
