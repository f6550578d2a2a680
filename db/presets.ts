/**
 * Presets as rows: the built-in ones are the program's, the others a person's.
 */

import type { ZodError } from 'zod'
import {
  builtinPresets,
  presetDocument,
  presetSettings,
  type PresetDocument,
} from '../workers/media/presets.ts'
import type { Db, Preset } from './schema.ts'

/** The built-in ones first, then by name. */
export const listPresets = (db: Db): Promise<Preset[]> =>
  db.selectFrom('preset').selectAll().orderBy('builtin', 'desc').orderBy('name').orderBy('id').execute()

/** The preset with this key, or undefined. */
export const findPreset = (db: Db, key: string): Promise<Preset | undefined> =>
  db.selectFrom('preset').selectAll().where('key', '=', key).executeTakeFirst()

/**
 * Creates a custom preset, or replaces the custom preset of the same id.
 * @throws PresetError `preset_invalid` or `preset_builtin`.
 */
export async function savePreset(db: Db, document: unknown, actor: string | null = null): Promise<Preset> {
  const row = { ...rowOf(checked(document)), actor }
  const saved = await db
    .insertInto('preset')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row).where('preset.builtin', '=', 0))
    .returningAll()
    .executeTakeFirst()
  if (!saved) throw protectedPreset(row.key)
  return saved
}

/**
 * Copies a preset, built-in or not, into a custom one called “… (Copy)”.
 * @throws PresetError `preset_not_found`.
 */
export async function duplicatePreset(db: Db, key: string, actor: string | null = null): Promise<Preset> {
  const preset = await presetOrError(db, key)
  const document = documentOf(preset)
  const id = await freeKey(db, `${key.slice(0, 56)}_copy`)
  const base = preset.builtin ? preset.key : preset.base
  return savePreset(db, { ...document, id, base, name: `${document.name.slice(0, 93)} (Copy)` }, actor)
}

/**
 * Adds what `exportPreset` wrote, here or elsewhere. An id that is taken gets the next free number, and so the name.
 * @throws PresetError `preset_invalid`.
 */
export async function importPreset(db: Db, document: unknown, actor: string | null = null): Promise<Preset> {
  const preset = checked(document)
  const id = await freeKey(db, preset.id)
  const name = id === preset.id ? preset.name : `${preset.name.slice(0, 93)} (${id.split('_').at(-1)})`
  return savePreset(db, { ...preset, id, name }, actor)
}

/**
 * The preset as a document that `importPreset` reads.
 * @throws PresetError `preset_not_found`.
 */
export async function exportPreset(db: Db, key: string): Promise<PresetDocument> {
  return documentOf(await presetOrError(db, key))
}

/**
 * Removes a custom preset. Sessions keep their own copy of it; were it the default, the first built-in becomes so.
 * @throws PresetError `preset_not_found` or `preset_builtin`.
 */
export async function removePreset(db: Db, key: string): Promise<void> {
  const preset = await presetOrError(db, key)
  if (preset.builtin) throw protectedPreset(key)
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('preset').where('key', '=', key).where('builtin', '=', 0).execute()
    await tx
      .updateTable('setting')
      .set({ value: builtinPresets[0]?.id ?? '' })
      .where('key', '=', 'default_preset')
      .where('value', '=', key)
      .execute()
  })
}

/**
 * Writes the built-ins of this program over those of an older one; what counts their use stays.
 * A person's preset that came by such a key earlier is left alone.
 */
export async function syncBuiltins(db: Db): Promise<void> {
  for (const preset of builtinPresets) {
    const row = { ...rowOf(preset), builtin: 1 }
    await db
      .insertInto('preset')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row).where('preset.builtin', '=', 1))
      .execute()
  }
}

/** What cannot be done with a preset. `code`: `preset_not_found`, `preset_builtin`, `preset_invalid`. */
export class PresetError extends Error {
  override name = 'PresetError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

function checked(document: unknown): PresetDocument {
  const { success, data, error } = presetDocument.safeParse(document)
  if (!success)
    throw new PresetError('preset_invalid', `This is not a preset: ${firstIssue(error)}.`, { cause: error })
  if (!data.base || builtinPresets.some(({ id }) => id === data.base)) return data
  throw new PresetError(
    'preset_invalid',
    `There is no built-in preset “${data.base}” to be based on. There are ${builtinPresets.map(({ id }) => id).join(', ')}.`,
  )
}

function firstIssue(error: ZodError): string {
  const [issue] = error.issues
  return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')
}

async function presetOrError(db: Db, key: string): Promise<Preset> {
  const preset = await findPreset(db, key)
  if (preset) return preset
  const keys = (await listPresets(db)).map((known) => known.key)
  throw new PresetError('preset_not_found', `There is no preset “${key}”. There are ${keys.join(', ')}.`)
}

const protectedPreset = (key: string) =>
  new PresetError(
    'preset_builtin',
    `“${key}” ships with Cutroom and cannot be changed. Duplicate it, and change that.`,
  )

/** `key` itself where nobody has it, else `key_2`, `key_3`… */
async function freeKey(db: Db, key: string): Promise<string> {
  const rows = await db.selectFrom('preset').select('key').execute()
  const taken = new Set(rows.map((row) => row.key))
  if (!taken.has(key)) return key
  const stem = key.slice(0, 58)
  let number = 2
  while (taken.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}

function documentOf({ key, name, base, category, description, settings }: Preset): PresetDocument {
  return { id: key, name, base, category, description, settings: presetSettings.parse(JSON.parse(settings)) }
}

function rowOf({ id, name, base, category, description, settings }: PresetDocument) {
  return {
    key: id,
    name,
    base: base ?? null,
    category: category ?? null,
    description: description ?? null,
    settings: JSON.stringify(settings),
  }
}
