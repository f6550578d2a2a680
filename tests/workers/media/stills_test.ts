/** The middle is found by time, and black frames give way. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseFrame } from '../../../workers/media/stills.ts'
import type { Frames } from '../../../workers/operation.ts'

const test = suite('choice of stills')

function framesAt(times: number[], brightness = times.map(() => 90)): Frames {
  return {
    times: Float64Array.from(times),
    brightness: Float64Array.from(brightness),
    duration: (times.at(-1) ?? 0) + 0.04,
  }
}
const even = (count: number) => Array.from({ length: count }, (_, n) => n / 25)
const scene = (startFrame: number, endFrame: number, { times, duration }: Frames) => ({
  number: 1,
  startFrame,
  endFrame,
  startTime: times[startFrame] ?? 0,
  endTime: times[endFrame] ?? duration,
  ticked: true,
  pickedFrame: null,
})
const chosen = (frames: Frames, from: number, to: number) => chooseFrame(scene(from, to, frames), frames)

test('the frame nearest the middle of the scene is taken', () => {
  const frames = framesAt(even(40))
  assert.is(chosen(frames, 0, 40).frame, 20)
  assert.is(chosen(frames, 10, 21).frame, 15, 'half way between two is the earlier')
  assert.is(chosen(frames, 7, 8).frame, 7, 'a scene of one frame')
  assert.is(chosen(frames, 0, 40).note, null)
})

test('where frames are not evenly spaced, time decides and not the count', () => {
  const frames = framesAt([0, 0.04, 0.08, 0.12, 1, 2, 3])
  assert.is(chosen(frames, 0, 7).frame, 5)
})

test('a black middle gives way to the nearest frame inside the scene that is not', () => {
  const dark = even(40).map((_, n) => (n >= 15 && n <= 28 ? 3 : 90))
  const { frame, note } = chosen(framesAt(even(40), dark), 0, 40)
  assert.is(frame, 14)
  assert.match(note ?? '', 'Scene 1: frame 20 in its middle is dark, so its still is frame 14.')
})

test('where all is black the brightest frame is taken', () => {
  const dark = even(20).map((_, n) => (n === 3 ? 7 : 2))
  const { frame, note } = chosen(framesAt(even(20), dark), 0, 20)
  assert.is(frame, 3)
  assert.match(note ?? '', 'dark throughout')
})

test('a dark picture is not a black one', () => {
  assert.is(
    chosen(
      framesAt(
        even(20),
        even(20).map(() => 9),
      ),
      0,
      20,
    ).note,
    null,
  )
})

test('the frame that was picked is taken, unless it belongs to another scene by now', () => {
  const frames = framesAt(even(40))
  const picked = (pickedFrame: number) => chooseFrame({ ...scene(10, 30, frames), pickedFrame }, frames)
  assert.equal(picked(12), { scene: 1, frame: 12, time: 0.48, note: null })
  for (const outside of [9, 30, 400]) assert.is(picked(outside).frame, 20)
})

test.run()
