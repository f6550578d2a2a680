/**
 * Jobs for tests of operations, and what their outputs look like from outside.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { usualNaming } from '../../workers/media/file_names.ts'
import { readPackets } from '../../workers/media/packets.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { withOverrides } from '../../workers/media/preset_text.ts'
import { builtinPresets } from '../../workers/media/presets.ts'
import type { EmittedFile, Frames, Job, JobFile, JobScene, Tools } from '../../workers/operation.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { folder, tools, type Witness, witness } from '../media.ts'

const binaries = await tools()

interface Wishes {
  tools?: Tools
  overrides?: Record<string, unknown>
  /** First frames of scenes; the first is 0. */
  cuts?: number[]
  groups?: number[][]
  ticked?: number[]
}

/** A job about `source`, with its scenes as the detector would have told them. */
export async function jobFor(
  source: string,
  { tools: given, overrides = {}, cuts = [0], groups = [], ticked }: Wishes = {},
): Promise<Job> {
  const place = folder()
  const folders = { project: path.join(place, 'project'), work: path.join(place, 'work'), rd: null }
  mkdirSync(folders.project)
  mkdirSync(folders.work)
  const { probe, frames } = await knownOf(source)
  return {
    session: {
      key: 'k3y',
      pipeline: 'archive',
      artwork: 'Tide Study',
      projectDate: '26-11-20',
      preset: withOverrides(preset(), { 'video.speed': 'ultrafast', ...overrides }),
      presetName: 'Webflow standard',
      encoder: 'x264',
      detector: 'content',
      threshold: 30,
      minSceneLength: 15,
      aspect: null,
      copyright: '© Yambo Studio',
      naming: usualNaming,
      generateLog: true,
      createdAt: '2026-11-20 10:00:00.000',
    },
    tools: given ?? binaries,
    patience: 120,
    folders,
    files: [sourceFile(source, structuredClone(probe))],
    frames: structuredClone(frames),
    measured: {},
    scenes: scenesOf(cuts, frames, ticked),
    groups: groups.map((scenes, n) => ({ number: n + 1, name: null, scenes })),
    done: [],
    operations: [],
  }
}

interface Known {
  probe: Probe
  frames: Frames
}

const known = new Map<string, Promise<Known>>()

/** What there is to know of a file, looked at once while it stays the same. */
export function knownOf(source: string): Promise<Known> {
  const { size, mtimeMs, ino } = statSync(source)
  const name = [source, size, mtimeMs, ino].join()
  const found = known.get(name) ?? look(source)
  known.set(name, found)
  return found
}

const look = async (source: string): Promise<Known> => ({
  probe: await probeFile(source, binaries, witness()),
  frames: framesOf(source),
})

function preset() {
  const [standard] = builtinPresets
  if (!standard) throw new Error('There is no built-in preset.')
  return standard.settings
}

export function sourceFile(file: string, probe: Probe | null = null): JobFile {
  return {
    id: 1,
    role: 'source',
    path: file,
    bytes: null,
    sha256: null,
    scene: null,
    frame: null,
    width: null,
    height: null,
    sourceFileId: null,
    probe,
  }
}

function scenesOf(cuts: number[], { times, duration }: Frames, ticked?: number[]): JobScene[] {
  return cuts.map((startFrame, n) => {
    const endFrame = cuts[n + 1] ?? times.length
    return {
      number: n + 1,
      startFrame,
      endFrame,
      startTime: times[startFrame] ?? 0,
      endTime: times[endFrame] ?? duration,
      ticked: ticked ? ticked.includes(n + 1) : true,
      pickedFrame: null,
    }
  })
}

export interface Inspection {
  format?: { size?: string; duration?: string; tags?: Record<string, string> }
  streams: (Record<string, string> & { width: number; height: number; level: number; index: number })[]
  frames: Record<string, string>[]
  packets?: Record<string, string>[]
}

/** ffprobe's JSON about a file. */
export function inspect(file: string, ...args: string[]): Inspection {
  const given = ['-v', 'error', '-show_streams', ...args, '-of', 'json', `file:${file}`]
  return JSON.parse(
    execFileSync(binaries.ffprobe, given, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as Inspection
}

/** Every frame's time, as the detector would tell them. */
export function framesOf(file: string, rate = 25): Frames {
  const tick = ['-vf', 'scale=2:2,settb=1/1000000', '-enc_time_base', '1/1000000']
  const lines = decoded(file, ['-map', '0:V:0', ...tick, '-vsync', '0', '-f', 'framecrc'], '-copyts')
  const pts = readPackets(lines.toString()).map(({ time }) => time)
  const times = Float64Array.from(pts, (time) => time - (pts[0] ?? 0))
  return {
    times,
    brightness: new Float64Array(times.length).fill(100),
    duration: (times.at(-1) ?? 0) + 1 / rate,
  }
}

/** Mean luma of every frame, 0 to 255, as decoded upright by the bundled ffmpeg. */
export function lumas(file: string): number[] {
  const filters = 'scale=1:1:flags=area,format=gray'
  return [...decoded(file, ['-map', '0:V:0', '-vf', filters, '-vsync', '0', '-f', 'rawvideo'])]
}

/** The samples of the first audio stream, mixed to mono, -1 to 1. */
export function samples(file: string, rate = 48000): Float32Array {
  const bytes = decoded(file, ['-map', '0:a:0', '-ac', '1', '-ar', String(rate), '-f', 'f32le'])
  return Float32Array.from({ length: bytes.length >> 2 }, (_, n) => bytes.readFloatLE(n * 4))
}

const decoded = (file: string, args: string[], ...before: string[]): Buffer =>
  execFileSync(
    binaries.ffmpeg,
    ['-v', 'error', '-nostdin', ...before, '-i', `file:${file}`, ...args, 'pipe:1'],
    {
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )

/** The files an operation handed over, by their final name. */
export const emitted = ({ emissions }: Witness): EmittedFile[] =>
  emissions.flatMap((emission) => (emission.kind === 'file' ? [emission.file] : []))
