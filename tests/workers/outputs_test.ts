/**
 * Outputs appear whole, or not at all.
 */

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { place, sha256, workPath } from '../../workers/outputs.ts'
import { folder } from '../media.ts'

const test = suite('outputs')

const never = new AbortController().signal

function made(bytes = 10) {
  const where = folder()
  const file = path.join(where, 'made.bin')
  writeFileSync(file, randomBytes(bytes))
  return { file, target: path.join(where, 'a', 'b', 'Final.MP4') }
}

test('a file is moved under its final name, and described', async () => {
  const { file, target } = made()
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  const facts = { role: 'clip', scene: 3 } as const
  const emitted = await place(file, target, facts, { startedAt: performance.now() - 500, signal: never })
  assert.not.ok(existsSync(file))
  assert.ok(existsSync(target))
  const { seconds, ...rest } = emitted
  assert.equal(rest, { role: 'clip', scene: 3, path: target, bytes: 10, sha256: digest, format: 'mp4' })
  assert.ok(seconds >= 0.5 && seconds < 5)
})

test('what has the name already is replaced', async () => {
  const { file, target } = made()
  const facts = { role: 'clip' } as const
  await place(file, target, facts, { startedAt: 0, signal: never })
  writeFileSync(file, 'second')
  await place(file, target, facts, { startedAt: 0, signal: never })
  assert.is(readFileSync(target, 'utf8'), 'second')
})

test('nothing is moved once the work is cancelled', async () => {
  const { file, target } = made()
  try {
    await place(
      file,
      target,
      { role: 'clip' },
      { startedAt: 0, signal: AbortSignal.abort(new Error('cancelled')) },
    )
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'cancelled')
  }
  assert.not.ok(existsSync(target))
})

test('a checksum is made in steps, each told', async () => {
  const { file } = made(9_000_000)
  let told = 0
  let steps = 0
  const digest = await sha256(file, never, (bytes) => {
    told += bytes
    steps++
  })
  assert.is(digest, createHash('sha256').update(readFileSync(file)).digest('hex'))
  assert.is(told, 9_000_000)
  assert.ok(steps > 1)
})

test('a work path never leaves the work folder', () => {
  const job = { folders: { project: '/p', work: '/w', rd: null } }
  assert.is(workPath(job, '../../etc/passwd'), path.join('/w', 'passwd'))
})

test.run()
