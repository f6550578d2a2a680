/**
 * The content detector: what it measures and what it decides. What the peer says of films is in goldens_test.ts.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changes, contentDetector, contentScores } from '../../../workers/detectors/content.ts'
import { openKernel } from '../../../workers/detectors/kernel/kernel.ts'
import { detectorNamed } from '../../../workers/detectors/mod.ts'
import { placeSmall } from '../../../workers/detectors/sampler.ts'
import { roundHalfEven } from '../../../workers/detectors/small_image.ts'
import { filmOfScores } from './film.ts'

const pure = suite('content detector')

const still = (frames: number) => Array.from({ length: frames }, () => 0)
const decide = (scores: number[], threshold = 30) =>
  contentDetector.decide(filmOfScores(scores), { threshold, minSceneLength: 5 })

pure('cuts where the threshold is reached, not only passed', () => {
  assert.equal(decide([...still(6), 30, ...still(6), 29.999, ...still(6)]), [6])
})

pure('takes a new threshold without measuring again', () => {
  const scores = [...still(6), 40, ...still(6), 20, ...still(6)]
  assert.equal(decide(scores, 30), [6])
  assert.equal(decide(scores, 15), [6, 13])
  assert.equal(decide(scores, 41), [])
})

pure('never counts frame 0 as a cut', () => {
  const nothing = { threshold: 0, minSceneLength: 0 }
  assert.equal(contentDetector.decide(filmOfScores(still(4)), nothing), [1, 2, 3])
})

pure('measures the mean change of hue, saturation and brightness', () => {
  const small = placeSmall(openKernel(0), 2, 1)
  const measure = changes.start(small)
  const values = new Float64Array(4)
  const show = (...pixels: [blue: number, green: number, red: number][]) => {
    small.blue.set(pixels.map(([blue]) => blue))
    small.green.set(pixels.map(([, green]) => green))
    small.red.set(pixels.map(([, , red]) => red))
    measure(values)
  }
  show([0, 0, 255], [10, 10, 10])
  assert.equal([...values], [0, 0, 0, 47.5])
  show([255, 0, 0], [30, 30, 30])
  // Red to blue: hue 0 to 120 of 180, saturation and brightness full on both sides.
  assert.equal([...values], [60, 0, 10, 57.5])
  assert.is(contentScores(filmOfScores([1, 2]))[1], 2)
})

pure('has the hue and saturation of OpenCV for every colour of a coarse cube', () => {
  const steps = Array.from({ length: 32 }, (_, i) => Math.min(255, i * 8 + (i % 8)))
  const colours = steps.flatMap((b) => steps.flatMap((g) => steps.map((r) => [b, g, r] as const)))
  const small = placeSmall(openKernel(0), 32, 1024)
  const measure = changes.start(small)
  const values = new Float64Array(4)
  measure(values) // black, from which every change is the value itself
  colours.forEach(([b, g, r], i) => {
    small.blue[i] = b
    small.green[i] = g
    small.red[i] = r
  })
  measure(values)
  const sums = colours.map(hsv).reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
  assert.equal(
    [...values.subarray(0, 3)],
    sums.map((sum) => sum / colours.length),
  )
})

/** OpenCV's 8-bit conversion, by its definition. */
function hsv([b, g, r]: readonly [number, number, number]): [number, number, number] {
  const value = Math.max(b, g, r)
  const span = value - Math.min(b, g, r)
  const turn = r === value ? g - b : g === value ? b - r + 2 * span : r - g + 4 * span
  const part = (factor: number, scale: number, whole: number) =>
    whole === 0 ? 0 : (factor * roundHalfEven((scale * 4096) / whole) + 2048) >> 12
  const hue = part(turn, 30, span)
  return [hue < 0 ? hue + 180 : hue, part(span, 255, value), value]
}

pure('is found by its name, and nothing else is', () => {
  assert.is(detectorNamed('content'), contentDetector)
  assert.throws(() => detectorNamed('magic'), /no detector “magic”. There are:\n +content +30 +hard cuts/)
})

pure.run()
