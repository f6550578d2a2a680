/**
 * Frames counted without decoding one.
 */

import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countPictures, findGap } from '../../../workers/media/mp4.ts'
import { readBytes } from '../../../workers/read_bytes.ts'
import { make } from '../../media.ts'

const test = suite('mp4')

const count = (file: string) =>
  countPictures((offset, length) => readBytes(file, offset, length), statSync(file).size)

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=1.48']
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1.48']

test('the frames of the picture are counted, wherever the tables and the sound lie', async () => {
  assert.is(await count(make('tables-last.mp4', [...sound, ...picture, '-c:v', 'libx264'])), 37)
  const first = make('tables-first.mp4', [
    ...[...sound, ...picture, '-map', '0', '-map', '1', '-c:v', 'libx264', '-movflags', '+faststart'],
  ])
  assert.is(await count(first), 37)
})

test('what has no picture, or is no MP4, has no frames', async () => {
  assert.is(await count(make('only-sound.mp4', sound)), 0)
  assert.is(await count(make('other.mkv', [...picture, '-c:v', 'libx264'])), 0)
})

const gapIn = (file: string, frames: number | null) =>
  findGap((offset, length) => readBytes(file, offset, length), statSync(file).size, frames)

test('what is not all there is found, whatever is missing', async () => {
  const size = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=1.48']
  const whole = make('whole.mp4', [...sound, ...size, '-c:v', 'libx264', '-movflags', '+faststart'])
  assert.is(await gapIn(whole, 37), null)
  assert.match(String(await gapIn(whole, 38)), '37 frames instead of 38')
  const torn = path.join(path.dirname(whole), 'torn.mp4')
  for (const part of [0.9999, 0.6]) {
    copyFileSync(whole, torn)
    truncateSync(torn, Math.floor(statSync(whole).size * part))
    assert.match(String(await gapIn(torn, 37)), 'its end is missing')
  }
  const last = make('last.mp4', [...sound, ...size, '-c:v', 'libx264'])
  assert.is(await gapIn(last, 37), null)
  copyFileSync(last, torn)
  truncateSync(torn, statSync(last).size - 3000) // as an ffmpeg leaves it that could not write its tables
  assert.match(String(await gapIn(torn, 37)), 'its tables are missing')
  const bytes = readFileSync(whole)
  bytes.fill(0, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.8)) // a hole, as a cut while it is written leaves
  writeFileSync(torn, bytes)
  assert.match(String(await gapIn(torn, 37)), 'is not there')
})

test.run()
