import { execFileSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../../db/open.ts'
import { operationsOf } from '../../../db/operations.ts'
import { findSession } from '../../../db/sessions.ts'
import { databasePath } from '../../../server/open.ts'
import { cutsClip } from '../../media.ts'
import { createShell, endChildren, until } from './run.ts'

const serve = suite('cutroom serve')

const shell = createShell()
const film = () => cutsClip('film.mp4', [50, 50, 50, 50], { size: '640x360' })

/** Starts a server from a folder that is not the project's, and waits for its address. */
async function server(...args: string[]) {
  const { child, ended } = shell.start('serve', '--port', '0', ...args)
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(() => said.includes('http://'))
  return { child, ended, address: /http:\S+/.exec(said)?.[0] ?? '' }
}

const ffmpegs = () =>
  execFileSync('ps', ['-eo', 'args'])
    .toString()
    .split('\n')
    .filter((line) => line.includes(shell.data) && /ffmpeg/.test(line.split(' ')[0] ?? ''))

serve('takes up what a killed shell and a killed server left, and goes on by itself', async () => {
  const first = await server()
  assert.is((await fetch(first.address)).status, 200)
  const archive = shell.start('archive', film(), '--artwork', 'Tide')
  let said = ''
  archive.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(() => /^Session (\S+)/.test(said) && ffmpegs().length > 0)
  const key = /^Session (\S+)/.exec(said)?.[1] ?? ''
  const db = openDatabase(databasePath({ data: shell.data }))
  const session = async () => await findSession(db, key)
  const isOwnedBy = async (pid?: number) => (await session())?.owner?.includes(`:${pid}:`)

  archive.child.kill('SIGKILL')
  await until(() => isOwnedBy(first.child.pid))
  first.child.kill('SIGKILL')
  await first.ended

  const second = await server()
  await until(async () => (await isOwnedBy(second.child.pid)) && ffmpegs().length > 0)
  second.child.kill('SIGTERM')
  assert.is((await second.ended).code, 0)
  assert.equal(ffmpegs(), [])
  const rested = await session()
  assert.is(rested?.owner, null)
  assert.is(rested?.status, 'processing')

  const third = await server()
  await until(async () => (await session())?.status === 'completed')
  const operations = await operationsOf(db, rested?.id ?? 0)
  assert.ok(operations.every(({ status }) => status === 'completed'))
  third.child.kill('SIGTERM')
  await third.ended
  await db.destroy()
})

serve('a port that is taken or cannot be one is told in one line', async () => {
  const { child, ended, address } = await server()
  for (const port of [new URL(address).port, '70000', 'web']) {
    const ran = await shell.run('serve', '--port', port)
    assert.is(ran.code, 1)
    assert.is(ran.stdout, '')
    // A machine that is slow enough has that told, too.
    const lines = ran.stderr.trim().split('\n')
    assert.is(lines.filter((line) => !line.startsWith('The database took')).length, 1, ran.stderr)
  }
  child.kill('SIGTERM')
  assert.is((await ended).code, 0)
})

serve.after(endChildren)
serve.run()
