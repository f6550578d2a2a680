/**
 * Makes or finds footage for tests, and gives them a place to work in.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Context, Emission, Tools } from '../workers/operation.ts'
import { bundledFfmpeg, findTools } from '../workers/tools.ts'

let found: Promise<Tools> | undefined

/** The bundled ffmpeg, which is the same on every machine, so that what it makes is too. */
export const tools = (): Promise<Tools> => (found ??= findTools(bundledFfmpeg(), 2))

/** A folder of its own for this process, removed when it ends. */
export const scratch = mkdtempSync(path.join(os.tmpdir(), 'cutroom-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A new empty folder. */
export const folder = () => mkdtempSync(path.join(scratch, 'f-'))

const shared = path.resolve(import.meta.dirname, '../../shared/media')

/** The path of a clip in `../shared/media`, or undefined (said aloud) where that folder is absent. */
export function footage(name: string): string | undefined {
  const file = path.join(shared, name)
  if (existsSync(file)) return file
  console.log(`SKIPPED: ${name} is not here (no ../shared/media)`)
  return undefined
}

/** Makes a file once per process with the bundled ffmpeg. `args` come before the output's name. */
export function make(name: string, args: string[]): string {
  const file = path.join(scratch, 'made', name)
  if (existsSync(file)) return file
  mkdirSync(path.dirname(file), { recursive: true })
  execFileSync(bundledFfmpeg(), ['-v', 'error', '-nostdin', '-y', ...args, `file:${file}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return file
}

/** Hard cuts at known frames: solid and patterned stretches of `lengths` frames each, 25 fps, with a tone. */
export function cutsClip(
  name: string,
  lengths: number[],
  { size = '320x180', args = ['-c:v', 'libx264', '-crf', '18', '-c:a', 'aac'] } = {},
): string {
  const colours = ['red', 'blue', 'white', 'green', 'yellow', 'purple', 'gray', 'orange']
  const inputs = lengths.flatMap((frames, i) => [
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=${size}:rate=25:duration=${frames / 25}[a];color=${colours[i % colours.length]}:size=${size}:rate=25:duration=${frames / 25}[b];[b][a]blend=all_mode=average`,
  ])
  const tone = [
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=440:sample_rate=48000:duration=${lengths.reduce((a, b) => a + b, 0) / 25}`,
  ]
  const graph = `${lengths.map((_, i) => `[${i}:v]`).join('')}concat=n=${lengths.length}:v=1:a=0,format=yuv420p[v]`
  return make(name, [
    ...inputs,
    ...tone,
    '-filter_complex',
    graph,
    '-map',
    '[v]',
    '-map',
    `${lengths.length}:a`,
    ...args,
  ])
}

export interface Witness extends Context {
  emissions: Emission[]
  warnings: string[]
  reports: number[]
  running: Set<number>
}

/** A context that remembers what an operation said. */
export function witness(signal = new AbortController().signal): Witness {
  const running = new Set<number>()
  const [emissions, warnings, reports]: [Emission[], string[], number[]] = [[], [], []]
  return {
    signal,
    emissions,
    warnings,
    reports,
    running,
    report: (done, total) => void reports.push(total > 0 ? done / total : 0),
    emit: async (emission) => void emissions.push(emission),
    warn: (sentence) => void warnings.push(sentence),
    children: { started: (pid) => void running.add(pid), ended: (pid) => void running.delete(pid) },
  }
}
