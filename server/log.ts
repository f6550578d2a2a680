/**
 * The log: lines of JSON in `<data>/logs`, and what a person should know at once on stderr, in words.
 */

import path from 'node:path'
import { pino } from 'pino'
import type { Db } from '../db/schema.ts'
import { settings, type Settings } from '../db/settings.ts'
import { failureOf } from '../workers/failure.ts'
import { createLogFile } from './log_file.ts'
import type { Log } from './services.ts'

export interface OpenLog extends Log {
  /** Lines below this are not written from now on. */
  setLevel(level: Settings['log_level']): void
  close(): Promise<void>
}

export const logFolder = (data: string) => path.join(data, 'logs')

/** Where a setting is changed, by this process or another, the log follows within this time. */
const followMs = 2000

export interface LogOptions {
  folder: string
  level?: Settings['log_level']
  /** Takes a line of words for whoever looks at the process: warnings and errors. */
  say(line: string): void
}

export function createLog({ folder, level = 'INFO', say }: LogOptions): OpenLog {
  const file = createLogFile(folder, {
    onError: (error) => say(`The log cannot be written: ${failureOf(error).message}`),
  })
  const logger = pino(
    {
      level: levels[level],
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    { write: (line: string) => file.write(withoutSecrets(line)) },
  )
  return {
    debug: (message, facts = {}) => logger.debug(facts, message),
    info: (message, facts = {}) => logger.info(facts, message),
    warn(message, facts = {}) {
      say(withoutSecrets(message))
      logger.warn(facts, message)
    },
    error(error, facts = {}) {
      const { message } = error instanceof Error ? error : new Error(String(error))
      say(withoutSecrets(message))
      logger.error({ ...facts, error }, message)
    },
    setLevel(wanted) {
      logger.level = levels[wanted]
    },
    close: file.close,
  }
}

/** Keeps the log at the level that the setting says. @returns what ends that. */
export function followLevel(db: Db, log: OpenLog): () => void {
  const follow = () =>
    settings(db).then(
      ({ log_level }) => log.setLevel(log_level),
      () => undefined, // a setting that cannot be read is told where it is needed
    )
  void follow()
  const timer = setInterval(() => void follow(), followMs).unref()
  return () => clearInterval(timer)
}

const levels = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const

/**
 * The line, or any text, with what nobody should read taken out: values of names that hold secrets, as JSON or in an
 * address or header, and what stands before the @ of a URL.
 */
export const withoutSecrets = (line: string): string =>
  line
    .replace(secretInJson, '$1"[removed]"')
    .replace(secretInText, '$1[removed]')
    .replace(userInUrl, '$1[removed]@')

const names =
  '[\\w-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credentials?|authorization|cookie)'
const secretInJson = new RegExp(`("${names}"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\]|[\\d.]+)`, 'gi')
const secretInText = new RegExp(`\\b(${names}\\s*[=:]\\s*(?:bearer\\s+|basic\\s+)?)[^\\s"'&,;\\\\]+`, 'gi')
const userInUrl = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s"'/@\\]+@/gi
