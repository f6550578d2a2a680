/**
 * Outputs appear whole, or not at all.
 */

import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { place, sha256, workPath } from '../../workers/outputs.ts'
import { OperationError } from '../../workers/operation.ts'
import { folder, make } from '../media.ts'

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

/** A file whose frames are several kilobytes each, and images. */
const noise = (name: string) =>
  make(name, [
    ...['-f', 'lavfi', '-i', 'nullsrc=size=256x144:rate=25:duration=0.4,geq=random(1)*255:128:128'],
    ...(name.endsWith('.mp4') ? ['-c:v', 'libx264', '-preset', 'ultrafast'] : ['-frames:v', '1']),
  ])

function spoilt(name: string, spoil: (file: string, bytes: Buffer) => void) {
  const file = path.join(folder(), name)
  copyFileSync(noise(name), file)
  spoil(file, readFileSync(file))
  return file
}

/** As a file looks that was cut short while somebody still wrote to it. */
const drill = (file: string, bytes: Buffer) => writeFileSync(file, bytes.fill(0, 6000, 7500))
const shorten = (file: string, bytes: Buffer) => truncateSync(file, bytes.length - 20)

test('what is not whole gets no final name', async () => {
  const how = { startedAt: 0, signal: never }
  for (const [name, spoil, words] of [
    ['noise.mp4', drill, 'a part of it was never written'],
    ['noise.mp4', shorten, 'its end is missing'],
    ['noise.jpg', shorten, 'its end is missing'],
    ['noise.png', shorten, 'its end is missing'],
  ] as const) {
    const target = path.join(folder(), name)
    const facts = { role: name.endsWith('.mp4') ? 'clip' : 'still_web' } as const
    try {
      await place(spoilt(name, spoil), target, facts, how)
      assert.unreachable(`${name} has its name`)
    } catch (error) {
      assert.ok(error instanceof OperationError && error.code === 'not_whole', String(error))
      assert.match((error as Error).message, words)
    }
    assert.not.ok(existsSync(target))
    await place(
      spoilt(name, () => undefined),
      target,
      facts,
      how,
    )
    assert.ok(existsSync(target))
  }
  // Others may fill up their streams with zeros: what was only copied is as it was.
  const copied = { role: 'master_web', settings: { copied: 'picture' } } as const
  const target = path.join(folder(), 'noise.mp4')
  await place(spoilt('noise.mp4', drill), target, copied, how)
})

/** A signal that does something each time it is asked, as whoever else works with the file may at that instant. */
function instants(act: (instant: number) => void): AbortSignal {
  const { signal } = new AbortController()
  let instant = 0
  return Object.assign(signal, { throwIfAborted: () => act(instant++) })
}

test('what is cut short at any instant on its way to its name does not get it, or has a row that says so', async () => {
  const facts = { role: 'still_hq' } as const
  let seen = 0
  const count = () => void seen++
  const whole = spoilt('noise.png', () => undefined)
  await place(whole, path.join(folder(), 'noise.png'), facts, { startedAt: 0, signal: instants(count) })
  assert.ok(seen >= 3)
  for (let instant = 0; instant < seen; instant++) {
    const file = spoilt('noise.png', () => undefined)
    const target = path.join(folder(), 'noise.png')
    const signal = instants((now) => now === instant && truncateSync(file, 3185))
    const error = await place(file, target, facts, { startedAt: 0, signal }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof OperationError && error.code === 'not_whole', `${instant}: ${String(error)}`)
    assert.not.ok(existsSync(target))
  }
})

test('a copy that has lost its end since it was compared gets no final name', async () => {
  const { file, target } = made()
  const content = { bytes: 10, sha256: await sha256(file, never) }
  truncateSync(file, 4)
  try {
    await place(file, target, { role: 'master' }, { startedAt: 0, signal: never, content })
    assert.unreachable('it has its name')
  } catch (error) {
    assert.match((error as Error).message, 'its end is missing')
  }
  assert.not.ok(existsSync(target))
})

test('a checksum is made in steps, each told', async () => {
  const { file } = made(9_000_000)
  let told = 0
  let steps = 0
  const digest = await sha256(file, never, ({ length }) => {
    told += length
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
