/**
 * Settings: text in the database, typed everywhere else.
 */

import { z } from 'zod'
import { type Db, encoders, type Setting, type SettingType } from './schema.ts'

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
  gpu_enabled: z.boolean(),
  cache_thumbnails: z.boolean(),
  max_resume_age_days: z.int().min(0).max(36_500),
  log_level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
  ui_theme: z.string(),
  window_geometry: z.json(),
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

/**
 * Changes one setting. `value` is typed, or text as a form or a shell gives it ("21", "true", "off").
 * @throws SettingError `setting_not_found` or `setting_invalid`.
 */
export async function setSetting(
  db: Db,
  key: string,
  value: unknown,
  actor: string | null = null,
): Promise<void> {
  const row = await db.selectFrom('setting').selectAll().where('key', '=', key).executeTakeFirst()
  if (!row || !isKey(key)) throw new SettingError('setting_not_found', await unknownKey(db, key))
  const typed = typeof value === 'string' ? decode({ ...row, value }) : value
  const { success, error } = shape.shape[key].safeParse(typed)
  if (!success) throw invalid(key, error.issues[0]?.message, error)
  if (key === 'default_preset') await requirePreset(db, String(typed))
  await db
    .updateTable('setting')
    .set({ value: encode(row.value_type, typed), actor })
    .where('key', '=', key)
    .execute()
}

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

async function requirePreset(db: Db, key: string): Promise<void> {
  const preset = await db.selectFrom('preset').select('id').where('key', '=', key).executeTakeFirst()
  if (!preset) throw invalid('default_preset', `there is no preset “${key}”`)
}

async function unknownKey(db: Db, key: string): Promise<string> {
  const keys = (await listSettings(db)).map((row) => row.key)
  return `There is no setting “${key}”. There are ${keys.join(', ')}.`
}

const invalid = (key: string, reason = 'it is not valid', cause?: Error) =>
  new SettingError('setting_invalid', `The setting “${key}” cannot have this value: ${reason}.`, { cause })
