/**
 * Statements on a connection of its own in a thread of its own: what takes seconds on a big database holds up no page.
 */

import { Worker } from 'node:worker_threads'
import { handleOf } from './open.ts'
import type { Db } from './schema.ts'

export type Rows = Record<string, unknown>[]

/**
 * Runs statements one after the other, each by itself, with a rest after a long one for others to write in. A database in memory
 * has one connection: there they run here.
 * @returns the rows of each.
 * @throws the first statement's error that fails; what `signal` was aborted with, once the statement at hand has ended.
 */
export function runBeside(db: Db, statements: readonly string[], signal?: AbortSignal): Promise<Rows[]> {
  signal?.throwIfAborted()
  const handle = handleOf(db)
  if (handle.memory) return Promise.resolve(statements.map((statement) => rowsHere(db, statement)))
  return inThread<Rows>(statementsProgram, { file: handle.name, statements, longMs, restMs }, signal)
}

/**
 * Copies the whole database, as it is at one instant, by SQLite's online backup into a plain file without a journal, which is on
 * the disk when this settles. Others read and write meanwhile.
 */
export async function copyBeside(db: Db, target: string): Promise<void> {
  const handle = handleOf(db)
  if (handle.memory) await handle.backup(target)
  else await inThread(copyProgram, { file: handle.name, target })
}

/** @returns what the program posted. @throws what it throws; what `signal` was aborted with. */
function inThread<T>(program: string, data: Record<string, unknown>, signal?: AbortSignal): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: { from: import.meta.url, ...data } })
    const end = () => void worker.terminate()
    const results: T[] = []
    let failure: Error | undefined
    signal?.addEventListener('abort', end, { once: true })
    worker.on('message', (result: T) => results.push(result))
    worker.on('error', (error: Error) => (failure = error))
    worker.on('exit', () => {
      signal?.removeEventListener('abort', end)
      if (failure) reject(failure)
      else if (signal?.aborted) reject(signal.reason as Error)
      else resolve(results)
    })
  })
}

function rowsHere(db: Db, statement: string): Rows {
  const prepared = handleOf(db).prepare<[], Record<string, unknown>>(statement)
  if (prepared.reader) return prepared.all()
  prepared.run()
  return []
}

/** After a statement that took so long somebody may wait to write; the rest is longer than SQLite's own waits. */
const [longMs, restMs] = [20, 120]

/**
 * Plain JavaScript, since a thread of a single executable has no files of ours to load; better-sqlite3 is found from
 * where this module is.
 */
const statementsProgram = `
  const { parentPort, workerData } = require('node:worker_threads')
  const Sqlite = require('node:module').createRequire(workerData.from)('better-sqlite3')
  const handle = new Sqlite(workerData.file, { timeout: 10000, fileMustExist: true })
  const rest = new Int32Array(new SharedArrayBuffer(4))
  try {
    for (const text of workerData.statements) {
      const began = performance.now()
      const statement = handle.prepare(text)
      parentPort.postMessage(statement.reader ? statement.all() : (statement.run(), []))
      if (performance.now() - began > workerData.longMs) Atomics.wait(rest, 0, 0, workerData.restMs)
    }
  } finally {
    handle.close()
  }
`

/** In one step: then nobody who writes makes it begin anew. */
const copyProgram = `
  const { workerData } = require('node:worker_threads')
  const { closeSync, fsyncSync, openSync } = require('node:fs')
  const Sqlite = require('node:module').createRequire(workerData.from)('better-sqlite3')
  const handle = new Sqlite(workerData.file, { timeout: 10000, fileMustExist: true, readonly: true })
  handle.backup(workerData.target, { progress: () => 0x7fffffff }).then(() => {
    handle.close()
    const copy = new Sqlite(workerData.target)
    copy.pragma('journal_mode = delete')
    copy.close()
    const file = openSync(workerData.target, 'r')
    fsyncSync(file)
    closeSync(file)
  })
`
