/**
 * Answers the questions that the page asks of the database, on a connection that can only read.
 */

import Sqlite from 'better-sqlite3'
import { type Browse, browse, LookError, lookAt, query } from './look.ts'
import { checkDatabase } from './check.ts'

export type Question =
  | { ask: 'look' }
  | ({ ask: 'browse' } & Browse)
  | { ask: 'query'; text: string; limit: number }
  | { ask: 'check'; file: string }

export type Answer = { answer: unknown } | { problem: { code: string; message: string } }

export function answer(file: string, question: Question): Answer {
  if (question.ask === 'check') return { answer: checkDatabase(question.file) }
  let handle: Sqlite.Database | undefined
  try {
    handle = new Sqlite(file, { readonly: true, fileMustExist: true })
    // What is sorted stays in memory, which is watched, rather than fill a disk, which is not.
    handle.pragma('temp_store = memory')
    return { answer: ask(handle, question) }
  } catch (error) {
    const code = error instanceof LookError ? error.code : 'wrong'
    return { problem: { code, message: (error as Error).message } }
  } finally {
    handle?.close()
  }
}

function ask(handle: Sqlite.Database, question: Exclude<Question, { ask: 'check' }>): unknown {
  if (question.ask === 'look') return lookAt(handle)
  if (question.ask === 'browse') return browse(handle, question)
  return query(handle, question.text, question.limit)
}
