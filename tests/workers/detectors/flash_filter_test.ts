/**
 * The minimum length of scenes, and time as the peer counts it.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mergeFlashes } from '../../../workers/detectors/flash_filter.ts'
import { frameClock, snapRate } from '../../../workers/detectors/frame_clock.ts'

const merge = suite('flash filter')

/** Cuts of a film of `frames` frames, one per second, that changes at `changes`. */
const merged = (changes: number[], frames = 60, minimum = 10) =>
  mergeFlashes(
    frames,
    (frame) => changes.includes(frame),
    (from, to) => to - from,
    minimum,
  )

merge('lets every change through where no length is asked for', () => {
  assert.equal(merged([1, 2, 3], 10, 0), [1, 2, 3])
})

merge('takes no cut before the minimum length', () => {
  assert.equal(merged([9]), [])
  assert.equal(merged([10]), [10])
})

merge('starts to count again at a change that came too early', () => {
  assert.equal(merged([5, 12, 22]), [22])
})

merge('makes one cut of a burst, at its last change, once calm has followed', () => {
  assert.equal(merged([10, 13, 18, 24]), [10, 24])
})

merge('drops a burst that is shorter than a scene until it has grown', () => {
  assert.equal(merged([10, 13, 15]), [10])
  assert.equal(merged([10, 13, 15, 24, 50]), [10, 24, 50])
})

merge('leaves no cut for a burst that the end interrupts', () => {
  assert.equal(merged([10, 13, 24], 30), [10])
})

merge.run()

const clock = suite('frame clock')

clock('snaps rates as the peer does', () => {
  assert.equal(snapRate({ num: 25, den: 1 }), { num: 25, den: 1 })
  assert.equal(snapRate({ num: 48, den: 2 }), { num: 24, den: 1 })
  assert.equal(snapRate({ num: 24000, den: 1001 }), { num: 24000, den: 1001 })
  assert.equal(snapRate({ num: 2997, den: 100 }), { num: 30000, den: 1001 })
  assert.equal(snapRate({ num: 768, den: 41 }), { num: 768, den: 41 })
  assert.equal(snapRate({ num: 1236000, den: 48431 }), { num: 246710, den: 9667 })
})

const film = {
  timeBase: { num: 1, den: 1000 },
  frameRate: { num: 24, den: 1 },
  codec: 'h264',
  reordered: 0,
}

clock('measures on PTS, from the first frame', () => {
  const { between } = frameClock({ ...film, pts: Float64Array.of(500, 542, 1583, 1625) })
  assert.is(between(0, 1), 0.042)
  assert.is(between(1, 2), 1.041)
})

clock('counts frames where times do not rise above the first', () => {
  const { between } = frameClock({ ...film, pts: Float64Array.of(500, 500, 500, 625) })
  assert.is(between(0, 2), 0.083333)
  assert.is(between(2, 3), 0.041667)
})

clock('counts the frames that a decoder holds when the file ends', () => {
  const pts = Float64Array.of(0, 42, 3000, 6000)
  assert.is(frameClock({ ...film, pts, reordered: 2 }).between(0, 3), 0.125)
  assert.is(frameClock({ ...film, pts, reordered: 1, codec: 'mpeg2video' }).between(0, 3), 6)
})

clock.run()
