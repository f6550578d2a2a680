import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  accuracyOf,
  amountOf,
  enough,
  estimate,
  expectedBytes,
  finishTime,
  type Outlook,
  type Sample,
  spread,
  sumOf,
  type Task,
  tasksOf,
} from '../../../workers/media/estimates.ts'
import { withOverrides } from '../../../workers/media/preset_text.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'
import { make, tools, witness } from '../../media.ts'
import { probeFile } from '../../../workers/probe_file.ts'

const estimates = suite('estimates')

const task: Task = {
  ...{ operation: 'clips', encoder: 'x264', codec: 'prores', width: 1920, height: 1080 },
  manner: 'crf 20 slow',
  amount: 1000,
}
const sample = (changes: Partial<Sample> = {}): Sample => ({
  ...{ ...task, amount: 500, seconds: 50, bytes: 5_000_000, files: 5 },
  ...changes,
})

estimates('too few like these, and the rule speaks, wide and with its reason', () => {
  const said = estimate(task, [sample(), sample()])
  assert.is(said.samples, 0)
  assert.match(said.basis, 'by a rule')
  assert.ok(said.bytes.high >= 3 * said.bytes.likely)
  const finer = estimate({ ...task, manner: 'crf 14 slow' }, [])
  assert.is(finer.bytes.likely, 2 * said.bytes.likely, 'six less of CRF are twice the bytes')
})

estimates('past work like this gives its middle, in proportion, and counts what it is from', () => {
  const past = [40, 50, 60].map((seconds) => sample({ seconds, bytes: seconds * 100_000 }))
  const said = estimate(task, past)
  assert.is(said.seconds.likely, 100)
  assert.is(said.bytes.likely, 10_000_000)
  assert.ok(said.seconds.low < 80 && said.seconds.high > 120)
  assert.is(said.samples, enough)
  assert.is(said.basis, 'from 15 clips like these')
})

estimates('other settings and encoders teach nothing, other codecs and sizes little', () => {
  const slow = Array.from({ length: 5 }, () => sample({ seconds: 500, manner: 'crf 20 veryslow' }))
  const nvenc = Array.from({ length: 5 }, () => sample({ seconds: 5, encoder: 'nvenc' }))
  assert.is(estimate(task, [...slow, ...nvenc]).samples, 0)
  const small = Array.from({ length: 5 }, () => sample({ seconds: 5, width: 960, height: 540 }))
  const near = Array.from({ length: 3 }, () => sample({ width: 1998 }))
  assert.is(estimate(task, [...small, ...near]).seconds.likely, 100, 'the nearest alone')
  assert.is(estimate(task, small).samples, 5, 'where there is nothing nearer')
  const tiny = small.map((one) => ({ ...one, width: 96, height: 54 }))
  assert.is(estimate(task, tiny).samples, 0, 'too far away to say anything')
})

estimates('the more there are the narrower the range', () => {
  const width = ({ low, high }: { low: number; high: number }) => high / low
  const many = Array.from({ length: 20 }, (_, n) => 100 + (n % 3))
  assert.ok(width(spread(many)) < width(spread(many.slice(0, 3))))
  assert.is(spread([7]).likely, 7)
})

estimates('misses of many parts partly cancel out', () => {
  const part = { low: 5, likely: 10, high: 20 }
  const { low, likely, high } = sumOf([part, part, part, part])
  assert.is(likely, 40)
  assert.is(high, 60)
  assert.is(low, 30)
})

estimates('the end is told as the steps will run: side by side, and one after the other', () => {
  const steps = [
    { name: 'a', needs: [] },
    { name: 'b', needs: ['a'] },
    { name: 'c', needs: ['a'] },
    { name: 'd', needs: [], after: ['b', 'c'] },
  ]
  const left = new Map(['a', 'b', 'c', 'd'].map((name) => [name, 10]))
  assert.is(finishTime(steps, left, 2), 30)
  assert.is(finishTime(steps, left, 1), 40)
  assert.is(finishTime(steps, new Map([['d', 3]]), 2), 3, 'what is done is not waited for')
})

estimates('how right they were: how many held, and how far off the middle one was', () => {
  const said = { low: 50, likely: 100, high: 200 }
  const { count, held, miss } = accuracyOf([110, 120, 300].map((actual) => ({ ...said, actual })))
  assert.equal({ count, held }, { count: 3, held: 2 })
  assert.ok(Math.abs(miss - 0.2) < 1e-9)
  assert.equal(accuracyOf([]), { count: 0, held: 0, miss: 0 })
})

estimates('a selection’s bytes follow its frames and the size the preset makes of them', async () => {
  const film = make('estimate.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'])
  const probe = await probeFile(film, await tools(), witness())
  const preset = builtinPresets[0]?.settings
  if (!preset) throw new Error('There is no built-in preset.')
  const outlook: Outlook = {
    ...{ probe, preset, encoder: 'x264', frames: 25, scenes: 1, clipFrames: 10, research: 0 },
  }
  const half = expectedBytes(outlook, [])
  const whole = expectedBytes({ ...outlook, clipFrames: 20 }, [])
  assert.is(whole.bytes.likely, 2 * half.bytes.likely)
  assert.is(expectedBytes({ ...outlook, clipFrames: 0 }, []).bytes.likely, 0)
  const [research] = tasksOf({ ...outlook, research: 5e6 }, ['research'])
  assert.is(research && estimate(research, []).bytes.likely, 10e6, 'R&D files follow what they are made of')
  const shrunk = withOverrides(preset, { 'video.size': { width: 160, height: 90 } })
  assert.is(amountOf('clips', { ...outlook, preset: shrunk }), amountOf('clips', outlook) / 4)
})

estimates.run()
