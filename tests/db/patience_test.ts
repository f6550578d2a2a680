/**
 * A database that another process has locked is waited for, and nothing else waits with it.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import Sqlite from 'better-sqlite3'
import { patient } from '../../db/patience.ts'
import { folder } from '../media.ts'
import { addSession, freshDatabase, refusal } from './fixture.ts'

const test = suite('patience')

test('what another process has locked is written once it lets go, and the event loop turns meanwhile', async () => {
  const file = path.join(folder(), 'cutroom.db')
  const db = await freshDatabase(file)
  const { child, letGo } = await lockElsewhere(file)
  const ended = once(child, 'exit') // it may have ended before anybody waits for it
  let turns = 0
  const turning = setInterval(() => (turns += 1), 10)
  const done: string[] = []
  const single = db
    .updateTable('setting')
    .set({ value: '7' })
    .where('key', '=', 'parallel_workers')
    .execute()
    .then(() => done.push('single'))
  const many = db
    .transaction()
    .execute((tx) => addSession(tx))
    .then(() => done.push('many'))
  await new Promise((resolve) => setTimeout(resolve, 700))
  assert.equal(done, [], 'both wait')
  assert.ok(turns >= 5, `the event loop turned ${turns} times`)
  letGo()
  await Promise.all([single, many])
  clearInterval(turning)
  const setting = await db
    .selectFrom('setting')
    .select('value')
    .where('key', '=', 'parallel_workers')
    .executeTakeFirstOrThrow()
  assert.is(setting.value, '7')
  assert.is((await db.selectFrom('session').selectAll().execute()).length, 1)
  await ended
  await db.destroy()
})

test('who waits too long is told so, and any other error at once', async () => {
  const busy = new Sqlite.SqliteError('database is locked', 'SQLITE_BUSY')
  const tooLong = () => new Error('held too long')
  let tries = 0
  const fails = (error: Error) => ({
    executeQuery: async () => {
      tries += 1
      throw error
    },
    streamQuery: () => {
      throw error
    },
  })
  const query = {} as Parameters<ReturnType<typeof patient>['executeQuery']>[0]
  const ask = (error: Error, inTransaction: boolean) => {
    tries = 0
    return refusal(patient(fails(error), { inTransaction }, tooLong, 60).executeQuery(query))
  }
  assert.is((await ask(busy, false)).message, 'held too long')
  assert.ok(tries > 1)
  assert.is(await ask(busy, true), busy)
  assert.is(tries, 1)
  const full = new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
  assert.is(await ask(full, false), full)
  assert.is(tries, 1)
})

test.run()

/** A process that holds the write lock until it is told to let go. */
async function lockElsewhere(file: string): Promise<{ child: ChildProcess; letGo(): void }> {
  const program = `
    const handle = new (require('better-sqlite3'))(${JSON.stringify(file)})
    handle.exec('begin immediate')
    console.log('locked')
    process.stdin.once('data', () => { handle.exec('commit'); process.exit() })`
  const cwd = path.resolve(import.meta.dirname, '../..')
  const child = spawn(process.execPath, ['-e', program], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return { child, letGo: () => void child.stdin.write('go\n') }
}
