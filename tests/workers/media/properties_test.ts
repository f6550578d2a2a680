/**
 * What holds of names, timecodes, ranges and choices of scenes whatever is put in.
 */

import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRange } from '../../../server/http/range.ts'
import { clipName, usualNaming } from '../../../workers/media/file_names.ts'
import { originalName, safeName, unclashed } from '../../../workers/media/naming.ts'
import { parseGroup, parseSceneChoice, scenesFromCuts } from '../../../workers/media/scenes.ts'
import { timecode } from '../../../workers/media/timecode.ts'

const test = suite('properties')

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
)
const bytes = (text: string) => Buffer.byteLength(text)

test('a name is valid on every system, short enough, and the same when made again', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const name = safeName(text)
      assert.ok(name.length > 0 && bytes(name) <= 125, name)
      assert.not.match(name, /[<>:"/\\|?*\p{Cc}]|^[-.\s]|[.\s]$/u)
      assert.not.match(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
      assert.is(safeName(name), name)
      assert.is(name, name.normalize('NFC'))
    }),
  )
})

test('an original keeps a name that a file system can carry', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const name = originalName(text)
      assert.ok(name.length > 0 && bytes(name) <= 160, name)
      assert.not.match(name, /[<>:"/\\|?*\p{Cc}]|^[-.\s]/u)
    }),
  )
})

test('no two clips of a session have the same name, and no file takes the name of another', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 1200 }), (artwork, count) => {
      const names = Array.from({ length: count }, (_, n) =>
        clipName({ artwork, projectDate: '26-11-20', naming: usualNaming }, 'clip', {
          number: n + 1,
          count,
          aspect: '',
        }),
      )
      assert.is(new Set(names).size, count)
      assert.equal(names.toSorted(), names)
    }),
    { numRuns: 20 },
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a.png', 'a_v2.png', 'b', '.c'), { maxLength: 20 }), (wanted) => {
      const taken = new Set<string>()
      for (const name of wanted) taken.add(unclashed(name, (candidate) => taken.has(candidate)))
      assert.is(taken.size, wanted.length)
    }),
  )
})

test('scenes lie end to end over the whole film, whatever the cuts', () => {
  const film = fc.integer({ min: 1, max: 400 }).chain((frames) =>
    fc.record({
      frames: fc.constant(frames),
      cuts: fc.uniqueArray(fc.integer({ min: 0, max: frames - 1 })),
    }),
  )
  fc.assert(
    fc.property(film, ({ frames, cuts }) => {
      const times = Float64Array.from({ length: frames }, (_, n) => n / 25)
      const inner = cuts.filter((cut) => cut > 0).sort((a, b) => a - b)
      const scenes = scenesFromCuts({ frames, times, duration: frames / 25, cuts: inner })
      assert.is(scenes.length, inner.length + 1)
      assert.is(scenes[0]?.startFrame, 0)
      assert.is(scenes.at(-1)?.endFrame, frames)
      scenes.slice(1).forEach((scene, n) => assert.is(scene.startFrame, scenes[n]?.endFrame))
    }),
  )
})

test('a choice of scenes is told apart into scenes that are there, or refused in a sentence', () => {
  const typed = fc.oneof(
    anything,
    fc.string({ unit: fc.constantFrom(...'0123456789,- all none'), maxLength: 30 }),
  )
  fc.assert(
    fc.property(typed, fc.integer({ min: 1, max: 500 }), (text, count) => {
      for (const parse of [parseSceneChoice, parseGroup]) {
        let chosen: number[]
        try {
          chosen = parse(text, count)
        } catch (error) {
          assert.match((error as Error).message, /\.$/)
          continue
        }
        assert.ok(chosen.every((number) => Number.isInteger(number) && number >= 1 && number <= count))
        assert.is(new Set(chosen).size, chosen.length)
      }
    }),
  )
})

test('timecodes rise with the frames and are written alike at every rate, drop-frame too', () => {
  const rates = [
    [24000, 1001],
    [24, 1],
    [25, 1],
    [30000, 1001],
    [30, 1],
    [50, 1],
    [60000, 1001],
  ] as const
  fc.assert(
    fc.property(fc.constantFrom(...rates), fc.nat({ max: 2_000_000 }), ([num, den], frame) => {
      for (const start of ['00:00:00:00', '00:00:00;00']) {
        if (start.includes(';') && den !== 1001) continue
        const [one, next] = [timecode(frame, { num, den }, start), timecode(frame + 1, { num, den }, start)]
        assert.match(one, /^\d{2}:[0-5]\d:[0-5]\d[:;]\d{2}$/)
        assert.ok(next > one, `${one} is followed by ${next}`)
      }
    }),
  )
})

test('a range is a stretch of the file, nothing, or beyond it, whatever is asked', () => {
  const asked = fc.oneof(
    anything,
    fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.maxSafeNat().map((n) => `bytes=-${n}`),
  )
  fc.assert(
    fc.property(asked, fc.nat({ max: 2 ** 31 - 1 }), (range, size) => {
      const span = readRange(range, size)
      if (span === null || span === 'unsatisfiable') return
      assert.ok(span.start >= 0 && span.start <= span.end && span.end < size, JSON.stringify(span))
    }),
  )
})

test.run()
