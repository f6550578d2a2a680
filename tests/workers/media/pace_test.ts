/**
 * Whether frames are even, and in what tick their PTS are counted.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isEvenlySpaced, longestTick } from '../../../workers/media/pace.ts'

const test = suite('pace')

test('frames are evenly spaced where each lies on the grid of the rate, or nearly', () => {
  const rate = { num: 24000, den: 1001 }
  const rounded = Float64Array.from({ length: 1000 }, (_, n) => Math.round((n * 1001) / 24) / 1000)
  const lacking = rounded.filter((_, n) => n !== 500)
  assert.ok(isEvenlySpaced(rounded, rate))
  assert.not.ok(isEvenlySpaced(lacking, rate))
  assert.not.ok(isEvenlySpaced(rounded, { num: 25, den: 1 }))
  assert.ok(isEvenlySpaced([7.3], rate))
})

test('what is late enough to be seen is uneven, however slow the film', () => {
  assert.not.ok(isEvenlySpaced([0, 1, 2.02, 3], { num: 1, den: 1 }))
  assert.ok(isEvenlySpaced([0, 1, 2.005, 3], { num: 1, den: 1 }))
})

test('the tick is the longest in which every time is whole', () => {
  const ticks = (...seconds: number[]) => longestTick(Float64Array.from(seconds), { num: 1, den: 12800 })
  assert.equal(ticks(0, 0.04, 0.12, 0.2), { num: 1, den: 25 })
  assert.equal(ticks(0), { num: 1, den: 12800 })
  assert.equal(ticks(0, 0.04, 0.06), { num: 1, den: 50 })
})

test.run()
