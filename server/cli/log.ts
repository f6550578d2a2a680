/**
 * `cutroom log`: what happened, the newest last, and what happens next.
 */

import { open } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LogEntry, logLevels } from '../../templates/data.ts'
import { readConfig } from '../config.ts'
import { logFolder } from '../log.ts'
import { logFileName } from '../log_file.ts'
import { matcher, parse, readLog } from '../log_read.ts'
import { dataOf } from './archive.ts'
import { type Command, dataOption, numberOf, oneOf, print, text, UsageError } from './command.ts'

export const log: Command = {
  usage: 'log [--session KEY] [--level LEVEL] [--lines N] [--follow] [--json]',
  summary: 'show what happened, and with --follow what happens',
  words: [0, 0],
  options: {
    session: { type: 'string', value: 'KEY', help: 'of one session' },
    level: { type: 'string', value: logLevels.join('|'), help: 'this and what is worse (info)' },
    lines: { type: 'string', value: 'N', help: 'how many lines back (100)' },
    follow: { type: 'boolean', help: 'go on with what is written from now on, until Ctrl-C' },
    json: { type: 'boolean', help: 'a line of JSON each' },
    ...dataOption,
  },

  async run(_words, given) {
    const limit = numberOf(given, 'lines') ?? 100
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--lines takes a whole number from 1 on.')
    const search = { session: text(given, 'session'), level: oneOf(given, 'level', logLevels, 'info') }
    const folder = logFolder(readConfig(dataOf(given)).data)
    const show = (entry: LogEntry) => print(given.json === true ? JSON.stringify(entry) : inWords(entry))
    const { entries } = await readLog(folder, { ...search, limit })
    for (const entry of entries.reverse()) show(entry)
    if (given.follow === true) await follow(folder, matcher(search), show)
    return 0
  },
}

const inWords = ({ at, level, session, message }: LogEntry) =>
  `${at}  ${level.padEnd(5)}  ${(session ?? '').padEnd(12)}  ${message}`

const lookMs = 300

/** From the end of the file on; one that is set aside is read to its end before the next. */
async function follow(folder: string, matches: (line: string) => boolean, show: (entry: LogEntry) => void) {
  const ended = new AbortController()
  process.once('SIGINT', () => ended.abort())
  process.once('SIGTERM', () => ended.abort())
  let reader = await createReader(folder, true)
  while (!ended.signal.aborted) {
    const lines = (await reader?.lines()) ?? []
    for (const line of lines) {
      const entry = matches(line) ? parse(line) : undefined
      if (entry) show(entry)
    }
    if (lines.length === 0 && !(await reader?.isCurrent())) {
      await reader?.close()
      reader = await createReader(folder, false)
    }
    await sleep(lookMs, undefined, { signal: ended.signal }).catch(() => undefined) // Ctrl-C
  }
  await reader?.close()
}

/** Reads what is added to the file that is written now; undefined while there is none. */
async function createReader(folder: string, atEnd: boolean) {
  const name = path.join(folder, logFileName(0))
  const file = await open(name, 'r').catch(() => undefined)
  if (!file) return undefined
  const { ino, size } = await file.stat()
  let place = atEnd ? size : 0
  let held = ''
  return {
    async lines(): Promise<string[]> {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, place)
      place += bytesRead
      const parts = (held + buffer.toString('latin1', 0, bytesRead)).split('\n')
      held = parts.pop() ?? ''
      return parts.map((part) => Buffer.from(part, 'latin1').toString('utf8'))
    },
    async isCurrent(): Promise<boolean> {
      const now = await open(name, 'r').catch(() => undefined)
      const current = (await now?.stat())?.ino === ino
      await now?.close()
      return current
    },
    close: () => file.close(),
  }
}
