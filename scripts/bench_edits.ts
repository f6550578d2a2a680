/**
 * `npm run bench-edits`: how many transitions of made edits each detector finds, and how many cuts it makes up.
 */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Detector, Measured } from '../workers/detectors/detector.ts'
import { detectorNamed, detectors, measurements } from '../workers/detectors/mod.ts'
import { measureFilm } from '../workers/measure_film.ts'
import { probeFile } from '../workers/probe_file.ts'
import { bundledFfmpeg, findTools } from '../workers/tools.ts'
import { makeEditFilm } from './edit_film.ts'
import { type Edit, planEdit, type Shot } from './edits.ts'
import { judge, rates, tolerance, type Verdict } from './judge_edits.ts'

const project = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    media: { type: 'string', default: path.join(project, '../shared/media') },
    tuning: { type: 'boolean', default: false },
  },
})

/** Frames of the footage between whose ends nothing is cut, dissolved or faded, as seen by eye. */
const footage: Record<string, [from: number, to: number][]> = {
  'tears_of_steel.webm': [
    ...pairs('0-52 52-122 122-155 166-221 221-309 310-420 420-540 540-715 715-788 788-872 872-901 901-961'),
    ...pairs('987-1110 1127-1156 1170-1203 1203-1234 1254-1284 1284-1345 1345-1378 1384-1430 1446-1472'),
    ...pairs('1472-1525 1525-1571 1571-1618 1618-1650'),
  ],
  'sintel.mp4': [
    ...pairs('95-124 140-170 170-205 304-336 336-358 398-422 464-503 548-573 574-623 623-660 697-720'),
    ...pairs('722-740 740-762 800-832 885-960 1042-1098'),
  ],
  'big_buck_bunny.mp4': pairs(
    '60-170 170-285 285-378 378-430 430-488 560-605 880-960 1000-1145 1145-1230 1230-1346 1375-1440',
  ),
}

const wanted = {
  cut: 23,
  'flash on a cut': 5,
  'dissolve 0.25 s': 6,
  'dissolve 0.5 s': 6,
  'dissolve 1 s': 6,
  'dissolve 1.5 s': 6,
  'dissolve 2 s': 6,
  'dip to black': 3,
  'fade through black': 5,
  'fade through white': 5,
  'whip pan to a scene': 6,
  flash: 8,
  'flash in a part': 5,
  strobe: 5,
  'whip pan': 5,
  'light goes down': 3,
}

const size = { width: 640, height: 272 }
const minSceneLength = 15
const quiet = {
  signal: new AbortController().signal,
  report: () => undefined,
  children: { started: () => undefined, ended: () => undefined },
}

interface Measuring {
  edit: Edit
  measured: Measured
}

async function bench(): Promise<void> {
  const films: Measuring[] = []
  for (const [index, [name, shots]] of Object.entries(footage).entries()) {
    // Every other shot was looked at while the constants were chosen; these edits are made of the rest.
    const half = shots
      .filter((_, i) => i % 2 === (values.tuning ? 0 : 1))
      .map(([from, to]): Shot => ({ from, to }))
    const edit = planEdit(half, wanted, index + (values.tuning ? 10 : 60))
    films.push({ edit, measured: await measure(await filmOf(name, edit)) })
  }
  const transitions = films.flatMap(({ edit }) => edit.transitions)
  const baits = films.flatMap(({ edit }) => edit.baits)
  console.log(
    `${transitions.length} transitions and ${baits.length} baits in ${films.length} edits, ` +
      `${films.reduce((sum, { edit }) => sum + edit.pictures.length, 0)} frames; a cut may lie ${tolerance} frames beside\n`,
  )
  const columns = [...detectors.map((detector) => column(detector, films)), bestContent(films)]
  table(
    'of all',
    columns,
    (['precision', 'recall', 'f1'] as const).map((rate) => ({
      name: rate,
      value: ({ verdicts }) => `${(100 * rates(verdicts)[rate]).toFixed(1)}%`,
    })),
  )
  table('found', columns, [
    ...[...new Set(transitions.map(({ kind }) => kind))].sort().map((kind) => ({
      name: `${kind} (${transitions.filter((span) => span.kind === kind).length})`,
      value: ({ verdicts }: Column) => count(verdicts, ({ found }) => found, kind),
    })),
  ])
  const fooled = columns.flatMap(({ verdicts }) => verdicts.flatMap((verdict) => verdict.false))
  table('false cuts in', columns, [
    ...[...new Set(fooled.map(({ kind }) => kind))].sort().map((kind) => ({
      name: kind,
      value: ({ verdicts }: Column) => count(verdicts, (verdict) => verdict.false, kind),
    })),
  ])
}

/** Where the film lies: in the system's folder for temporary files, made once for each plan. */
async function filmOf(name: string, edit: Edit): Promise<string> {
  const plan = createHash('sha256')
    .update(JSON.stringify([name, size, edit]))
    .digest('hex')
    .slice(0, 12)
  const file = path.join(os.tmpdir(), 'cutroom-edits', `${path.parse(name).name}-${plan}.mp4`)
  if (existsSync(file)) return file
  mkdirSync(path.dirname(file), { recursive: true })
  const part = file.replace(/mp4$/, 'part.mp4')
  await makeEditFilm(bundledFfmpeg(), path.join(values.media, name), edit.pictures, size, part)
  renameSync(part, file)
  return file
}

async function measure(file: string): Promise<Measured> {
  const tools = await findTools(process.env.CUTROOM_FFMPEG, os.availableParallelism(), process.env.PATH)
  const probe = await probeFile(file, tools, quiet)
  const { timeBase, frameRate, codec, reordered } = probe.video
  const frames = await measureFilm(file, probe, measurements, tools, quiet)
  return { ...frames, timeBase, frameRate, codec, reordered }
}

interface Column {
  name: string
  verdicts: Verdict[]
}

function column({ name, threshold, decide }: Detector, films: Measuring[], at = threshold.default): Column {
  const settings = { threshold: at, minSceneLength }
  return { name, verdicts: films.map(({ edit, measured }) => judge(decide(measured, settings), edit)) }
}

/** Content with the threshold that suits these very edits best, which nobody knows before. */
function bestContent(films: Measuring[]): Column {
  const content = detectorNamed('content')
  const all = Array.from({ length: 50 }, (_, i) => ({
    ...column(content, films, i + 11),
    name: `content@${i + 11}`,
  }))
  return all.reduce((best, other) => (rates(other.verdicts).f1 > rates(best.verdicts).f1 ? other : best))
}

const count = (verdicts: Verdict[], of: (verdict: Verdict) => { kind: string }[], kind: string) =>
  String(verdicts.flatMap(of).filter((one) => one.kind === kind).length)

function table(
  title: string,
  columns: Column[],
  rows: { name: string; value(column: Column): string }[],
): void {
  const line = (name: string, cells: string[]) =>
    console.log(name.padEnd(26) + cells.map((cell) => cell.padStart(12)).join(''))
  line(
    title,
    columns.map(({ name }) => name),
  )
  for (const { name, value } of rows) line(name, columns.map(value))
  console.log()
}

function pairs(text: string): [number, number][] {
  return text.split(' ').map((range) => {
    const [from = 0, to = 0] = range.split('-').map(Number)
    return [from, to]
  })
}

await bench()
