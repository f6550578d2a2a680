/**
 * Parts of a film decoded side by side: the same as in one go, or not taken at all.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changes } from '../../workers/detectors/content.ts'
import { type Frames, join, startFilm } from '../../workers/detectors/film.ts'
import { measurements } from '../../workers/detectors/mod.ts'
import { planParts } from '../../workers/frame_ranges.ts'
import { measureFilm } from '../../workers/measure_film.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { cutsClip, make, tools, witness } from '../media.ts'

const codec = ['-c:v', 'libx264', '-preset', 'ultrafast']
const noise = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=20,noise=alls=20:allf=t']

async function measured(file: string, threads: number) {
  const said = witness()
  const binaries = { ...(await tools()), threads }
  const probe = await probeFile(file, binaries, said)
  const stretches: [number, number][] = []
  let decoders = 0
  const children = { started: () => void decoders++, ended: () => undefined }
  const found = await measureFilm(file, probe, measurements, binaries, {
    ...said,
    children,
    report: () => undefined,
    onStretch: (start, { pts }) => void stretches.push([start, pts?.length ?? 0]),
  })
  const parts = planParts(probe, threads, undefined).length
  return { found, parts, stretches, said, decoders }
}

const sideBySide = suite('decoding side by side')

for (const [name, args] of Object.entries({
  'closed.mp4': [...codec, '-g', '40', '-bf', '2'],
  'open.mkv': [...codec, '-bf', '3', '-x264-params', 'keyint=50:open-gop=1:b-pyramid=2'],
  'refreshed.mp4': [...codec, '-x264-params', 'keyint=50:intra-refresh=1'],
  'altref.webm': ['-c:v', 'libvpx', '-b:v', '1M', '-g', '60', '-auto-alt-ref', '1', '-lag-in-frames', '10'],
  'uneven.mkv': ['-vf', 'setpts=(N+0.1+10*floor(N/50))/25/TB', '-vsync', '0', ...codec, '-g', '30'],
  'late.mp4': [...codec, '-g', '40', '-output_ts_offset', '3'],
  'all_intra.mov': ['-c:v', 'prores_ks'],
})) {
  sideBySide(`measures ${name} as in one go`, async () => {
    const file = make(name, [...noise, ...args])
    const [one, two] = [await measured(file, 1), await measured(file, 2)]
    assert.is(one.parts, 1)
    assert.is(two.parts, 2)
    assert.equal(two.found, one.found)
    assert.equal(two.stretches, [[0, one.found.pts.length]])
    // One more, where what the parts saw did not agree: after each keyframe it takes a while until all is fresh.
    if (name !== 'refreshed.mp4') assert.is(two.decoders, 2)
  })
}

sideBySide('takes the parts of a long film in turn', async () => {
  const slow = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=2:duration=700', ...codec, '-g', '20']
  const file = make('long_film.mp4', slow)
  const [one, two] = [await measured(file, 1), await measured(file, 2)]
  assert.is(two.parts, 4)
  assert.is(two.decoders, 4)
  assert.equal(two.found, one.found)
  assert.equal(two.stretches, one.stretches)
})

sideBySide('leaves short films and formats without an index whole', async () => {
  assert.is((await measured(cutsClip('detect.mp4', [40, 30, 50]), 2)).parts, 1)
  assert.is((await measured(make('plain.avi', [...noise, ...codec]), 2)).parts, 1)
})

sideBySide.run()

const joining = suite('joining')

const frames = (first: number, count: number, change = 1): Frames => {
  const values = Float64Array.from({ length: count }, (_, i) => (first + i) * change)
  const measures = Object.fromEntries(changes.measures.map((name) => [name, values]))
  return { pts: Float64Array.from({ length: count }, (_, i) => first + i), measures }
}

function film(part: Frames, memory = 1) {
  const made = startFilm([{ ...changes, memory }], () => undefined)
  made.append(part)
  return made
}

joining('takes what the first part has not seen, and its word for where they meet', () => {
  const next = frames(6, 40)
  const hue = (next.measures.hue ?? new Float64Array(0)).slice()
  hue[0] = 0 // a decoder that starts here knows of no change
  const whole = film(frames(0, 30))
  assert.ok(join(whole, { pts: next.pts, measures: { ...next.measures, hue } }))
  assert.equal(whole.slice(0, whole.length()), frames(0, 46))
})

joining('does not mind what a decoder makes of frames before its keyframe', () => {
  const next = frames(6, 40)
  for (const values of [next.pts, ...Object.values(next.measures)]) values[1] = 3
  const whole = film(frames(0, 30))
  assert.ok(join(whole, next))
  assert.equal(whole.slice(0, whole.length()), frames(0, 46))
})

joining('drops what has only half arrived where a part was ended', () => {
  const whole = film(frames(0, 30))
  whole.onPts(30)
  assert.ok(join(whole, frames(6, 40)))
  assert.equal(whole.slice(0, whole.length()), frames(0, 46))
})

joining('takes no word of frames that were measured without those before them', () => {
  assert.not(join(film(frames(0, 40), 20), frames(5, 60)))
  assert.ok(join(film(frames(0, 40), 20), frames(4, 60)))
})

joining('refuses what does not fit', () => {
  const whole = film(frames(0, 30))
  assert.not(join(whole, frames(30, 10)), 'nothing was seen twice')
  assert.not(join(whole, frames(14, 40)), 'too little was seen twice')
  assert.not(join(whole, frames(6, 20)), 'it ends before the first part does')
  assert.not(join(whole, frames(6, 40, 2)), 'it looks different')
  assert.not(join(film(frames(0, 10)), frames(0, 40)), 'there is too little before it')
  const disordered = frames(6, 40)
  disordered.pts[28] = 3
  assert.not(join(whole, disordered), 'time runs backwards')
  assert.is(whole.length(), 30)
})

joining.run()
