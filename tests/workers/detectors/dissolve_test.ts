/**
 * Where the flash and dissolve detectors put their cuts, given what was measured.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Detector, Measured } from '../../../workers/detectors/detector.ts'
import { dissolveDetector } from '../../../workers/detectors/dissolve.ts'
import { editDetector } from '../../../workers/detectors/edit.ts'
import { flashDetector } from '../../../workers/detectors/flash.ts'

/** Frame -> value, of a film of 200 frames at 10 a second. */
interface Facts {
  score?: Record<number, number>
  returned?: Record<number, number>
  /** End of a drift -> how much, over how many frames. */
  drift?: Record<number, [amount: number, span: number]>
  /** First and last frame of stretches of black. */
  black?: [number, number][]
}

const length = 200

function film({ score = {}, returned = {}, drift = {}, black = [] }: Facts): Measured {
  const column = (value: (frame: number) => number) =>
    Float64Array.from({ length }, (_, frame) => value(frame))
  const none = column(() => 0)
  return {
    pts: column((frame) => frame),
    timeBase: { num: 1, den: 10 },
    frameRate: { num: 10, den: 1 },
    codec: 'vp8',
    reordered: 0,
    measures: {
      hue: column((frame) => 3 * (score[frame] ?? 0)),
      saturation: none,
      luma: none,
      returned: column((frame) => returned[frame] ?? 0),
      drift: column((frame) => drift[frame]?.[0] ?? 0),
      driftSpan: column((frame) => drift[frame]?.[1] ?? 0),
      contrast: column((frame) => (black.some(([from, to]) => frame >= from && frame <= to) ? 0 : 900)),
    },
  }
}

const cuts = ({ decide }: Detector, facts: Facts, threshold = 30) =>
  decide(film(facts), { threshold, minSceneLength: 10 })

const flashes = suite('flash')

flashes('takes both ends of a flash for no cut, and leaves all others', () => {
  const facts = { score: { 40: 90, 80: 70, 83: 70 }, returned: { 83: 4 } }
  assert.equal(cuts(flashDetector, facts), [40])
  assert.equal(cuts(dissolveDetector, facts), [40, 80])
})

flashes('keeps a cut right before a flash, and right behind it', () => {
  assert.equal(cuts(flashDetector, { score: { 79: 50, 80: 70, 82: 70 }, returned: { 82: 3 } }), [79])
  assert.equal(cuts(flashDetector, { score: { 80: 70, 82: 70, 83: 50 }, returned: { 82: 3 } }), [83])
})

flashes.run()

const dissolves = suite('dissolve')

dissolves('cuts in the middle of a dissolve, and nowhere else in it', () => {
  const facts: Facts = { score: { 83: 50, 95: 50 }, drift: { 99: [80, 19], 100: [120, 20], 101: [90, 19] } }
  assert.equal(cuts(dissolveDetector, facts), [90])
  assert.equal(cuts(dissolveDetector, facts, 121), [])
})

dissolves('cuts in the middle of the black between two fades, once', () => {
  const facts: Facts = { drift: { 60: [100, 13], 90: [80, 13] }, black: [[60, 77]] }
  assert.equal(cuts(dissolveDetector, facts), [69])
})

dissolves('does not cut where a film begins out of black, or ends in it', () => {
  const black: [number, number][] = [
    [0, 8],
    [190, 199],
  ]
  assert.equal(
    cuts(dissolveDetector, { score: { 9: 40 }, drift: { 22: [80, 13], 190: [80, 19] }, black }),
    [],
  )
})

dissolves('goes by the cut where black ends at once', () => {
  const facts: Facts = { score: { 78: 60 }, drift: { 60: [100, 13] }, black: [[60, 77]] }
  assert.equal(cuts(dissolveDetector, facts), [78])
})

dissolves('gives way to a cut that is nearer than a scene may be short', () => {
  const drift: Facts['drift'] = { 100: [120, 12] }
  assert.equal(cuts(dissolveDetector, { score: { 103: 60 }, drift }), [103])
  assert.equal(cuts(dissolveDetector, { score: { 104: 60 }, drift }), [94, 104])
})

dissolves('keeps the cut with which the scene begins that drifts', () => {
  assert.equal(cuts(dissolveDetector, { score: { 80: 60, 81: 40 }, drift: { 100: [120, 20] } }), [80, 90])
})

dissolves('is not fooled by a flash that dies away', () => {
  assert.equal(cuts(dissolveDetector, { drift: { 100: [120, 6] }, returned: { 101: 9 } }), [])
})

dissolves('is part of edit, as flash is', () => {
  const facts: Facts = { score: { 40: 90, 42: 90 }, returned: { 42: 3 }, drift: { 100: [120, 20] } }
  assert.equal(cuts(editDetector, facts), [90])
  assert.is(editDetector.scores(film(facts))[90], 120)
  assert.is(editDetector.scores(film(facts))[40], 0)
})

dissolves.run()
