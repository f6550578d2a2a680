/**
 * The archive's own work on one film, operation by operation, without a database: cuts, stills, clips.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { withOverrides } from '../../workers/media/preset_text.ts'
import { usualNaming } from '../../workers/media/file_names.ts'
import { builtinPresets } from '../../workers/media/presets.ts'
import { scenesFromCuts } from '../../workers/media/scenes.ts'
import type { Emission, EmittedFile, Job, JobFile, Operation } from '../../workers/operation.ts'
import clips from '../../workers/operations/clips.ts'
import { detectScenes } from '../../workers/operations/detect.ts'
import stillsHq from '../../workers/operations/stills_hq.ts'
import stillsWeb from '../../workers/operations/stills_web.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { quiet } from './measure.ts'
import type { Bench } from './row.ts'

export const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }

type Grounds = Pick<Bench, 'tools' | 'scratch'>

/** The film's cuts, and with them the job that all operations after detection are given. */
export async function detect(grounds: Grounds, file: string): Promise<Job> {
  const probe = await probeFile(file, grounds.tools, quiet)
  const brightness: Float64Array[] = []
  const onStretch = (_start: number, measures: Record<string, Float64Array>) =>
    void brightness.push(measures.brightness ?? new Float64Array())
  const found = await detectScenes(file, probe, settings, grounds.tools, { ...quiet, onStretch })
  const project = mkdtempSync(path.join(grounds.scratch, 'job-'))
  const scenes = scenesFromCuts(found).map(({ start, end, ...scene }) => ({
    ...scene,
    startTime: start,
    endTime: end,
    ticked: true,
    pickedFrame: null,
  }))
  return {
    session,
    tools: grounds.tools,
    patience: 120,
    folders: { project, work: project, rd: null },
    files: [{ ...blank, id: 1, role: 'source', path: file, bytes: probe.bytes, probe }],
    frames: {
      times: found.times,
      brightness: Float64Array.from(brightness.flatMap((stretch) => [...stretch])),
      duration: found.duration,
    },
    measured: {},
    scenes,
    groups: [],
    done: [],
    operations: [],
  }
}

/** Stills of every scene in both sizes, the web ones from the full ones. */
export async function makeStills(job: Job): Promise<void> {
  await perform(stillsHq, job)
  await perform(stillsWeb, job)
}

export const makeFullStills = (job: Job) => perform(stillsHq, job)

/** Clips of every scene. */
export const makeClips = (job: Job) => perform(clips, job)

/**
 * All of it, as the pipeline does it: stills and clips side by side once there are cuts.
 * @param speed of x264, where time is not what is measured.
 */
export async function archive(grounds: Grounds, file: string, speed?: 'ultrafast'): Promise<void> {
  const job = await detect(grounds, file)
  if (speed)
    job.session = { ...job.session, preset: withOverrides(job.session.preset, { 'video.speed': speed }) }
  await Promise.all([makeStills(job), makeClips(job)])
  discard(job)
}

export const discard = ({ folders }: Job) => rmSync(folders.project, { recursive: true })

/** Each operation has a work folder of its own; what one emits the next one reads. */
async function perform(operation: Operation, job: Job): Promise<void> {
  const work = path.join(job.folders.project, `work-${operation.name}`)
  mkdirSync(work)
  const emit = async (emission: Emission) => {
    if (emission.kind === 'file') job.files.push(asJobFile(emission.file, job.files.length + 1))
  }
  await operation.run({ ...job, folders: { ...job.folders, work } }, { ...quiet, emit })
  rmSync(work, { recursive: true })
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

/** What PySceneDetect splits with. */
const asThePeer = { 'video.speed': 'veryfast', 'video.crf': 22, 'audio.bitrate': 128 }

const [preset] = builtinPresets
if (!preset) throw new Error('There is no built-in preset.')

const session: Job['session'] = {
  key: 'bench',
  pipeline: 'archive',
  artwork: 'Bench',
  projectDate: '26-01-01',
  preset: withOverrides(preset.settings, asThePeer),
  presetName: preset.name,
  encoder: 'x264',
  ...settings,
  aspect: null,
  naming: usualNaming,
  copyright: '©',
  generateLog: false,
  createdAt: '2026-01-01 00:00:00.000',
}
