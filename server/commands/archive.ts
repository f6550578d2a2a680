/**
 * Orders an archive: checks what a person asked for and writes it down as a session.
 */

import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { findPreset } from '../../db/presets.ts'
import { ensureRoot } from '../../db/roots.ts'
import {
  type Db,
  type Encoder,
  type ExistingFolderRule,
  encoders,
  existingFolderRules,
  type Root,
  type Session,
} from '../../db/schema.ts'
import { createSession } from '../../db/sessions.ts'
import { namingOf, type Settings, settings } from '../../db/settings.ts'
import type { Detector } from '../../workers/detectors/detector.ts'
import { detectorNamed } from '../../workers/detectors/mod.ts'
import { projectName } from '../../workers/media/file_names.ts'
import { dateText, safeName } from '../../workers/media/naming.ts'
import { withOverrides } from '../../workers/media/preset_text.ts'
import { presetSettings } from '../../workers/media/presets.ts'
import { parseGroup, parseSceneChoice } from '../../workers/media/scenes.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { measureResearch } from '../disk/look_rd.ts'
import type { Choice } from '../engine/choose.ts'
import { AppError, found } from '../errors.ts'
import { usualThreshold } from './settings.ts'

export interface ArchiveOrder {
  /** Absolute. */
  master: string
  artwork: string
  /** YY-MM-DD; today unless given. */
  date?: string | undefined
  /** Absolute; the default output root unless given. */
  out?: string | undefined
  /** Absolute. */
  rd?: string | undefined
  preset?: string | undefined
  /** Dotted key -> text. */
  overrides?: Record<string, string>
  encoder?: string | undefined
  aspect?: string | undefined
  /** A detector's name; that of the settings unless given. */
  detector?: string | undefined
  /** That of the settings for the detector unless given, or the detector's own. */
  threshold?: number | undefined
  minSceneLength?: number | undefined
  ifExists?: string | undefined
  /** Null waits for a person. */
  choice: Choice | null
}

const fields = z.object({
  artwork: z
    .string()
    .trim()
    .min(1, 'give the artwork a name')
    .max(200, 'the artwork’s name is longer than 200 letters')
    .refine(
      (name) => safeName(name) !== 'untitled' || /untitled/i.test(name),
      'the artwork’s name has no letter that a file name can carry',
    ),
  date: z
    .string()
    .regex(/^\d\d-\d\d-\d\d$/, 'a date is written YY-MM-DD, such as 26-11-20')
    .refine(isDate, 'there is no such date; one is written YY-MM-DD, such as 26-11-20'),
  minSceneLength: z.int('the minimum scene length is a whole number of frames').min(0).max(100_000),
  encoder: z.enum(encoders, `the encoder is one of ${encoders.join(', ')}`),
  ifExists: z.enum(
    existingFolderRules,
    `an existing folder is handled by one of ${existingFolderRules.join(', ')}`,
  ),
  aspect: z
    .string()
    .regex(/^[a-z0-9][\w.-]{0,18}[a-z0-9]$/i, 'an aspect is written as in 16x9')
    .nullable(),
})

/** @throws AppError with the field and what is wrong with it; nothing is written then. */
export async function orderArchive(
  db: Db,
  output: Root,
  order: ArchiveOrder,
  claim?: { owner: string },
): Promise<Session> {
  const chosen = await settings(db)
  const checked = check(order, chosen)
  const preset = found(await findPreset(db, order.preset ?? chosen.default_preset), 'preset_not_found')
  const effective = applyOverrides(preset.settings, order.overrides ?? {})
  checkPaths(order)
  checkChoice(order.choice)

  const root = order.out ? await ensureRoot(db, 'output', order.out) : output
  const naming = namingOf(chosen)
  const name = projectName({ artwork: checked.artwork, projectDate: checked.date, naming })
  if (checked.ifExists === 'fail' && existsSync(path.join(root.path, name))) {
    throw new AppError('folder_exists', { detail: path.join(root.path, name) })
  }
  const sourceRoot = await ensureRoot(db, 'source', path.dirname(order.master))
  const rdRoot = order.rd ? await ensureRoot(db, 'source', order.rd) : null
  const steps = pipelineNamed('archive').steps.filter(
    ({ wanted }) =>
      wanted?.({ preset: effective, rd: rdRoot !== null, stills: chosen.extract_midpoint_stills }) ?? true,
  )
  return createSession(db, {
    pipeline: 'archive',
    artwork: checked.artwork,
    project_date: checked.date,
    rd_root_id: rdRoot?.id ?? null,
    rd_path: rdRoot && '',
    rd_bytes: await researchBytes(order),
    output_root_id: root.id,
    if_exists: checked.ifExists,
    preset_key: preset.key,
    preset_settings: JSON.stringify(effective),
    preset_version: preset.version,
    overrides: JSON.stringify(order.overrides ?? {}),
    encoder: checked.encoder,
    detector: checked.detector,
    threshold: checked.threshold,
    min_scene_length: checked.minSceneLength,
    aspect: checked.aspect,
    naming: JSON.stringify(naming),
    choice: order.choice && JSON.stringify(order.choice),
    ...(claim && { owner: claim.owner, heartbeat_at: nowText() }),
    operations: steps.map(({ operation }) => operation.name),
    source: { root_id: sourceRoot.id, path: path.basename(order.master) },
  })
}

function check(order: ArchiveOrder, defaults: Settings) {
  const detector = chosenDetector(order.detector ?? defaults.detector_default)
  const usual = usualThreshold(detector, defaults)
  const result = fields.extend({ threshold: thresholdOf(detector) }).safeParse({
    artwork: order.artwork,
    date: order.date ?? dateText(new Date()),
    threshold: order.threshold ?? usual,
    minSceneLength: order.minSceneLength ?? defaults.min_scene_length_default,
    encoder: encoderFor(order, defaults) as Encoder,
    ifExists: (order.ifExists ?? 'version') as ExistingFolderRule,
    aspect: order.aspect ?? null,
  })
  if (result.success) return { ...result.data, detector: detector.name }
  const [issue] = result.error.issues
  throw new AppError('bad_input', {
    detail: issue?.message ?? '',
    field: String(issue?.path[0] ?? ''),
  })
}

/** The graphics card is left alone where the settings say so, whatever was asked for. */
function encoderFor(order: ArchiveOrder, { encoder_preference, gpu_enabled }: Settings): string {
  const wanted = order.encoder ?? encoder_preference
  return wanted === 'nvenc' && !gpu_enabled ? 'x264' : wanted
}

function chosenDetector(detector: string): Detector {
  try {
    return detectorNamed(detector)
  } catch (error) {
    throw new AppError('bad_input', { detail: (error as Error).message, field: 'detector', cause: error })
  }
}

function thresholdOf({ name, threshold: { least, most } }: Detector) {
  const range = `the threshold of ${name} is ${least} to ${most}`
  return z.number().min(least, range).max(most, range)
}

function applyOverrides(stored: string, overrides: Record<string, string>) {
  try {
    return withOverrides(presetSettings.parse(JSON.parse(stored)), overrides)
  } catch (error) {
    throw new AppError('bad_input', { detail: (error as Error).message, field: 'overrides', cause: error })
  }
}

function checkPaths({ master, rd }: ArchiveOrder): void {
  if (!existsSync(master)) throw new AppError('master_not_found', { detail: master })
  if (!statSync(master).isFile()) throw new AppError('bad_input', { detail: `${master} is not a file` })
  if (rd !== undefined && !(existsSync(rd) && statSync(rd).isDirectory()))
    throw new AppError('folder_not_found', { detail: rd })
}

/** A folder that cannot be read is told of by the step that would read it. */
const researchBytes = async ({ rd }: ArchiveOrder): Promise<number | null> =>
  rd === undefined
    ? null
    : measureResearch(rd).then(
        ({ bytes }) => bytes,
        () => null,
      )

/** How the choice is written can be told before any scene is known; whether the scenes are there cannot. */
function checkChoice(choice: Choice | null): void {
  try {
    if (choice) parseSceneChoice(choice.scenes, moreThanAnyFilm)
    for (const group of choice?.groups ?? []) parseGroup(group, moreThanAnyFilm)
  } catch (error) {
    const detail = (error as Error).message.replace(
      / The scenes are numbered.*/,
      ' Scenes are numbered from 1.',
    )
    throw new AppError('bad_input', { detail, cause: error })
  }
}

const moreThanAnyFilm = 100_000

/** 26-02-30 is none. */
function isDate(text: string): boolean {
  const date = new Date(`20${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(2, 10) === text
}

const nowText = () => new Date().toISOString().replace('T', ' ').replace('Z', '')
