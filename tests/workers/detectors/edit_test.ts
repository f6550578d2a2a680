/**
 * Flash, dissolve and edit on a film that was made of the sample with transitions that are known, and on real ones.
 */

import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeEditFilm } from '../../../scripts/edit_film.ts'
import { type Edit, planEdit } from '../../../scripts/edits.ts'
import { judge, type Verdict } from '../../../scripts/judge_edits.ts'
import type { Measured } from '../../../workers/detectors/detector.ts'
import { detectorNamed, measurements } from '../../../workers/detectors/mod.ts'
import { measureFilm } from '../../../workers/measure_film.ts'
import { bundledFfmpeg } from '../../../workers/tools.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { folder, footage, tools, witness } from '../../media.ts'

const sample = path.resolve(import.meta.dirname, '../../../static/sample/sintel.mp4')

/** Shots of the sample without a transition inside, and without much motion. */
const shots = [
  { from: 95, to: 124 },
  { from: 140, to: 205 },
  { from: 304, to: 336 },
  { from: 464, to: 503 },
  { from: 574, to: 620 },
]

const transitions = {
  cut: 3,
  'flash on a cut': 1,
  'dissolve 0.25 s': 1,
  'dissolve 0.5 s': 1,
  'dissolve 1 s': 2,
  'dissolve 2 s': 1,
  'fade through black': 2,
  'fade through white': 1,
}
const baits = { flash: 3, 'flash in a part': 1, strobe: 2 }

interface Made {
  edit: Edit
  measured: Measured
}

let made: Promise<Made> | undefined
const film = () => (made ??= make())

async function make(): Promise<Made> {
  const edit = planEdit(shots, { ...transitions, ...baits }, 2)
  const file = path.join(folder(), 'edit.mp4')
  await makeEditFilm(bundledFfmpeg(), sample, edit.pictures, { width: 256, height: 108 }, file)
  return { edit, measured: await measure(file) }
}

async function measure(file: string): Promise<Measured> {
  const [binaries, said] = [await tools(), witness()]
  const probe = await probeFile(file, binaries, said)
  const frames = await measureFilm(file, probe, measurements, binaries, { ...said, report: () => undefined })
  const { timeBase, frameRate, codec, reordered } = probe.video
  return { ...frames, timeBase, frameRate, codec, reordered }
}

const cutsOf = (name: string, measured: Measured) =>
  detectorNamed(name).decide(measured, { threshold: 30, minSceneLength: 15 })

async function verdict(name: string): Promise<Verdict> {
  const { edit, measured } = await film()
  return judge(cutsOf(name, measured), edit)
}

const kinds = (of: { kind: string }[], pattern: RegExp) =>
  of.map(({ kind }) => kind).filter((kind) => pattern.test(kind))

const edits = suite('made edits')

edits('fool the content detector: flashes are cuts, dissolves are none', async () => {
  const content = await verdict('content')
  assert.ok(kinds(content.false, /flash|strobe/).length >= 3)
  assert.ok(kinds(content.missed, /dissolve/).length >= 4)
  assert.equal(kinds(content.missed, /cut/), [])
})

edits('keep their cuts with flash, and lose their flashes', async () => {
  const flash = await verdict('flash')
  assert.equal(kinds(flash.false, /flash|strobe/), [])
  assert.equal(kinds(flash.missed, /cut/), [])
})

edits('show their dissolves and fades to dissolve', async () => {
  const dissolve = await verdict('dissolve')
  assert.equal(kinds(dissolve.missed, /./), [])
  assert.ok(kinds(dissolve.false, /flash|strobe/).length >= 3, 'which flash is for')
})

edits('are taken apart by edit without a fault', async () => {
  const { missed, false: made } = await verdict('edit')
  assert.equal({ missed, made }, { missed: [], made: [] })
})

edits(
  'raise the scores where there is a transition, and nowhere else lower them but in flashes',
  async () => {
    const { measured } = await film()
    const [content, dissolve] = ['content', 'dissolve'].map((name) => detectorNamed(name).scores(measured))
    const changed = [...(dissolve ?? [])].filter((score, i) => score !== content?.[i])
    assert.ok(changed.length >= 8)
    assert.ok([...(dissolve ?? [])].every((score, i) => score >= (content?.[i] ?? NaN)))
  },
)

edits.run()

/** Transitions that content finds none of, as the eye sees them: frames from first to last. */
const seen: Record<string, [from: number, to: number][]> = {
  'sintel.mp4': [
    [118, 136], // through fog
    [830, 870],
    [961, 1015],
  ],
  'big_buck_bunny.mp4': [[751, 805]],
}

const films = suite('films')

for (const [name, spans] of Object.entries(seen)) {
  films(`with dissolves show them: ${name}`, async () => {
    const file = footage(name)
    if (!file) return
    const measured = await measure(file)
    const [content = [], edit = []] = ['content', 'edit'].map((name) => cutsOf(name, measured))
    for (const [from, to] of spans) {
      const inside = (cuts: number[]) => cuts.filter((frame) => frame >= from && frame <= to).length
      assert.equal([inside(content), inside(edit)], [0, 1], `${from} to ${to}`)
    }
  })
}

films('with muzzle flashes are cut a frame later, where the scene really changes', async () => {
  const file = footage('tears_of_steel.webm')
  if (!file) return
  const measured = await measure(file)
  const [content = [], flash = []] = ['content', 'flash'].map((name) => cutsOf(name, measured))
  assert.equal(
    content.filter((frame) => !flash.includes(frame)),
    [157],
  )
  assert.equal(
    flash.filter((frame) => !content.includes(frame)),
    [158],
  )
})

films.run()
