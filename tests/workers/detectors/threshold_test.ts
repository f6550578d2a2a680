/**
 * The threshold detector: where darkness begins, ends, and has its middle.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Measured } from '../../../workers/detectors/detector.ts'
import { thresholdDetector } from '../../../workers/detectors/threshold.ts'
import { film } from './film.ts'

const dark = suite('threshold detector')

/** Bright but for the stretches that are given: from first frame to the one after the last. */
function shaded(frames: number, stretches: [from: number, to: number][], pts?: number[]) {
  const brightness = new Float64Array(frames).fill(100)
  for (const [from, to] of stretches) brightness.fill(11, from, to)
  return film({ brightness }, pts)
}

const decide = (measured: Measured, threshold = 12) =>
  thresholdDetector.decide(measured, { threshold, minSceneLength: 5 })

dark('cuts in the middle of darkness, a half to the even side', () => {
  assert.equal(
    decide(
      shaded(60, [
        [20, 30],
        [40, 45],
      ]),
    ),
    [25, 42],
  )
  assert.equal(decide(shaded(60, [[20, 27]])), [24])
})

dark('cuts in the darkness that a film begins with, and where the one begins that it ends with', () => {
  assert.equal(
    decide(
      shaded(60, [
        [0, 10],
        [50, 60],
      ]),
    ),
    [5, 50],
  )
})

dark('leaves out darkness that ends too soon after the one before', () => {
  assert.equal(
    decide(
      shaded(60, [
        [0, 4],
        [20, 24],
        [26, 28],
        [40, 42],
      ]),
    ),
    [22, 41],
  )
})

dark('has no cut where all is dark or nothing is', () => {
  assert.equal(decide(shaded(60, [[0, 60]])), [])
  assert.equal(decide(shaded(60, [])), [])
})

dark('takes only the whole number of the threshold', () => {
  assert.equal(decide(shaded(60, [[20, 30]]), 11.9), [])
})

dark('finds the middle in time where frames are uneven', () => {
  const pts = Array.from({ length: 30 }, (_, frame) => (frame < 15 ? frame : frame + 20))
  assert.equal(decide(shaded(30, [[13, 18]], pts)), [15])
})

dark.run()
