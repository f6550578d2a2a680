/**
 * What an output says of the frame that it is, or begins with.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Probe } from '../../workers/media/probe.ts'
import { timecodeAt } from '../../workers/still_job.ts'

const test = suite('the timecode of an output')

const probeOf = (variable: boolean) =>
  ({ video: { frameRate: { num: 35, den: 2 }, variable }, startTimecode: null }) as Probe
const frames = { times: Float64Array.of(0, 0.1, 2), brightness: Float64Array.of(), duration: 3 }

test('an even film counts frames, an uneven one tells when they are shown', () => {
  assert.is(timecodeAt(probeOf(false), frames, 2), '00:00:00:02')
  assert.is(timecodeAt(probeOf(true), frames, 2), '00:00:02:00')
})

test('where it is not known when the frames of an uneven film are shown, they are counted', () => {
  assert.is(timecodeAt(probeOf(true), null, 20), '00:00:01:02')
})

test.run()
