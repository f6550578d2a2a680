/**
 * What an operation is: rows in, rows out. It knows ffmpeg and folders, and nothing of the
 * database, HTTP or the browser, so it could run on another machine unchanged.
 */

import type { Encoder, FileRole } from '../db/schema.ts'
import type { Naming } from './media/file_names.ts'
import type { PresetSettings } from './media/presets.ts'
import type { Probe } from './media/probe.ts'

export interface Operation {
  /** The file's name without its ending; what `operation.name` holds. */
  name: string
  /** What people see. */
  title: string
  run(job: Job, context: Context): Promise<Outcome>
}

/** Everything an operation may read. It survives a structured clone. */
export interface Job {
  session: JobSession
  tools: Tools
  /** Seconds without any progress after which a child counts as stuck. */
  patience: number
  /** Absolute paths. `work` is this operation's own, on the same file system as `project`; swept when it ends. */
  folders: { project: string; work: string; rd: string | null }
  /** The source and everything the session has made so far, absolute paths. */
  files: JobFile[]
  /** The source's frames as the detector saw them; null before detection. */
  frames: Frames | null
  /** For `detect`: `pts` and measures of the source's first frames, as far as they were stored before. */
  measured: Record<string, Float64Array>
  scenes: JobScene[]
  groups: JobGroup[]
  /** What this operation already emitted before it was interrupted, proven to be whole. */
  done: JobFile[]
  /** For `finish`: the other operations of the session. */
  operations: JobOperation[]
}

export interface JobSession {
  key: string
  pipeline: string
  artwork: string
  projectDate: string
  preset: PresetSettings
  presetName: string
  encoder: Encoder
  detector: string
  threshold: number
  minSceneLength: number
  /** Replaces the aspect suffix of names; null derives it from the picture. */
  aspect: string | null
  copyright: string
  /** How folders and files are called. */
  naming: Naming
  generateLog: boolean
  createdAt: string
}

/** Where the binaries are, and what they can do. */
export interface Tools {
  ffmpeg: string
  ffprobe: string
  version: string
  /** Names of the filters this ffmpeg has, of those we ask for. */
  filters: string[]
  /** True where a real test encode with NVENC succeeded. */
  nvenc: boolean
  /** Threads a child may use; its share of the cores in effect. */
  threads: number
  /** Seconds that ffmpeg takes to start, before it does anything: from 5 ms to 60, by how it was linked. */
  startUp: number
  /** All that children see of the environment; nothing unless given. */
  environment?: Record<string, string>
}

export interface JobFile {
  id: number
  role: FileRole
  path: string
  bytes: number | null
  sha256: string | null
  scene: number | null
  frame: number | null
  width: number | null
  height: number | null
  sourceFileId: number | null
  /** What `probe` found; only for the source and the copied master. */
  probe: Probe | null
}

/** One entry per decoded frame, in order. */
export interface Frames {
  /** Seconds from the first frame's PTS. */
  times: Float64Array
  /** Mean of all B, G and R values, 0 to 255. */
  brightness: Float64Array
  /** End of the last frame, seconds from the first frame's PTS. */
  duration: number
}

export interface JobScene {
  number: number
  startFrame: number
  /** Exclusive. */
  endFrame: number
  startTime: number
  endTime: number
  ticked: boolean
  /** The frame that a person picked for its still; it may lie outside the scene since a cut was moved. */
  pickedFrame: number | null
}

/** Two or more scenes, exported as one seamless clip. */
export interface JobGroup {
  number: number
  name: string | null
  /** Scene numbers, in the order they are to be played. */
  scenes: number[]
}

export interface JobOperation {
  name: string
  title: string
  status: string
  seconds: number | null
  warnings: string[]
  settings: Record<string, unknown>
  error: string | null
}

/** What an operation says of itself at its end. */
export interface Outcome {
  /** The settings really used. */
  settings?: Record<string, unknown>
  /** How much was read, where that is not the whole master. */
  bytesIn?: number
}

export interface Context {
  signal: AbortSignal
  /** How far the work is. `done` and `total` are in `unit`; call as often as you like. */
  report(done: number, total: number, unit: Unit): void
  /** Hands over a finished output (already renamed into place) or finding. Resolves once it is committed. */
  emit(emission: Emission): Promise<void>
  /** Something a person should know that did not stop the work. */
  warn(sentence: string): void
  /** Called by ffmpeg.ts for every child, so that a crash leaves no orphan unrecorded. */
  children: Children
}

export type Unit = 'frames' | 'bytes' | 'files' | 'seconds'

export interface Children {
  started(pid: number): void
  ended(pid: number, usage: Usage): void
}

/** What a child cost. */
export interface Usage {
  cpuSeconds: number
  peakMemoryBytes: number
}

export type Emission =
  | { kind: 'file'; file: EmittedFile }
  /** Facts about the source that only reading it tells: probe (probe step), frames and duration (detect). */
  | {
      kind: 'source'
      probe?: Probe
      frames?: number
      duration?: number
      timeBase?: string
      sha256?: string
      bytes?: number
    }
  /** One stretch of measures, in frame order; arrays are equally long. */
  | { kind: 'scores'; startFrame: number; measures: Record<string, Float64Array> }
  /** First frames of scenes, the first of them frame 0. */
  | { kind: 'cuts'; cuts: { frame: number; time: number }[] }

/** A finished output: there, whole, under its final name. */
export interface EmittedFile {
  role: FileRole
  /** Absolute, inside the project folder. */
  path: string
  bytes: number
  sha256: string
  format: string
  width?: number | null
  height?: number | null
  duration?: number | null
  frames?: number | null
  codec?: string | null
  aspect?: string | null
  scene?: number | null
  frame?: number | null
  sourceFileId?: number | null
  settings?: Record<string, unknown>
  metadata?: Record<string, unknown>
  /** The master's frames that it shows, each stretch with its first and the one behind its last. */
  ranges?: [first: number, end: number][]
  /** Arguments of each run of ffmpeg that it came out of, in order; none where it was copied or made from a still. */
  commands?: string[][]
  /** Wall seconds that making it took. */
  seconds: number
}

/** A failure a person can act on. `code` is stable; `message` says what happened, why, and what to do next. */
export class OperationError extends Error {
  override name = 'OperationError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
