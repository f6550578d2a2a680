/** Of a scene's frames the sharp, well lit and calm ones are offered first; black and blurred ones last. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { measurements } from '../../../workers/detectors/mod.ts'
import { measureFilm } from '../../../workers/measure_film.ts'
import { rankStills } from '../../../workers/media/still_candidates.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { make, tools, witness } from '../../media.ts'

const test = suite('candidates for stills')
const scene = (startFrame: number, endFrame: number) => ({ startFrame, endFrame })
const none: number[] = []
const even = (count: number, value: number) => Array.from({ length: count }, () => value)
const framesOf = (found: { frame: number }[]) => found.map(({ frame }) => frame)

test('where all frames are alike, the middle comes first and the others lie apart', () => {
  const looks = { brightness: even(60, 100), luma: even(60, 0), sharpness: even(60, 50) }
  assert.equal(framesOf(rankStills(scene(0, 60), looks)), [29, 39, 19])
})

test('a blurred, a black, a white and a moving frame each come after one that is none of it', () => {
  const spoilt = {
    sharpness: { brightness: [100, 100], luma: [0, 0], sharpness: [10, 100] },
    black: { brightness: [5, 100], luma: [0, 0], sharpness: [100, 100] },
    white: { brightness: [254, 100], luma: [0, 0], sharpness: [100, 100] },
  }
  for (const [name, looks] of Object.entries(spoilt))
    assert.equal(framesOf(rankStills(scene(0, 2), looks)), [1, 0], name)
  const moving = { brightness: even(3, 100), luma: [0, 30, 0], sharpness: even(3, 100) }
  assert.is(rankStills(scene(0, 3), moving)[0]?.frame, 2, 'what moves is between frames 0 and 1')
})

test('the change at a cut is no motion of the scene that begins there', () => {
  const looks = { brightness: even(4, 100), luma: [0, 0, 90, 1], sharpness: [1, 1, 9, 8] }
  assert.equal(framesOf(rankStills(scene(2, 4), looks)), [2, 3])
})

test('a scene of one frame has one candidate, and one of black frames has black ones', () => {
  const looks = { brightness: even(9, 2), luma: even(9, 0), sharpness: even(9, 0) }
  assert.equal(framesOf(rankStills(scene(4, 5), looks)), [4])
  const black = rankStills(scene(0, 9), looks)
  assert.equal(
    black.map(({ isBlack, score }) => [isBlack, score]),
    even(3, 0).map(() => [true, 0]),
  )
})

test('without sharpness, which earlier versions did not measure, light and motion decide', () => {
  const looks = { brightness: [100, 20, 100], luma: [0, 0, 12], sharpness: none }
  const [first] = rankStills(scene(0, 3), looks)
  assert.equal([first?.frame, first?.sharpness], [0, 1])
})

test('a film that begins black, goes on blurred and ends sharp offers sharp frames first', async () => {
  const file = make('focus.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=4.8'],
    ...['-vf', `boxblur=6:enable='between(n,40,79)',drawbox=t=fill:color=black:enable='lt(n,40)'`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20'],
  ])
  const said = witness()
  const binaries = await tools()
  const probe = await probeFile(file, binaries, said)
  const { measures } = await measureFilm(file, probe, measurements, binaries, {
    ...{ ...said, onStretch: () => undefined },
    report: () => undefined,
  })
  const { brightness = none, luma = none, sharpness = none } = measures
  const found = rankStills(scene(0, 120), { brightness, luma, sharpness })
  assert.ok((found[0]?.frame ?? 0) >= 80, `the best is sharp: ${JSON.stringify(found)}`)
  assert.ok((found[1]?.frame ?? 0) >= 80, 'so is the second')
  assert.not.ok(found.some(({ isBlack }) => isBlack))
  const dark = rankStills(scene(0, 60), { brightness, luma, sharpness })
  assert.ok((dark[0]?.frame ?? 0) >= 40, 'blurred is better than black')
  const [blurred, sharp] = [sharpness[60] ?? 0, sharpness[100] ?? 0]
  assert.ok(sharp > 3 * blurred, `${sharp} against ${blurred}`)
})

test.run()
