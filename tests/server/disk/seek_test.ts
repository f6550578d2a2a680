/** A seek leads to the frame that is meant, however the frames follow each other. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seekAmong } from '../../../server/disk/seek.ts'

const test = suite('where to look for a frame')

test('half way from the frame before, counted from the first, and nowhere for a frame that is none', () => {
  const film = { pts: Float64Array.of(500, 540, 1500), timeBase: { num: 1, den: 1000 } }
  assert.equal(
    [0, 1, 2, 3].map((frame) => seekAmong(film, frame)),
    [0, 0.02, 0.52, undefined],
  )
})

test.run()
