/**
 * The content detector against PySceneDetect 0.7.1: the same cuts and scores on every kind of picture.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { goldenClips, hashFrames, makeGoldenClip } from '../../../scripts/golden_clips.ts'
import { contentDetector, contentScores } from '../../../workers/detectors/content.ts'
import type { Measured } from '../../../workers/detectors/detector.ts'
import { detectorNamed } from '../../../workers/detectors/detector.ts'
import { openKernel } from '../../../workers/detectors/kernel/kernel.ts'
import { placeSmall } from '../../../workers/detectors/sampler.ts'
import { roundHalfEven } from '../../../workers/detectors/small_image.ts'
import type { Tools } from '../../../workers/operation.ts'
import { detectScenes } from '../../../workers/operations/detect.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { findTools } from '../../../workers/tools.ts'
import { folder, footage, tools, witness } from '../../media.ts'

interface Golden {
  clip: string
  frames: number
  rate: string
  cuts: number[]
  scores: number[]
}

const goldens = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../goldens/content.json'), 'utf8'),
) as Record<string, Golden>
const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }
const source = footage('tears_of_steel.webm')
const media = source && footage('sintel.mp4') ? path.dirname(source) : undefined
const place = folder()

/** What the peer said of these very frames; undefined, said aloud, where other frames were made here. */
function goldenOf(file: string): Golden | undefined {
  const golden = goldens[hashFrames(file)]
  if (!golden) console.log(`SKIPPED: ${path.basename(file)} came out differently here`)
  return golden
}

async function assertSame(file: string, golden: Golden, binaries: Tools): Promise<void> {
  const said = witness()
  const found = await detectScenes(file, await probeFile(file, binaries, said), settings, binaries, said)
  const name = `${path.basename(file)} with ffmpeg ${binaries.version}`
  assert.is(found.frames, golden.frames, name)
  assert.is(`${found.fps.num}/${found.fps.den}`, golden.rate, name)
  assert.equal(found.cuts, golden.cuts, name)
  const worst = Math.max(...golden.scores.map((score, i) => Math.abs(score - (found.scores[i] ?? NaN))))
  assert.ok(worst < 1e-6, `${name}: a score is off by ${worst}`)
}

const clips = suite('content detector on golden clips')

for (const name of media ? goldenClips : []) {
  clips(`agrees on ${name}`, async () => {
    const file = makeGoldenClip(name, media ?? '', place)
    const golden = goldenOf(file)
    if (golden) await assertSame(file, golden, await tools())
  })
}

clips('agrees whatever ffmpeg there is', async () => {
  const other = await findTools(undefined, 2, process.env.PATH)
  if (other.version === (await tools()).version || !media) {
    console.log(`SKIPPED: ${media ? 'there is no other ffmpeg' : 'no footage (no ../shared/media)'}`)
    return
  }
  for (const name of ['yuv420p.mp4', 'yuv420p10.mp4', 'odd_444.mp4', 'prores_hq.mov', 'variable_drops.mkv']) {
    const file = makeGoldenClip(name, media, place)
    const golden = goldenOf(file)
    if (golden) await assertSame(file, golden, other)
  }
})

clips.run()

const pure = suite('content detector')

/** Frames at 10 per second whose scores are `scores`. */
const film = (scores: number[]): Measured => ({
  pts: Float64Array.from(scores, (_, frame) => frame),
  timeBase: { num: 1, den: 10 },
  frameRate: { num: 10, den: 1 },
  codec: 'vp8',
  reordered: 0,
  measures: {
    hue: Float64Array.from(scores, (score) => score * 3),
    saturation: new Float64Array(scores.length),
    luma: new Float64Array(scores.length),
  },
})
const still = (frames: number) => Array.from({ length: frames }, () => 0)
const decide = (scores: number[], threshold = 30) =>
  contentDetector.decide(film(scores), { threshold, minSceneLength: 5 })

pure('cuts where the threshold is reached, not only passed', () => {
  assert.equal(decide([...still(6), 30, ...still(6), 29.999, ...still(6)]), [6])
})

pure('takes a new threshold without measuring again', () => {
  const scores = [...still(6), 40, ...still(6), 20, ...still(6)]
  assert.equal(decide(scores, 30), [6])
  assert.equal(decide(scores, 15), [6, 13])
  assert.equal(decide(scores, 41), [])
})

pure('never counts frame 0 as a cut', () => {
  const nothing = { threshold: 0, minSceneLength: 0 }
  assert.equal(contentDetector.decide(film(still(4)), nothing), [1, 2, 3])
})

pure('measures the mean change of hue, saturation and brightness', () => {
  const small = placeSmall(openKernel(0), 2, 1)
  const measure = contentDetector.measurer(small)
  const values = new Float64Array(4)
  const show = (...pixels: [blue: number, green: number, red: number][]) => {
    small.blue.set(pixels.map(([blue]) => blue))
    small.green.set(pixels.map(([, green]) => green))
    small.red.set(pixels.map(([, , red]) => red))
    measure(values)
  }
  show([0, 0, 255], [10, 10, 10])
  assert.equal([...values], [0, 0, 0, 47.5])
  show([255, 0, 0], [30, 30, 30])
  // Red to blue: hue 0 to 120 of 180, saturation and brightness full on both sides.
  assert.equal([...values], [60, 0, 10, 57.5])
  assert.is(contentScores(film([1, 2]))[1], 2)
})

pure('has the hue and saturation of OpenCV for every colour of a coarse cube', () => {
  const steps = Array.from({ length: 32 }, (_, i) => Math.min(255, i * 8 + (i % 8)))
  const colours = steps.flatMap((b) => steps.flatMap((g) => steps.map((r) => [b, g, r] as const)))
  const small = placeSmall(openKernel(0), 32, 1024)
  const measure = contentDetector.measurer(small)
  const values = new Float64Array(4)
  measure(values) // black, from which every change is the value itself
  colours.forEach(([b, g, r], i) => {
    small.blue[i] = b
    small.green[i] = g
    small.red[i] = r
  })
  measure(values)
  const sums = colours.map(hsv).reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
  assert.equal(
    [...values.subarray(0, 3)],
    sums.map((sum) => sum / colours.length),
  )
})

/** OpenCV's 8-bit conversion, by its definition. */
function hsv([b, g, r]: readonly [number, number, number]): [number, number, number] {
  const value = Math.max(b, g, r)
  const span = value - Math.min(b, g, r)
  const turn = r === value ? g - b : g === value ? b - r + 2 * span : r - g + 4 * span
  const part = (factor: number, scale: number, whole: number) =>
    whole === 0 ? 0 : (factor * roundHalfEven((scale * 4096) / whole) + 2048) >> 12
  const hue = part(turn, 30, span)
  return [hue < 0 ? hue + 180 : hue, part(span, 255, value), value]
}

pure('is found by its name, and nothing else is', () => {
  assert.is(detectorNamed('content'), contentDetector)
  assert.throws(() => detectorNamed('magic'), /no detector “magic”. There is content/)
})

pure.run()
