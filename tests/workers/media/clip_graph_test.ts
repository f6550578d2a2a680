/**
 * Stretches, parts and ticks.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  clipGraph,
  mergeAdjacent,
  partOf,
  seekMargins,
  seekOptions,
} from '../../../workers/media/clip_graph.ts'

const test = suite('clip_graph')

const times = Float64Array.from({ length: 10 }, (_, n) => n / 10)
const stretch = (startFrame: number, endFrame: number) => ({ startFrame, endFrame })

test('stretches that follow each other are taken in one go, in any other order they are not', () => {
  assert.equal(mergeAdjacent([stretch(0, 3), stretch(3, 5), stretch(7, 9)]), [stretch(0, 5), stretch(7, 9)])
  assert.equal(mergeAdjacent([stretch(3, 5), stretch(0, 3)]), [stretch(3, 5), stretch(0, 3)])
  const given = [stretch(0, 3), stretch(3, 5)]
  mergeAdjacent(given)
  assert.equal(given, [stretch(0, 3), stretch(3, 5)], 'what was given stays as it was')
})

test('a part is bounded between frames, nearer the later one, and not at all at the ends of the video', () => {
  const middle = partOf(stretch(3, 5), times, 1, 100)
  assert.equal(
    [middle.from, middle.to].map((time) => time?.toFixed(3)),
    ['100.275', '100.475'],
  )
  assert.is(middle.duration.toFixed(6), '0.200000')
  const whole = partOf(stretch(0, 10), times, 1, 0)
  assert.equal([whole.from, whole.to, whole.duration], [null, null, 1])
})

test('the sound of a clip made of parts has as many samples as its picture lasts, without errors adding up', () => {
  const thirds = Float64Array.from({ length: 31 }, (_, n) => n / 30.3)
  const parts = Array.from({ length: 10 }, (_, n) => partOf(stretch(n * 3, n * 3 + 3), thirds, 31 / 30.3, 0))
  const graph = clipGraph(parts, { video: 0, audio: 1, sampleRate: 44100, filters: [] })
  const samples = Array.from(graph.matchAll(/end_sample=(\d+)/g), ([, count]) => Number(count))
  assert.is(
    samples.reduce((a, b) => a + b, 0),
    Math.round((30 / 30.3) * 44100),
  )
})

test('a file is opened near a part only where its seeks can be trusted', () => {
  assert.is(seekMargins('mov,mp4,m4a,3gp,3g2,mj2', 'prores')[0], 0.25)
  assert.is(seekMargins('mov,mp4,m4a,3gp,3g2,mj2', 'h264')[0], 1.5)
  assert.is(seekMargins('mpegts', 'h264')[0], 12)
  assert.equal(seekMargins('avi', 'h264'), [null])
  const part = partOf(stretch(5, 8), times, 1, 100)
  assert.equal(seekOptions(part, 100, 12), [], 'never before the first frame')
  assert.equal(seekOptions(part, 100, 0.25).slice(-1), ['100.225000'])
})

test.run()
