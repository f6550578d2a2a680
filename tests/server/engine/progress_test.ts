import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createMeter } from '../../../server/engine/progress.ts'

const progress = suite('progress')

progress('says nothing of time left before the work has shown its pace', () => {
  const meter = createMeter(1)
  meter.take(0, 1000, 'frames', 0)
  meter.take(100, 1000, 'frames', 1000)
  assert.is(meter.read()?.seconds_left, null)
  meter.take(250, 1000, 'frames', 2500)
  const row = meter.read()
  assert.is(row?.units_per_second, 100)
  assert.is(row?.seconds_left, 7.5)
})

progress('goes by the pace of the last while, not of the slow start', () => {
  const meter = createMeter(1)
  for (let second = 0; second <= 60; second++) meter.take(second, 10_000, 'frames', second * 1000)
  for (let second = 61; second <= 90; second++)
    meter.take(60 + (second - 60) * 100, 10_000, 'frames', second * 1000)
  const row = meter.read()
  assert.ok(Math.abs((row?.units_per_second ?? 0) - 100) < 5, String(row?.units_per_second))
})

progress('a row is read once', () => {
  const meter = createMeter(3)
  assert.is(meter.read(), undefined)
  meter.take(1, 4, 'files', 0)
  assert.is(meter.read()?.progress, 0.25)
  assert.is(meter.read(), undefined)
})

progress('a step without a known total has no progress, rather than a wrong one', () => {
  const meter = createMeter(3)
  meter.take(5, 0, 'files', 0)
  assert.is(meter.read()?.progress, 0)
})

progress.run()
