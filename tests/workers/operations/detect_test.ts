/**
 * Detection as an operation: what it emits, on real footage and where there is little to find.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { detectorNamed } from '../../../workers/detectors/mod.ts'
import { sceneListCsv } from '../../../workers/media/scenes.ts'
import { type Emission, OperationError } from '../../../workers/operation.ts'
import detect, { detectScenes } from '../../../workers/operations/detect.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { cutsClip, footage, make, tools, witness } from '../../media.ts'
import { jobFor } from '../job.ts'

const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }

async function found(file: string, wishes = settings) {
  const said = witness()
  const probe = await probeFile(file, await tools(), said)
  return { ...(await detectScenes(file, probe, wishes, await tools(), said)), said, probe }
}

const real = suite('detection of the shared footage')
const goldens = path.join(import.meta.dirname, '../../goldens')
const answers = footage('pyscenedetect.json')
const told = (answers ? JSON.parse(readFileSync(answers, 'utf8')) : {}) as Record<
  string,
  { frames: number; content_30_15: number[]; scores: number[] }
>

for (const [name, answer] of Object.entries(told)) {
  real(`agrees with PySceneDetect on ${name}, scores and scene list included`, async () => {
    const result = await found(footage(name) ?? '')
    assert.is(result.frames, answer.frames)
    assert.equal(result.cuts, answer.content_30_15)
    const worst = Math.max(...answer.scores.map((score, i) => Math.abs(score - (result.scores[i] ?? NaN))))
    assert.ok(worst < 1e-6, `a score is off by ${worst}`)
    const list = readFileSync(path.join(goldens, `${path.parse(name).name}.csv`), 'utf8')
    assert.is(sceneListCsv(result), list)
  })
}

real.run()

const operation = suite('detect')

type Of<Kind extends Emission['kind']> = Extract<Emission, { kind: Kind }>
const emitted = <Kind extends Emission['kind']>(emissions: Emission[], kind: Kind) =>
  emissions.filter((emission): emission is Of<Kind> => emission.kind === kind)

operation('emits scores as they come, then the source, then the cuts from frame 0 on', async () => {
  const file = cutsClip('detect.mp4', [40, 30, 50])
  const said = witness()
  await detect.run(await jobFor(file), said)
  const [source] = emitted(said.emissions, 'source')
  assert.is(source?.frames, 120)
  assert.is(source?.duration, 4.8)
  assert.match(source?.timeBase ?? '', /^1\/\d+$/)
  const [cuts] = emitted(said.emissions, 'cuts')
  assert.equal(cuts?.cuts, [
    { frame: 0, time: 0 },
    { frame: 40, time: 1.6 },
    { frame: 70, time: 2.8 },
  ])
  assert.equal(
    said.emissions.map((emission) => emission.kind),
    ['scores', 'source', 'cuts'],
  )
  assert.is(said.reports.at(-1), 1)
  assert.is(said.running.size, 0)
})

operation('keeps measures in stretches from which any threshold can be decided again', async () => {
  const file = make('long.mp4', [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=50:duration=25',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ],
  ])
  const said = witness()
  const job = await jobFor(file)
  await detect.run(job, said)
  const stretches = emitted(said.emissions, 'scores')
  assert.equal(
    stretches.map(({ startFrame, measures }) => [startFrame, measures.pts?.length]),
    [
      [0, 1000],
      [1000, 250],
    ],
  )
  const { video } = await probeFile(file, await tools(), said)
  const joined = (name: string) =>
    Float64Array.from(stretches.flatMap(({ measures }) => [...(measures[name] ?? [])]))
  const measures = { hue: joined('hue'), saturation: joined('saturation'), luma: joined('luma') }
  const stored = { ...video, pts: joined('pts'), measures }
  for (const threshold of [2, 5, 30]) {
    const wishes = { ...settings, threshold }
    assert.equal(detectorNamed('content').decide(stored, wishes), (await found(file, wishes)).cuts)
  }
})

operation('goes on after a kill where the last stored stretch ends', async () => {
  const file = make('killed.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=50:duration=90,noise=alls=20:allf=t'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '100'],
  ])
  const job = await jobFor(file, { tools: { ...(await tools()), threads: 1 } })
  const undisturbed = witness()
  await detect.run(job, undisturbed)

  const kill = new AbortController()
  const killed = witness(kill.signal)
  const emit = async (emission: Emission) => {
    await killed.emit(emission)
    if (emitted(killed.emissions, 'scores').length === 2) kill.abort(new Error('killed'))
  }
  const failure = await detect.run(job, { ...killed, emit }).catch((error: unknown) => error)
  assert.is((failure as Error).message, 'killed')
  assert.is(killed.running.size, 0)

  for (const threads of [1, 2]) {
    const measured = stored(killed.emissions.slice(0, 2))
    const resumed = witness()
    const read: number[] = []
    const report = (done: number) => void read.push(done)
    const again = { ...job, tools: { ...job.tools, threads }, measured }
    await detect.run(again, { ...resumed, report })
    assert.is(read[0], 2001)
    const most = 4500 + threads * 150 // to a keyframe behind each place where reading begins, and into the next part
    assert.ok((read.at(-1) ?? 0) < most, `${read.at(-1)} frames were read, of 4500, after 2000`)
    const others = emitted(resumed.emissions, 'scores')
    assert.equal(
      others.map(({ startFrame, measures }) => [startFrame, measures.pts?.length]),
      [
        [2000, 1000],
        [3000, 1000],
        [4000, 500],
      ],
    )
    assert.equal(
      stored([...killed.emissions.slice(0, 2), ...resumed.emissions]),
      stored(undisturbed.emissions),
    )
    assert.equal(emitted(resumed.emissions, 'cuts'), emitted(undisturbed.emissions, 'cuts'))
  }
})

operation('measures anew what does not fit to what was stored', async () => {
  const file = make('long.mp4', [])
  const said = witness()
  const job = await jobFor(file)
  await detect.run(job, said)
  const measured = stored(said.emissions.slice(0, 1))
  measured.hue = (measured.hue ?? new Float64Array(0)).map((value) => value + 1)
  const anew = witness()
  await detect.run({ ...job, measured }, anew)
  assert.equal(stored(anew.emissions), stored(said.emissions))
})

/** What the rows of these emissions come to. */
function stored(emissions: Emission[]): Record<string, Float64Array> {
  const stretches = emitted(emissions, 'scores')
  const names = Object.keys(stretches[0]?.measures ?? {})
  const all = (name: string) =>
    Float64Array.from(stretches.flatMap(({ measures }) => [...(measures[name] ?? [])]))
  return Object.fromEntries(names.map((name) => [name, all(name)]))
}

operation('finds one scene where nothing changes', async () => {
  const file = make('still.mp4', ['-f', 'lavfi', '-i', 'color=gray:size=64x64:rate=25:duration=1'])
  const { frames, cuts, duration } = await found(file)
  assert.equal({ frames, cuts, duration }, { frames: 25, cuts: [], duration: 1 })
})

operation('tells times by PTS where frames are not evenly spaced', async () => {
  const file = make('uneven.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25:duration=1'],
    ...['-vf', 'setpts=(N+10*floor(N/5))/25/TB', '-vsync', '0', '-c:v', 'libx264'],
  ])
  const { times } = await found(file)
  assert.equal(
    [...times.subarray(3, 7)].map((time) => Math.round(time * 100) / 100),
    [0.12, 0.16, 0.6, 0.64],
  )
})

operation('counts from the first frame where a file starts late', async () => {
  const late = make('late.mkv', [
    ...['-i', cutsClip('detect.mp4', [40, 30, 50]), '-c', 'copy', '-output_ts_offset', '0.5'],
  ])
  const { times, cuts } = await found(late)
  assert.is(times[0], 0)
  assert.equal(cuts, [40, 70])
})

operation('goes on past a few broken frames, and says what is missing', async () => {
  const file = make('torn.mkv', ['-i', cutsClip('detect.mp4', [40, 30, 50]), '-an', '-c', 'copy'])
  const { said, probe } = await found(file)
  assert.equal(said.warnings, [])
  const claim = { ...probe, duration: 16, video: { ...probe.video, frames: 400 } }
  await detectScenes(file, claim, settings, await tools(), said)
  assert.match(said.warnings[0] ?? '', /120 frames could be decoded where the file claims 400/)
})

operation('names a detector that there is not, and stops when it is told to', async () => {
  const file = cutsClip('detect.mp4', [40, 30, 50])
  try {
    await found(file, { ...settings, detector: 'magic' })
    assert.unreachable()
  } catch (error) {
    assert.is(error instanceof OperationError && error.code, 'unknown_detector')
  }
  const cancel = new AbortController()
  const said = witness(cancel.signal)
  const probe = await probeFile(file, await tools(), said)
  const running = detectScenes(file, probe, settings, await tools(), said)
  cancel.abort(new Error('enough'))
  try {
    await running
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'enough')
  }
})

operation.run()
