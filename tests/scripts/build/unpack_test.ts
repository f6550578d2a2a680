import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { joinPack, type Packed } from '../../../scripts/build/pack.ts'
import { cacheFolders, unpackOnce } from '../../../scripts/build/unpack.ts'
import { folder } from '../../media.ts'

const unpack = suite('unpacking the executable')

const files = { 'cutroom.cjs': 'main', 'bin/tool': '#!/bin/sh', 'deep/er/empty': '' }

/** @param spoil changes what the list claims of a file. */
function makePack(spoil: Partial<Packed> = {}): Buffer {
  let at = 0
  const parts = Object.values(files).map((text) => gzipSync(text))
  const list = Object.entries(files).map(([name, text], i) => {
    const length = parts[i]?.length ?? 0
    const sha256 = createHash('sha256').update(text).digest('hex')
    const mode = name.startsWith('bin') ? 0o755 : 0o644
    at += length
    return { path: name, mode, bytes: text.length, sha256, at: at - length, length, ...spoil }
  })
  return joinPack(list, parts)
}

const complaintOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'none',
    (error: Error) => error.message,
  )

unpack('what was packed lies there as it was, and is not unpacked again', async () => {
  const place = path.join(folder(), 'cache')
  const made = await unpackOnce([place], 'abc', () => makePack())
  assert.is(made, path.join(place, 'abc'))
  for (const [name, text] of Object.entries(files))
    assert.is(readFileSync(path.join(made, name), 'utf8'), text)
  assert.is(statSync(path.join(made, 'bin/tool')).mode & 0o777, 0o755)
  const again = await unpackOnce([place], 'abc', () => {
    throw new Error('it is there already')
  })
  assert.is(again, made)
  assert.equal(readdirSync(place), ['abc'])
})

unpack('a file that was cut short or taken away is put back', async () => {
  const place = folder()
  const made = await unpackOnce([place], 'abc', () => makePack())
  truncateSync(path.join(made, 'cutroom.cjs'), 2)
  await unpackOnce([place], 'abc', () => makePack())
  assert.is(readFileSync(path.join(made, 'cutroom.cjs'), 'utf8'), 'main')
})

unpack('a damaged pack leaves nothing behind', async () => {
  const place = folder()
  const spoilt = () => makePack({ sha256: 'another' })
  assert.match(await complaintOf(unpackOnce([place], 'abc', spoilt)), /damaged; copy the executable anew/)
  assert.equal(readdirSync(place), [])
})

unpack('two that start at once use the same folder', async () => {
  const place = folder()
  const both = await Promise.all([1, 2].map(() => unpackOnce([place], 'abc', () => makePack())))
  assert.equal(both, [path.join(place, 'abc'), path.join(place, 'abc')])
  assert.equal(readdirSync(place), ['abc'])
})

unpack('two contents lie side by side', async () => {
  const place = folder()
  await unpackOnce([place], 'old', () => makePack())
  await unpackOnce([place], 'new', () => makePack())
  assert.equal(readdirSync(place).toSorted(), ['new', 'old'])
})

unpack(
  'where the first place cannot be written the next one is taken, and with none it says what to do',
  async () => {
    const base = folder()
    const file = path.join(base, 'a file')
    writeFileSync(file, '')
    const second = path.join(base, 'second')
    mkdirSync(second)
    const made = await unpackOnce([path.join(file, 'below'), second], 'abc', () => makePack())
    assert.is(made, path.join(second, 'abc'))
    assert.match(
      await complaintOf(unpackOnce([path.join(file, 'below')], 'abc', () => makePack())),
      'CUTROOM_CACHE',
    )
  },
)

unpack('the cache lies where one is told, where the system keeps such things, or by the data', () => {
  assert.equal(cacheFolders({ CUTROOM_CACHE: '/c', HOME: '/home/ann' }, [], '/app'), ['/c'])
  assert.equal(cacheFolders({ HOME: '/home/ann' }, [], '/app'), [
    '/home/ann/.cache/cutroom',
    '/app/data/cache/program',
  ])
  assert.equal(cacheFolders({ XDG_CACHE_HOME: '/x', CUTROOM_DATA: '/d' }, [], '/app'), [
    '/x/cutroom',
    '/d/cache/program',
  ])
  assert.equal(cacheFolders({}, ['serve', '--data', '/e'], '/app'), ['/e/cache/program'])
  assert.equal(cacheFolders({}, ['serve', '--data=/e'], '/app'), ['/e/cache/program'])
})

unpack.run()
