import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countedFrame, placeText, timecode } from '../../../workers/media/timecode.ts'

const test = suite('timecode')

const even = { rate: { num: 25, den: 1 }, variable: false }
/** 209 frames in 11.97 seconds. */
const uneven = { rate: { num: 20900, den: 1197 }, variable: true }

test('a place in an even film is told by its frame, in an uneven one by its own time', () => {
  assert.is(placeText({ frame: 208, time: 8.32 }, even), '00:00:08:08')
  assert.is(placeText({ frame: 207, time: 11.9 }, uneven), '00:00:11.900')
})

test('a second of timecode is a second of an uneven film', () => {
  const last = countedFrame({ frame: 207, time: 11.9 }, uneven)
  assert.is(timecode(last, uneven.rate), '00:00:11:15')
  assert.is(countedFrame({ frame: 208, time: 99 }, even), 208)
  const broadcast = { rate: { num: 30000, den: 1001 }, variable: true }
  assert.is(countedFrame({ frame: 0, time: 1001 }, broadcast), 30000)
})

test.run()
