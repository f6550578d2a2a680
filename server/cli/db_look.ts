/**
 * `cutroom db inspect`, `query`, `answer`: looking into the database.
 */

import Sqlite from 'better-sqlite3'
import { createInterface } from 'node:readline'
import { answer as answerOne, type Question } from '../../db/answer.ts'
import { csvLine } from '../../db/export.ts'
import { type Contents, lookAt, query as queryDatabase } from '../../db/look.ts'
import { bytesText } from '../../templates/words.ts'
import { readConfig } from '../config.ts'
import { databasePath } from '../open.ts'
import { dataOf } from './archive.ts'
import {
  type Command,
  dataOption,
  type Given,
  jsonOption,
  numberOf,
  print,
  printJson,
  say,
} from './command.ts'
import { withStore } from './sessions.ts'

const shared = { ...dataOption, ...jsonOption }

export const inspect: Command = {
  usage: 'db inspect [--json]',
  summary: 'tell what is in the database: tables, rows, sizes, indexes, views, triggers',
  words: [0, 0],
  options: shared,
  run: (_words, given) =>
    withStore(given, async (_db, config) => {
      const look = reading(given, lookAt)
      if (given.json === true) printJson({ path: databasePath(config), ...look })
      else tell(databasePath(config), look)
      return 0
    }),
}

function tell(file: string, { version, bytes, freeBytes, tables, views, indexes, triggers }: Contents): void {
  print(`${file}: version ${version}, ${bytesText(bytes)}, of it ${bytesText(freeBytes)} unused`)
  for (const { name, rows, bytes: own, indexBytes } of tables)
    print(
      `  ${name.padEnd(24)} ${String(rows).padStart(9)} rows  ${bytesText(own ?? 0).padStart(9)}  indexes ${bytesText(indexBytes ?? 0)}`,
    )
  print(`${views.length} views to read: ${views.join(', ')}`)
  print(`${indexes.length} indexes, ${triggers.length} triggers`)
}

export const query: Command = {
  usage: 'db query SQL [--limit 1000] [--json]',
  summary: 'answer a query as CSV or JSON; nothing can be changed',
  words: [1, 1],
  options: { limit: { type: 'string', value: '1000', help: 'the most rows' }, ...shared },
  async run([sql = ''], given) {
    const limit = numberOf(given, 'limit') ?? 1000
    const { columns, rows, more } = reading(given, (handle) => queryDatabase(handle, sql, limit))
    if (given.json === true)
      printJson(rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]]))))
    else for (const line of [columns, ...rows]) process.stdout.write(csvLine(line))
    if (more) say(`There are more than ${limit} rows; --limit takes more.`)
    return 0
  },
}

function reading<T>(given: Given, use: (handle: Sqlite.Database) => T): T {
  const handle = new Sqlite(databasePath(readConfig(dataOf(given))), { readonly: true, fileMustExist: true })
  try {
    return use(handle)
  } finally {
    handle.close()
  }
}

/** The page's questions come here, so that one which takes too long can be ended with the process. */
export const answer: Command = {
  usage: 'db answer',
  summary: '(for the server) answer questions on stdin, a line of JSON each',
  words: [0, 0],
  options: dataOption,
  async run(_words, given) {
    const file = databasePath(readConfig(dataOf(given)))
    for await (const line of createInterface({ input: process.stdin }))
      print(JSON.stringify(answerOne(file, JSON.parse(line) as Question)))
    return 0
  },
}
