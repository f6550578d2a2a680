/**
 * The detectors against PySceneDetect 0.7.1: the same cuts and metrics on every kind of picture.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { goldenClips, goldenFilms, hashFrames, makeGoldenClip } from '../../../scripts/golden_clips.ts'
import type { Measured } from '../../../workers/detectors/detector.ts'
import { snapRate } from '../../../workers/detectors/frame_clock.ts'
import { detectorNamed, measurements } from '../../../workers/detectors/mod.ts'
import { measureFilm } from '../../../workers/measure_film.ts'
import type { Tools } from '../../../workers/operation.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { findTools } from '../../../workers/tools.ts'
import { folder, footage, tools, witness } from '../../media.ts'

const peers = ['content', 'adaptive', 'threshold', 'hash', 'histogram'] as const

type Golden = Record<(typeof peers)[number], { cuts: number[]; metrics: (number | null)[] }> & {
  frames: number
  rate: string
}

const read = (name: string) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../goldens', name), 'utf8')) as Record<
    string,
    Golden
  >
const [clips, films] = [read('clips.json'), read('films.json')]
const source = footage('tears_of_steel.webm')
const media = source && footage('sintel.mp4') ? path.dirname(source) : undefined
const place = folder()

/** What the peer said of these very frames; undefined, said aloud, where other frames were made here. */
function goldenOf(file: string): Golden | undefined {
  const golden = clips[hashFrames(file)]
  if (!golden) console.log(`SKIPPED: ${path.basename(file)} came out differently here`)
  return golden
}

async function measure(file: string, binaries: Tools): Promise<Measured> {
  const said = witness()
  const probe = await probeFile(file, binaries, said)
  const context = { ...said, report: () => undefined }
  return { ...probe.video, ...(await measureFilm(file, probe, measurements, binaries, context)) }
}

async function assertSame(file: string, golden: Golden, binaries: Tools): Promise<void> {
  const measured = await measure(file, binaries)
  const { num, den } = snapRate(measured.frameRate)
  const name = `${path.basename(file)} with ffmpeg ${binaries.version}`
  assert.is(measured.pts.length, golden.frames, name)
  assert.is(`${num}/${den}`, golden.rate, name)
  for (const peer of peers) {
    const detector = detectorNamed(peer)
    const settings = { threshold: detector.threshold.default, minSceneLength: 15 }
    assert.equal(detector.decide(measured, settings), golden[peer].cuts, `${peer}, ${name}`)
    const scores = detector.scores(measured)
    golden[peer].metrics.forEach((metric, frame) => {
      if (metric === null) return // it has none for the first frames, and adaptive for the last
      const ours = peer === 'histogram' ? 1 - (scores[frame] ?? NaN) : (scores[frame] ?? NaN)
      assert.ok(Math.abs(ours - metric) < 1e-6, `${peer}, ${name}: frame ${frame} has ${ours}, not ${metric}`)
    })
  }
}

const suites = suite('detectors on golden clips')

for (const name of media ? goldenClips : []) {
  suites(`agree on ${name}`, async () => {
    const file = makeGoldenClip(name, media ?? '', place)
    const golden = goldenOf(file)
    if (golden) await assertSame(file, golden, await tools())
  })
}

for (const name of media ? goldenFilms : []) {
  suites(`agree on ${name}, all of it`, async () => {
    const golden = films[name]
    assert.ok(golden)
    await assertSame(path.join(media ?? '', name), golden, await tools())
  })
}

suites('agree whatever ffmpeg there is', async () => {
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

suites.run()
