/**
 * Which scenes share an encode, and where in it they lie.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { batchesOf, placeParts, planClipRuns, runGraph, soundGraph } from '../../../workers/media/clip_run.ts'

const test = suite('clip_run')

const rate = { num: 10, den: 1 }
const evenly = (count: number) => ({
  times: Float64Array.from({ length: count }, (_, n) => n / 10),
  duration: count / 10,
})
const stretch = (startFrame: number, endFrame: number) => ({ startFrame, endFrame })
const starts = (runs: { startFrame: number }[][]) =>
  runs.map((run) => run.map(({ startFrame }) => startFrame))

test('neighbours share a run, also over a short gap, but not over a long one', () => {
  const clips = [stretch(0, 20), stretch(20, 45), stretch(90, 100), stretch(151, 160), stretch(160, 180)]
  assert.equal(starts(planClipRuns(clips, evenly(200), rate)), [
    [0, 20, 90],
    [151, 160],
  ])
  assert.equal(planClipRuns([], evenly(200), rate), [])
})

test('however many scenes there are, a run has a bounded number', () => {
  const clips = Array.from({ length: 450 }, (_, n) => stretch(n, n + 1))
  assert.equal(
    planClipRuns(clips, evenly(450), rate).map((run) => run.length),
    [200, 200, 50],
  )
})

test('scenes whose frames are even alone stay apart from where they are not', () => {
  const { times } = evenly(40)
  const uneven = Float64Array.from(times, (time, n) => (n > 10 && n < 30 && n % 3 === 0 ? time + 0.04 : time))
  const clips = [stretch(0, 10), stretch(10, 20), stretch(20, 30), stretch(30, 40)]
  assert.equal(starts(planClipRuns(clips, { times: uneven, duration: 4 }, rate)), [[0], [10, 20], [30]])
  const moved = Float64Array.from(times, (time, n) => (n < 20 ? time : time + 0.05))
  assert.equal(starts(planClipRuns(clips, { times: moved, duration: 4.05 }, rate)), [
    [0, 10],
    [20, 30],
  ])
})

test('in a run each clip begins as the one before it ends', () => {
  const parts = placeParts([stretch(5, 10), stretch(10, 12), stretch(20, 30)], evenly(30), 100)
  assert.equal(
    parts.map(({ place, begins, frames }) => [place.toFixed(3), begins.toFixed(3), frames]),
    [
      ['0.000', '0.000', 5],
      ['0.500', '0.475', 2],
      ['0.700', '0.675', 10],
    ],
  )
  const graph = runGraph(parts, 0, ['format=yuv420p'])
  assert.match(graph, 'trim=start=100.475000,')
  assert.match(graph, "select='not(between(t,101.175000,101.975000))'")
  assert.match(graph, "setpts='PTS-round((100.500000+gte(T,101.975000)*0.800000)/TB)',format=yuv420p[v]")
})

test('a run without gaps selects nothing', () => {
  const graph = runGraph(placeParts([stretch(0, 10), stretch(10, 30)], evenly(30), 0), 2, [])
  assert.is(graph, "[0:2]trim=start_frame=0,setpts='PTS-round((0.000000)/TB)'[v]")
})

test('each clip has its own sound, as long as its picture', () => {
  const parts = placeParts([stretch(0, 10), stretch(10, 25)], evenly(30), 0)
  const graph = soundGraph(parts, 1, 48000)
  assert.match(graph, '[0:1]asplit=2[s0][s1];')
  assert.equal(
    Array.from(graph.matchAll(/end_sample=(\d+)/g), ([, count]) => count),
    ['48000', '72000'],
  )
})

test('a batch is finished after a few clips or a little film', () => {
  const cut = (length: number, count: number) =>
    batchesOf(
      placeParts(
        Array.from({ length: count }, (_, n) => stretch(n * length, (n + 1) * length)),
        evenly(length * count),
        0,
      ),
      { clips: 16, seconds: 20 },
    ).map((batch) => batch.length)
  assert.equal(cut(2, 40), [16, 16, 8])
  assert.equal(cut(90, 7), [3, 3, 1])
  assert.equal(cut(900, 2), [1, 1])
})

test.run()
