/**
 * Settings: text in the database, typed everywhere else.
 */

import { z } from 'zod'
import type { Naming } from '../workers/media/file_names.ts'
import { type NamingField, namingProblems } from '../workers/media/naming_check.ts'
import { rangeOf, rangeWords } from '../workers/media/ranges.ts'
import { actorOf } from './actors.ts'
import { recordEdit } from './edits.ts'
import { type Db, encoders, type Setting, type SettingType } from './schema.ts'

/** How often a maintenance task runs by itself. */
export const frequencies = ['never', 'daily', 'weekly', 'monthly'] as const
export type Frequency = (typeof frequencies)[number]

/** What the pages look like: as the reader's system, or always the same. */
export const themes = ['default', 'light', 'dark'] as const

const days = z.int().min(1).max(36_500)

const shape = z.object({
  app_version: z.string(),
  last_output_directory: z.string(),
  last_master_directory: z.string(),
  last_rd_directory: z.string(),
  default_preset: z.string().min(1),
  scene_threshold_default: z.number().min(0).max(255),
  /** Frames. */
  min_scene_length_default: z.int().min(0).max(100_000),
  encoder_preference: z.enum(encoders),
  auto_open_output: z.boolean(),
  generate_log: z.boolean(),
  extract_midpoint_stills: z.boolean(),
  copyright_text: z.string(),
  /** Operations at once, over all sessions; never more than the cores in effect, whatever stands here. */
  parallel_workers: z.int().min(1).max(256),
  /** Of no progress at all, before an ffmpeg is ended; a minute more for each hour of film. */
  stuck_after_seconds: z.int().min(1).max(86_400),
  gpu_enabled: z.boolean(),
  cache_thumbnails: z.boolean(),
  max_resume_age_days: z.int().min(0).max(36_500),
  log_level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
  ui_theme: z.enum(themes),
  window_geometry: z.json(),
  disk_reserve_gigabytes: z.number().min(0).max(1_000_000),
  retention_unfinished_days: days,
  retention_finished_days: days,
  retention_history_days: days,
  retention_log_days: days,
  schedule_enabled: z.boolean(),
  schedule_hour: z.int().min(0).max(23),
  schedule_retention: z.enum(frequencies),
  schedule_backup: z.enum(frequencies),
  schedule_fixity: z.enum(frequencies),
  schedule_vacuum: z.enum(frequencies),
  schedule_analyze: z.enum(frequencies),
  schedule_reindex: z.enum(frequencies),
  schedule_integrity: z.enum(frequencies),
  fixity_gigabytes: z.number().min(0).max(1_000_000),
  /** Of each kind. */
  backups_kept: z.int().min(1).max(1000),
  backup_gzip: z.boolean(),
  naming_project: z.string(),
  naming_still: z.string(),
  naming_clip: z.string(),
  naming_master: z.string(),
  naming_research: z.string(),
  folder_masters: z.string(),
  folder_clips: z.string(),
  folder_stills: z.string(),
  folder_research: z.string(),
  /** A detector's name. */
  detector_default: z.string().min(1),
  /** By a detector's name, where its own default is not wanted; that of content is `scene_threshold_default`. */
  detector_thresholds: z.record(z.string(), z.number()).nullable(),
})

export type Settings = z.infer<typeof shape>
export type SettingKey = keyof Settings

/**
 * All settings, typed. An empty JSON setting is null.
 * @throws SettingError `setting_invalid` when somebody wrote past `setSetting`.
 */
export async function settings(db: Db): Promise<Settings> {
  const rows = await listSettings(db)
  const { success, data, error } = shape.safeParse(
    Object.fromEntries(rows.map((row) => [row.key, decode(row)])),
  )
  if (success) return data
  const [issue] = error.issues
  throw invalid(String(issue?.path[0] ?? ''), issue?.message, error)
}

/** The rows as they stand, by category. */
export const listSettings = (db: Db): Promise<Setting[]> =>
  db.selectFrom('setting').selectAll().orderBy('category').orderBy('key').execute()

/** What is wrong with the value of which setting. */
export type SettingProblems = Partial<Record<SettingKey, string>>

/**
 * Changes one setting. `value` is typed, or text as a form or a shell gives it ("21", "true", "off").
 * @throws SettingError `setting_not_found` or `setting_invalid`.
 */
export async function setSetting(db: Db, key: string, value: unknown): Promise<void> {
  if (!isKey(key)) throw new SettingError('setting_not_found', await unknownKey(db, key))
  const problem = (await setSettings(db, { [key]: value }))[key]
  if (problem !== undefined) throw invalid(key, problem)
}

/**
 * Changes several settings that belong together, or none of them. What changes is recorded.
 * @returns what is wrong with which; empty where all is written.
 */
export function setSettings(db: Db, values: Partial<Record<SettingKey, unknown>>): Promise<SettingProblems> {
  const actor = actorOf(db)
  const write = async (tx: Db): Promise<SettingProblems> => {
    const rows = (await listSettings(tx)).filter(({ key }) => Object.hasOwn(values, key))
    const read = rows.map((row) => ({ row, ...readValue(row, values[row.key as SettingKey]) }))
    const wrong = read.flatMap(({ row, problem }) => (problem === undefined ? [] : [[row.key, problem]]))
    const problems = {
      ...Object.fromEntries(wrong),
      ...(await problemsTogether(tx, read)),
    } as SettingProblems
    if (Object.keys(problems).length > 0) return problems
    for (const { row, text = row.value } of read) {
      if (text === row.value) continue
      await tx.updateTable('setting').set({ value: text, actor }).where('key', '=', row.key).execute()
      const change = { command: 'setting.set', subject: `setting:${row.key}`, actor }
      await recordEdit(tx, { ...change, before: row.value, after: text })
    }
    return {}
  }
  return db.isTransaction ? write(db) : db.transaction().execute(write)
}

function readValue(row: Setting, value: unknown): { typed?: unknown; text?: string; problem?: string } {
  const typed = typeof value === 'string' ? decode({ ...row, value }) : value
  const field = isKey(row.key) ? shape.shape[row.key] : z.never()
  const { success, error } = field.safeParse(typed)
  if (success) return { typed, text: encode(row.value_type, typed) }
  const range = rangeOf(field)
  return {
    problem: range ? `it takes ${rangeWords({ range })}` : (error.issues[0]?.message ?? 'it is not valid'),
  }
}

/** Notes what a form should begin with the next time. That is nobody's change, so it is not recorded as one. */
export async function noteSettings(
  db: Db,
  values: Partial<Record<'last_master_directory' | 'last_rd_directory' | 'last_output_directory', string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(values))
    await db
      .updateTable('setting')
      .set({ value })
      .where('key', '=', key)
      .where('value', '!=', value)
      .execute()
}

/** What one value alone does not tell. */
async function problemsTogether(tx: Db, read: { row: Setting; typed?: unknown }[]): Promise<SettingProblems> {
  const given = Object.fromEntries(read.map(({ row, typed }) => [row.key, typed])) as Partial<Settings>
  const { default_preset: key } = given
  const preset =
    key === undefined ||
    (await tx.selectFrom('preset').select('id').where('key', '=', key).executeTakeFirst())
  const names = namingKeys.some(([setting]) => Object.hasOwn(given, setting))
    ? namingProblems(namingOf({ ...(await settings(tx)), ...given }))
    : {}
  const named: SettingProblems = {}
  for (const [setting, field] of namingKeys) if (names[field] !== undefined) named[setting] = names[field]
  return {
    ...(!preset && { default_preset: `there is no preset “${key}”` }),
    ...named,
  }
}

const namingKeys = [
  ['naming_project', 'project'],
  ['naming_still', 'still'],
  ['naming_clip', 'clip'],
  ['naming_master', 'master'],
  ['naming_research', 'research'],
  ['folder_masters', 'folders.masters'],
  ['folder_clips', 'folders.clips'],
  ['folder_stills', 'folders.stills'],
  ['folder_research', 'folders.research'],
] as const satisfies [SettingKey, NamingField][]

/** How new sessions name what they make. */
export const namingOf = (chosen: Settings): Naming => ({
  project: chosen.naming_project,
  still: chosen.naming_still,
  clip: chosen.naming_clip,
  master: chosen.naming_master,
  research: chosen.naming_research,
  folders: {
    masters: chosen.folder_masters,
    clips: chosen.folder_clips,
    stills: chosen.folder_stills,
    research: chosen.folder_research,
  },
})

/** What a setting may be, for forms; null where there is more to it than a control can say. */
export const settingRange = (key: SettingKey) => rangeOf(shape.shape[key])

/** What cannot be done with a setting. `code`: `setting_not_found`, `setting_invalid`. */
export class SettingError extends Error {
  override name = 'SettingError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const isKey = (key: string): key is SettingKey => Object.hasOwn(shape.shape, key)

/** What cannot be read comes back as it is, for the schema to refuse with its own words. */
function decode({ value_type, value }: Setting): unknown {
  if (value_type === 'boolean') return truths.get(value.trim().toLowerCase()) ?? value
  if (value_type === 'json') return decodeJson(value)
  if (value_type === 'string' || value.trim() === '') return value
  const number = Number(value)
  return Number.isNaN(number) ? value : number
}

const truths = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
])

function decodeJson(value: string): unknown {
  if (value === '') return null
  try {
    return JSON.parse(value) as unknown
  } catch {
    // `undefined` is no JSON value, so the schema refuses it.
    return undefined
  }
}

function encode(type: SettingType, value: unknown): string {
  if (type === 'boolean') return value ? '1' : '0'
  if (type === 'json') return value === null ? '' : JSON.stringify(value)
  return String(value)
}

async function unknownKey(db: Db, key: string): Promise<string> {
  const keys = (await listSettings(db)).map((row) => row.key)
  return `There is no setting “${key}”. There are ${keys.join(', ')}.`
}

const invalid = (key: string, reason = 'it is not valid', cause?: Error) =>
  new SettingError('setting_invalid', `The setting “${key}” cannot have this value: ${reason}.`, { cause })
