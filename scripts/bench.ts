/**
 * `npm run bench`: what Cutroom costs beside what cannot be cheaper, as ratios of interleaved runs.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ffmpeg, input } from '../workers/ffmpeg.ts'
import { scenesFromCuts } from '../workers/media/scenes.ts'
import { builtinPresets } from '../workers/media/presets.ts'
import type { Context, Emission, EmittedFile, Job, JobFile, Tools } from '../workers/operation.ts'
import clips from '../workers/operations/clips.ts'
import { type Detection, detectScenes } from '../workers/operations/detect.ts'
import { probeFile } from '../workers/operations/probe.ts'
import stillsHq from '../workers/operations/stills_hq.ts'
import stillsWeb from '../workers/operations/stills_web.ts'
import { findTools } from '../workers/tools.ts'
import { benchEvents } from './bench_events.ts'
import { benchPages } from './bench_pages.ts'

const project = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    media: { type: 'string', default: path.join(project, '../shared/media') },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = Math.max(1, Number(values.rounds))
const scratch = mkdtempSync(path.join(os.tmpdir(), 'cutroom-bench-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const tools = await findTools(process.env.CUTROOM_FFMPEG, os.availableParallelism(), process.env.PATH)
const quiet: Context = {
  signal: new AbortController().signal,
  report: () => undefined,
  emit: async () => undefined,
  warn: () => undefined,
  children: { started: () => undefined, ended: () => undefined },
}

async function bench(): Promise<void> {
  console.log(`ffmpeg ${tools.version}, ${os.availableParallelism()} cores, ${rounds} rounds, medians\n`)
  console.log(row('measure', 'ours', 'against', 'ratio'))
  await compare('start-up: cutroom --help / node -e ""', {
    ours: async () =>
      void execFileSync(process.execPath, [path.join(project, 'scripts/cutroom.mjs'), '--help']),
    against: async () => void execFileSync(process.execPath, ['-e', '']),
  })
  for (const file of findMedia()) {
    const name = path.basename(file)
    await compare(`detection / bare decode: ${name}`, {
      ours: () => detection(file),
      against: () => bareDecode(file),
    })
    await compare(`detect + stills + clips / one x264 pass: ${name}`, {
      ours: () => wholeJob(file),
      against: () => bareEncode(file),
    })
  }

  console.log('\nfirst byte with 500 sessions and 50,000 files (reach: 50 ms)')
  for (const { page, firstByte } of await benchPages(tools))
    console.log(`  ${page.padEnd(62)}${firstByte.toFixed(1).padStart(8)} ms`)

  const { ours, bare } = await benchEvents({ browsers: 200, perSecond: 50, seconds: 5 })
  console.log('\nevent stream, 200 browsers, 50 messages a second / bare node:http')
  console.log(row('  delivered', percent(ours.delivered), percent(bare.delivered), ''))
  console.log(
    row(
      '  p99',
      `${ours.p99.toFixed(1)} ms`,
      `${bare.p99.toFixed(1)} ms`,
      `${(ours.p99 / bare.p99).toFixed(2)}x`,
    ),
  )
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`
}

function findMedia(): string[] {
  const folder = existsSync(values.media) ? values.media : path.join(project, 'static/sample')
  return readdirSync(folder)
    .filter((name) => /\.(mp4|mov|mkv|webm|mxf)$/i.test(name))
    .map((name) => path.join(folder, name))
}

/** Runs both by turns, so that a machine that slows down slows both, and prints medians and their ratio. */
async function compare(name: string, { ours, against }: Record<'ours' | 'against', () => Promise<unknown>>) {
  const times = { ours: [] as number[], against: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.against.push(await seconds(against))
    times.ours.push(await seconds(ours))
  }
  const [a, b] = [median(times.ours), median(times.against)]
  console.log(row(name, `${a.toFixed(2)} s`, `${b.toFixed(2)} s`, `${(a / b).toFixed(2)}x`))
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function row(name: string, ...figures: string[]): string {
  return name.padEnd(64) + figures.map((figure) => figure.padStart(10)).join('')
}

const bareDecode = (file: string) =>
  ffmpeg(tools, [...input(file), '-map', '0:v:0', '-f', 'null', '-'], quiet)

/** The same encoder settings as the clips: the built-in preset, whole file, nothing else. */
function bareEncode(file: string): Promise<void> {
  const { video, audio } = preset.settings
  const picture = [
    '-c:v',
    'libx264',
    '-preset',
    video.speed,
    '-crf',
    String(video.crf),
    '-pix_fmt',
    'yuv420p',
  ]
  const sound = ['-c:a', 'aac', '-b:a', `${audio.bitrate}k`]
  return ffmpeg(
    tools,
    [...input(file), ...picture, ...sound, '-f', 'mp4', path.join(scratch, 'bare.mp4')],
    quiet,
  )
}

const preset = (() => {
  const [first] = builtinPresets
  if (!first) throw new Error('There is no built-in preset.')
  return first
})()

const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }

async function detection(file: string): Promise<Detection> {
  const probe = await probeFile(file, tools, quiet)
  return detectScenes(file, probe, settings, tools, quiet)
}

/** Detection, stills of every scene in both sizes, clips of every scene: one after another. */
async function wholeJob(file: string): Promise<void> {
  const probe = await probeFile(file, tools, quiet)
  const brightness: Float64Array[] = []
  const onStretch = (_start: number, measures: Record<string, Float64Array>) =>
    void brightness.push(measures.brightness ?? new Float64Array())
  const found = await detectScenes(file, probe, settings, tools, { ...quiet, onStretch })
  const source: JobFile = { ...blank, id: 1, role: 'source', path: file, bytes: probe.bytes, probe }
  const job = jobFor(found, source, Float64Array.from(brightness.flatMap((stretch) => [...stretch])), tools)
  for (const operation of [stillsHq, stillsWeb, clips])
    await operation.run(job, { ...quiet, emit: collect(job) })
  rmSync(job.folders.project, { recursive: true })
}

/** Web stills are made from the HQ ones, so what one operation emits the next one reads. */
const collect = (job: Job) => async (emission: Emission) => {
  if (emission.kind === 'file') job.files.push(asJobFile(emission.file, job.files.length + 1))
}

const asJobFile = (file: EmittedFile, id: number): JobFile => ({
  ...blank,
  id,
  role: file.role,
  path: file.path,
  bytes: file.bytes,
  sha256: file.sha256,
  scene: file.scene ?? null,
  frame: file.frame ?? null,
})

const blank = {
  bytes: null,
  sha256: null,
  scene: null,
  frame: null,
  width: null,
  height: null,
  sourceFileId: null,
  probe: null,
}

function jobFor(found: Detection, source: JobFile, brightness: Float64Array, binaries: Tools): Job {
  const folder = mkdtempSync(path.join(scratch, 'job-'))
  const work = path.join(folder, 'work')
  mkdirSync(work)
  return {
    session: {
      key: 'bench',
      pipeline: 'archive',
      artwork: 'Bench',
      projectDate: '26-01-01',
      preset: preset.settings,
      presetName: preset.name,
      encoder: 'x264',
      ...settings,
      aspect: null,
      copyright: '©',
      generateLog: false,
      createdAt: '2026-01-01 00:00:00.000',
    },
    tools: binaries,
    folders: { project: folder, work, rd: null },
    files: [source],
    frames: { times: found.times, brightness, duration: found.duration },
    scenes: scenesFromCuts(found).map(({ start, end, ...scene }) => ({
      ...scene,
      startTime: start,
      endTime: end,
      ticked: true,
    })),
    groups: [],
    done: [],
    operations: [],
  }
}

await bench()
