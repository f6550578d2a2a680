/**
 * What is asked of which build of ffmpeg.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { keepTimestamps, tickFor } from '../../../workers/media/builds.ts'

const test = suite('builds')

test('old builds get the options and ticks they know', () => {
  const [old, modern] = [{ version: 'N-47683-g0e8eb07980-static' }, { version: '7.1.1' }]
  assert.equal(keepTimestamps(old), ['-vsync', 'passthrough'])
  assert.equal(keepTimestamps(modern), ['-fps_mode', 'passthrough'])
  assert.equal(keepTimestamps({ version: '5.1.9-0+deb12u1' }), ['-fps_mode', 'passthrough'])
  assert.equal(keepTimestamps({ version: '4.4.2-0ubuntu0.22.04.1' }), ['-vsync', 'passthrough'])
  const fine = { num: 1, den: 90000 }
  assert.equal([tickFor(fine, old), tickFor(fine, modern)], [{ num: 1, den: 960 }, fine])
  assert.equal(tickFor({ num: 1, den: 25 }, old), { num: 1, den: 25 })
})

test.run()
