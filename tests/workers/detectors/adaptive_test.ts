/**
 * The adaptive detector: what stands out from its neighbours.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adaptiveDetector } from '../../../workers/detectors/adaptive.ts'
import { filmOfScores } from './film.ts'

const adaptive = suite('adaptive detector')

const level = (value: number, peaks: Record<number, number>, frames = 30) =>
  filmOfScores(Array.from({ length: frames }, (_, frame) => peaks[frame] ?? value))

const settings = { threshold: 3, minSceneLength: 5 }

adaptive('holds a frame against the two before and the two after it', () => {
  const scores = adaptiveDetector.scores(level(10, { 10: 40, 11: 20 }))
  assert.is(scores[10], 40 / ((10 + 10 + 20 + 10) / 4))
  assert.is(scores[9], 10 / ((10 + 10 + 40 + 20) / 4))
  assert.equal([...scores.subarray(0, 2), ...scores.subarray(28)], [0, 0, 0, 0])
})

adaptive('finds a cut that stands out, and none in steady motion', () => {
  assert.equal(adaptiveDetector.decide(level(10, { 10: 30 }), settings), [10])
  assert.equal(adaptiveDetector.decide(level(40, {}), settings), [])
})

adaptive('takes no cut with little change, and any great one where all is still around it', () => {
  assert.equal(adaptiveDetector.decide(level(1, { 10: 14.9 }), settings), [])
  assert.equal(adaptiveDetector.decide(level(0, { 10: 15 }), settings), [10])
  assert.is(adaptiveDetector.scores(level(0, { 10: 15 }))[10], 255)
})

adaptive('counts the length of a scene from its cut to two frames after the next', () => {
  assert.equal(adaptiveDetector.decide(level(1, { 2: 30 }), settings), [])
  assert.equal(adaptiveDetector.decide(level(1, { 3: 30, 5: 30, 6: 30 }), settings), [3, 6])
})

adaptive.run()
