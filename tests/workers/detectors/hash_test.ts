/**
 * The hash detector: OpenCV's rounding in pictures of every shape, and cuts that keep their distance.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hashDetector, hashes } from '../../../workers/detectors/hash.ts'
import { measureDrawn } from './drawn.ts'
import { film } from './film.ts'

const hash = suite('hash detector')

/** Bits that differ, as PySceneDetect 0.7.1 with OpenCV 4.6 has it. */
const expected: [width: number, height: number, bits: number[]][] = [
  [256, 106, [21, 34, 29, 5, 32, 34]],
  [256, 144, [3, 34, 33, 5, 32, 36]],
  [109, 256, [1, 32, 31, 5, 32, 36]],
  [32, 32, [3, 32, 36, 6, 32, 24]],
  [200, 84, [2, 33, 31, 5, 32, 30]],
  [256, 9, [0, 31, 36, 6, 32, 26]],
  [24, 10, [6, 31, 29, 5, 32, 30]],
  [7, 256, [2, 31, 31, 5, 32, 30]],
  [3, 2, [1, 17, 16, 3, 18, 16]],
  [17, 20, [0, 31, 27, 5, 32, 36]],
]

for (const [width, height, bits] of expected) {
  hash(`has OpenCV’s bits in drawn pictures of ${width} by ${height}`, () => {
    assert.equal(
      measureDrawn(hashes, width, height).map((distance) => distance * 64),
      bits,
    )
  })
}

hash('cuts where the threshold is reached, but not too soon after the last cut', () => {
  const distances = Array.from({ length: 30 }, () => 0.1)
  for (const frame of [3, 10, 14, 16, 20]) distances[frame] = 0.35
  const settings = { threshold: 0.35, minSceneLength: 5 }
  assert.equal(hashDetector.decide(film({ hashDistance: distances }), settings), [10, 16])
  assert.equal(
    hashDetector.decide(film({ hashDistance: distances }), { ...settings, minSceneLength: 0 }),
    [3, 10, 14, 16, 20],
  )
  assert.equal(hashDetector.decide(film({ hashDistance: distances }), { ...settings, threshold: 0.36 }), [])
})

hash.run()
