/**
 * What is handed over comes back as the same cuts, at every rate that films have.
 */

import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countingOf, frameOf, timecodeOf } from '../../../../workers/media/handoff/frame_timecode.ts'
import type { HandOff } from '../../../../workers/media/handoff/hand_off.ts'
import { handOffFormat, readCuts } from '../../../../workers/media/handoff/mod.ts'
import { scenesFromCuts } from '../../../../workers/media/scenes.ts'

const rates = [
  ['23.976', 24000, 1001, '01:00:00:00'],
  ['24', 24, 1, null],
  ['25', 25, 1, '10:00:00:00'],
  ['29.97 with drop-frame', 30000, 1001, '00:59:58;00'],
  ['29.97 without', 30000, 1001, '01:00:00:00'],
  ['30', 30, 1, null],
  ['50', 50, 1, '09:59:59:49'],
  ['59.94 with drop-frame', 60000, 1001, null],
  ['60', 60, 1, '00:00:00:00'],
] as const

const trip = suite('round trips')

interface Film {
  handOff: HandOff
  times: number[]
}

/** A film of `frames` frames with these cuts; uneven ones have the given shares of a frame added. */
function filmOf(
  num: number,
  den: number,
  start: string | null,
  frames: number,
  cuts: number[],
  uneven?: number,
): Film {
  const times = Array.from({ length: frames }, (_, i) => ((i + (uneven ?? 0) * (i % 3)) * den) / num)
  const duration = (times.at(-1) ?? 0) + den / num
  const scenes = scenesFromCuts({ frames, times, duration, cuts })
  return {
    times,
    handOff: {
      title: 'R&D – café’s "final" 100%',
      master: `R&D – café's "final" 100%.mov`,
      rate: { num, den },
      variable: uneven !== undefined,
      startTimecode: start,
      frames,
      duration,
      scenes: scenes.map((scene) => ({
        ...scene,
        note: scene.number % 2 === 0 ? 'a\n=;#\\ <b> --> &' : null,
      })),
    },
  }
}

const cutLists = fc
  .tuple(fc.integer({ min: 2, max: 20000 }), fc.uniqueArray(fc.nat(19999), { maxLength: 12 }))
  .map(([frames, cuts]) => ({ frames, cuts: cuts.filter((cut) => cut < frames).sort((a, b) => a - b) }))

for (const [name, num, den, start] of rates) {
  trip(`at ${name} every list that can be read back names the same frames`, () => {
    fc.assert(
      fc.property(cutLists, ({ frames, cuts }) => {
        const { handOff, times } = filmOf(num, den, start, frames, cuts)
        const expected = [...new Set([0, ...cuts])]
        for (const format of ['csv', 'json', 'edl'])
          assert.equal(
            readCuts(handOffFormat(format)?.write(handOff) ?? '', { ...handOff, times }),
            expected,
            format,
          )
        const frameList = cuts.join('\n') || '0'
        assert.equal(readCuts(frameList, { ...handOff, times }), expected, 'frames')
        const counting = countingOf(handOff.rate, start)
        const first = (start === null ? 0 : frameOf(start, counting)) ?? 0
        const timecodes = expected.map((frame) => timecodeOf(first + frame, counting)).join('\r\n')
        assert.equal(readCuts(timecodes, { ...handOff, times }), expected, 'timecodes')
      }),
      { numRuns: 30 },
    )
  })

  trip(`at ${name} each frame has a timecode of its own`, () => {
    const counting = countingOf({ num, den }, start)
    const day = frameOf('23:59:59:00', counting) ?? 0
    fc.assert(
      fc.property(fc.nat(day), (frame) => frameOf(timecodeOf(frame, counting), counting) === frame),
      { numRuns: 300 },
    )
  })
}

trip('where frames are uneven times lead back to the same frames', () => {
  fc.assert(
    fc.property(cutLists, fc.double({ min: 0.05, max: 0.4, noNaN: true }), ({ frames, cuts }, uneven) => {
      const { handOff, times } = filmOf(25, 1, null, frames, cuts, uneven)
      const expected = [...new Set([0, ...cuts])]
      const film = { ...handOff, times }
      for (const format of ['csv', 'json'])
        assert.equal(readCuts(handOffFormat(format)?.write(handOff) ?? '', film), expected, format)
      assert.equal(
        readCuts(expected.map((frame) => (times[frame] ?? 0).toFixed(6)).join('\n'), film),
        expected,
      )
    }),
    { numRuns: 30 },
  )
})

trip('where frames are uneven a timecode tells the second', () => {
  const { handOff } = filmOf(20900, 1197, null, 209, [207], 0)
  const [scene] = handOff.scenes
  if (!scene) throw new Error('no scene')
  const film = { ...handOff, duration: 11.97, scenes: [{ ...scene, start: 11.9, end: 11.97 }] }
  assert.match(handOffFormat('edl')?.write(film) ?? '', / 00:00:11:15 00:00:11:16 /)
  const timeline = handOffFormat('otio')?.write(film) ?? ''
  assert.match(
    timeline.replaceAll(/\s+/g, ''),
    '"start_time":{"OTIO_SCHEMA":"RationalTime.1","rate":17,"value":202}',
  )
  const times = Float64Array.from({ length: 12 }, (_, frame) => frame)
  assert.equal(readCuts('00:00:11:00', { ...film, times }), [0, 11])
})

trip('drop-frame leaves out the first two numbers of each minute but the tenth', () => {
  const counting = { nominal: 30, drop: true }
  assert.is(timecodeOf(1799, counting), '00:00:59;29')
  assert.is(timecodeOf(1800, counting), '00:01:00;02')
  assert.is(timecodeOf(17982, counting), '00:10:00;00')
  assert.is(timecodeOf(107892, counting), '01:00:00;00')
  assert.is(frameOf('00:01:00;00', counting), undefined)
  assert.is(timecodeOf(3600, { nominal: 60, drop: true }), '00:01:00;04')
})

trip.run()

const refusal = suite('lists that cannot be used')

const film = { rate: { num: 25, den: 1 }, startTimecode: null, variable: false, times: [0, 0.04, 0.08, 0.12] }

for (const [what, text, words] of [
  ['an empty list', ' \n', /no scene/],
  ['a word', '1\nsoon', /^Line 2: “soon” is neither/],
  ['a frame of another film', '1\n9', /Frame 9 is not in this film, which has 4 frames/],
  [
    'a frame 0 in PySceneDetect’s list',
    'Scene Number,Start Frame\n1,0',
    /^Line 2: “0” is no frame counted from 1/,
  ],
  [
    'a timecode that has too many frames',
    'FCM: NON-DROP FRAME\n001  AX  V  C  00:00:00:25 00:00:01:00 00:00:00:00 00:00:01:00',
    /^Line 2: “00:00:00:25” is no timecode at 25/,
  ],
  ['half a JSON', '{"scenes": [', /no JSON/],
  ['JSON of something else', '{"scenes": [{"startFrame": -1}]}', /scenes\.0\.startFrame/],
  ['a time beyond the end', '00:01:00.000', /not in this film/],
] as const) {
  refusal(`${what} is refused in words`, () => {
    try {
      readCuts(text, film)
      assert.unreachable('it was read')
    } catch (error) {
      assert.match((error as Error).message, words)
    }
  })
}

/** Lists that we write, with stretches cut out, doubled, and put in; or anything at all. */
const lists = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.json(),
  fc.string({ unit: fc.constantFrom(...'0123456789:;., \n-CVAX'), maxLength: 60 }),
  fc
    .record({
      format: fc.constantFrom('csv', 'json', 'edl'),
      film: cutLists,
      at: fc.nat(),
      length: fc.nat(80),
      put: fc.oneof(
        fc.constantFrom('', '"', ',', '\0', '99:99:99:99', '-1', '1e999', '\n'),
        fc.string({ unit: 'binary', maxLength: 9 }),
      ),
    })
    .map(({ format, film: { frames, cuts }, at, length, put }) => {
      const text = handOffFormat(format)?.write(filmOf(25, 1, '10:00:00:00', frames, cuts).handOff) ?? ''
      const from = at % (text.length + 1)
      return text.slice(0, from) + put + text.slice(from + length)
    }),
)

refusal(
  'whatever a list holds, it names frames of the film in their order or is refused in a sentence',
  () => {
    const { times, handOff } = filmOf(25, 1, '10:00:00:00', 20_000, [])
    fc.assert(
      fc.property(lists, (text) => {
        let frames: number[]
        try {
          frames = readCuts(text, { ...handOff, times })
        } catch (error) {
          assert.match((error as Error).message, /^[A-Z][^\n]{5,600}[.?]$/u, (error as Error).message)
          return
        }
        assert.is(frames[0], 0)
        assert.ok(
          frames.every(
            (frame, n) =>
              Number.isInteger(frame) && frame < 20_000 && (n === 0 || frame > (frames[n - 1] ?? 0)),
          ),
          frames.join(),
        )
      }),
      { numRuns: 400 },
    )
  },
)

refusal.run()
