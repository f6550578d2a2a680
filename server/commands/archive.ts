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
import { settings } from '../../db/settings.ts'
import { projectFolderName, safeName } from '../../workers/media/naming.ts'
import { presetSettings, withOverrides } from '../../workers/media/presets.ts'
import { parseGroup, parseSceneChoice } from '../../workers/media/scenes.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import type { Choice } from '../engine/choose.ts'
import { AppError, found } from '../errors.ts'

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
  threshold: z.number().min(1, 'the threshold is 1 to 255').max(255, 'the threshold is 1 to 255'),
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
  const name = projectFolderName(checked.date, checked.artwork)
  if (checked.ifExists === 'fail' && existsSync(path.join(root.path, name))) {
    throw new AppError('folder_exists', { detail: path.join(root.path, name) })
  }
  const sourceRoot = await ensureRoot(db, 'source', path.dirname(order.master))
  const rdRoot = order.rd ? await ensureRoot(db, 'source', order.rd) : null
  const steps = pipelineNamed('archive').steps.filter(
    ({ wanted }) => wanted?.({ preset: effective, rd: rdRoot !== null }) ?? true,
  )
  return createSession(db, {
    pipeline: 'archive',
    artwork: checked.artwork,
    project_date: checked.date,
    rd_root_id: rdRoot?.id ?? null,
    rd_path: rdRoot && '',
    output_root_id: root.id,
    if_exists: checked.ifExists,
    preset_key: preset.key,
    preset_settings: JSON.stringify(effective),
    overrides: JSON.stringify(order.overrides ?? {}),
    encoder: checked.encoder,
    detector: 'content',
    threshold: checked.threshold,
    min_scene_length: checked.minSceneLength,
    aspect: checked.aspect,
    choice: order.choice && JSON.stringify(order.choice),
    ...(claim && { owner: claim.owner, heartbeat_at: nowText() }),
    operations: steps.map(({ operation }) => operation.name),
    source: { root_id: sourceRoot.id, path: path.basename(order.master) },
  })
}

interface Defaults {
  scene_threshold_default: number
  min_scene_length_default: number
  encoder_preference: string
}

function check(order: ArchiveOrder, defaults: Defaults) {
  const result = fields.safeParse({
    artwork: order.artwork,
    date: order.date ?? today(),
    threshold: order.threshold ?? defaults.scene_threshold_default,
    minSceneLength: order.minSceneLength ?? defaults.min_scene_length_default,
    encoder: (order.encoder ?? defaults.encoder_preference) as Encoder,
    ifExists: (order.ifExists ?? 'version') as ExistingFolderRule,
    aspect: order.aspect ?? null,
  })
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new AppError('bad_input', {
    detail: issue?.message ?? '',
    field: String(issue?.path[0] ?? ''),
  })
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

const today = () => {
  const date = new Date()
  const two = (value: number) => String(value % 100).padStart(2, '0')
  return `${two(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const nowText = () => new Date().toISOString().replace('T', ' ').replace('Z', '')
