/**
 * From rows to a job: everything an operation may read, gathered before it starts.
 */

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { filesOf, type LocatedFile } from '../../db/files.ts'
import { operationsOf } from '../../db/operations.ts'
import { findPreset } from '../../db/presets.ts'
import { rootById } from '../../db/roots.ts'
import { groupsOf, scenesOf } from '../../db/scenes.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { readMeasured, readScores } from '../../db/scores.ts'
import { settings } from '../../db/settings.ts'
import { presetSettings } from '../../workers/media/presets.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { type Fraction, fraction } from '../../workers/media/timecode.ts'
import type { Frames, Job, JobFile, JobOperation, JobSession, Tools } from '../../workers/operation.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { workFolderName } from './folders.ts'
import { namingOf } from './naming.ts'

/** @param workName what the operation's own work folder is called. */
export async function buildJob(
  db: Db,
  session: Session,
  operation: Operation,
  tools: Tools,
  workName: string,
): Promise<Job> {
  // What another is to take the place of does not count as made.
  const rows = (await filesOf(db, session.id)).filter(({ outdated_at }) => outdated_at === null)
  const source = rows.find((file) => file.role === 'source')
  const project = await projectFolder(db, session)
  const work = path.join(project, workFolderName, workName)
  if (session.output_path !== null) await mkdir(work, { recursive: true })
  const rd = session.rd_root_id === null ? null : await rootById(db, session.rd_root_id)
  return {
    session: await describeSession(db, session),
    tools,
    patience: (await settings(db)).stuck_after_seconds + (source?.duration ?? 0) / 60,
    folders: { project, work, rd: rd && path.join(rd.path, session.rd_path ?? '') },
    files: rows.filter(isUsable).map(describeFile),
    frames: source ? await framesOf(db, source) : null,
    measured: source && operation.name === 'detect' ? await readMeasured(db, source.id) : {},
    scenes: (await scenesOf(db, session.id)).map((scene) => ({
      number: scene.number,
      startFrame: scene.start_frame,
      endFrame: scene.end_frame,
      startTime: scene.start_time,
      endTime: scene.end_time,
      ticked: scene.ticked === 1,
      pickedFrame: scene.still_frame,
    })),
    groups: (await groupsOf(db, session.id)).map(({ name, scenes }, index) => ({
      number: index + 1,
      name,
      scenes,
    })),
    done: rows.filter((file) => file.operation_id === operation.id && isUsable(file)).map(describeFile),
    operations: await describeOperations(db, session),
  }
}

/** An output that is gone or torn is none; a source that is gone is told by who reads it. */
const isUsable = ({ operation_id, missing_at, torn_at }: LocatedFile) =>
  operation_id === null || (missing_at === null && torn_at === null)

/** Where the session's outputs lie; the output root itself while no folder has been claimed. */
export async function projectFolder(db: Db, session: Session): Promise<string> {
  const root = await rootById(db, session.output_root_id)
  return path.join(root.path, session.output_path ?? '')
}

export const absolutePath = (file: LocatedFile) => path.join(file.root_path, file.path)

async function describeSession(db: Db, session: Session): Promise<JobSession> {
  const chosen = await settings(db)
  return {
    key: session.key,
    pipeline: session.pipeline,
    artwork: session.artwork,
    projectDate: session.project_date,
    preset: presetSettings.parse(JSON.parse(session.preset_settings)),
    presetName: (await findPreset(db, session.preset_key))?.name ?? session.preset_key,
    encoder: session.encoder,
    detector: session.detector,
    threshold: session.threshold,
    minSceneLength: session.min_scene_length,
    aspect: session.aspect,
    copyright: chosen.copyright_text,
    naming: namingOf(session),
    generateLog: chosen.generate_log,
    createdAt: session.created_at,
  }
}

const describeFile = (file: LocatedFile): JobFile => ({
  id: file.id,
  role: file.role,
  path: absolutePath(file),
  bytes: file.bytes,
  sha256: file.sha256,
  scene: file.scene,
  frame: file.frame,
  width: file.width,
  height: file.height,
  sourceFileId: file.source_file_id,
  probe: file.probe === null ? null : (JSON.parse(file.probe) as Probe),
})

/** Null before detection; where it failed, what a person cuts by hand is counted at an even pace. */
export async function framesOf(db: Db, source: LocatedFile): Promise<Frames | null> {
  const [pts, brightness] = [
    await readScores(db, source.id, 'pts'),
    await readScores(db, source.id, 'brightness'),
  ]
  const base = fraction(source.time_base)
  if (!base || source.duration === null || source.frames === null) return null
  if (pts?.length !== source.frames || !brightness) return evenFrames(source.frames, base, source.duration)
  const first = pts[0] ?? 0
  return {
    times: pts.map((ticks) => ((ticks - first) * base.num) / base.den),
    brightness,
    duration: source.duration,
  }
}

const evenFrames = (frames: number, { num, den }: Fraction, duration: number): Frames => ({
  times: Float64Array.from({ length: frames }, (_, frame) => (frame * num) / den),
  brightness: new Float64Array(0),
  duration,
})

async function describeOperations(db: Db, session: Session): Promise<JobOperation[]> {
  const titles = new Map(
    pipelineNamed(session.pipeline).steps.map(({ operation }) => [operation.name, operation.title]),
  )
  return (await operationsOf(db, session.id)).map((operation) => ({
    name: operation.name,
    title: titles.get(operation.name) ?? operation.name,
    status: operation.status,
    seconds: operation.seconds,
    warnings: JSON.parse(operation.warnings) as string[],
    settings: JSON.parse(operation.settings) as Record<string, unknown>,
    error: operation.error_message,
  }))
}
