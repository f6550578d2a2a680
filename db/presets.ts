/**
 * Presets as rows: the built-in ones are the program's, the others a person's.
 */

import type { ZodError } from 'zod'
import { faultWords } from '../workers/media/faults.ts'
import { settingField } from '../workers/media/preset_fields.ts'
import { rangeWords } from '../workers/media/ranges.ts'
import {
  builtinPresets,
  presetDocument,
  presetSettings,
  type PresetDocument,
} from '../workers/media/presets.ts'
import { actorOf } from './actors.ts'
import { editsOf, recordEdit } from './edits.ts'
import { freeKey, freeName, idOf } from './preset_names.ts'
import type { Db, Preset } from './schema.ts'

/**
 * What cannot be done with a preset. `code`: `preset_not_found`, `preset_builtin`, `preset_invalid`, `preset_changed`,
 * `preset_name_taken`.
 */
export class PresetError extends Error {
  override name = 'PresetError'
  code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The built-in ones first, then by name. */
export const listPresets = (db: Db): Promise<Preset[]> =>
  db.selectFrom('preset').selectAll().orderBy('builtin', 'desc').orderBy('name').orderBy('id').execute()

/** The preset with this key, or undefined. */
export const findPreset = (db: Db, key: string): Promise<Preset | undefined> =>
  db.selectFrom('preset').selectAll().where('key', '=', key).executeTakeFirst()

/** The name of a preset in the table of edits. */
const subjectOf = (key: string) => `preset:${key}`

/**
 * Creates a custom preset, or replaces the custom preset of the same id.
 * @param seen the `modified_at` of the preset that the change was made from; what has changed since is not overwritten.
 * With it, a name that another preset has is refused, too.
 * @throws PresetError `preset_invalid`, `preset_builtin` or `preset_name_taken`; StalePreset.
 */
export const savePreset = (db: Db, document: unknown, seen?: string): Promise<Preset> =>
  write(db, document, async (tx, row, before) => {
    if (seen === undefined) return
    await refuseStale(tx, row.key, before, seen)
    await refuseTaken(tx, row)
  })

type Row = ReturnType<typeof rowOf>

/** @param refuse throws where the row must not be written, within the same transaction. */
async function write(
  db: Db,
  document: unknown,
  refuse: (tx: Db, row: Row, before: Preset | undefined) => Promise<void>,
): Promise<Preset> {
  const row = { ...rowOf(checked(document)), actor: actorOf(db) }
  return db.transaction().execute(async (tx) => {
    const before = await findPreset(tx, row.key)
    if (before?.builtin) throw protectedPreset(row.key)
    await refuse(tx, row, before)
    await tx
      .insertInto('preset')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute()
    // Read anew: what a statement returns is from before its triggers.
    const after = await presetOrError(tx, row.key)
    if (before?.modified_at !== after.modified_at)
      await record(tx, before ? 'preset.save' : 'preset.add', before, after)
    return after
  })
}

/** Two of one name could not be told apart where one is picked. */
async function refuseTaken(tx: Db, { key, name }: Row): Promise<void> {
  const other = await tx
    .selectFrom('preset')
    .select('key')
    .where('name', '=', name)
    .where('key', '!=', key)
    .executeTakeFirst()
  if (other)
    throw new PresetError('preset_name_taken', `Another preset, “${other.key}”, is called “${name}”.`)
}

/** Somebody has changed or removed the preset since it was looked at. */
export class StalePreset extends PresetError {
  override name = 'StalePreset'
  /** As it was when it was looked at; null where nobody noted that. */
  seen: PresetDocument | null
  /** As it is now; null where it has been removed. */
  current: Preset | null

  constructor(key: string, seen: PresetDocument | null, current: Preset | null) {
    super(
      'preset_changed',
      current ? `“${key}” has been changed since you opened it.` : `“${key}” has been removed meanwhile.`,
    )
    this.seen = seen
    this.current = current
  }
}

async function refuseStale(tx: Db, key: string, now: Preset | undefined, seen: string): Promise<void> {
  if (now?.modified_at === seen) return
  const edits = await editsOf(tx, subjectOf(key), mostEditsRead)
  const states = edits.map(({ before }) => JSON.parse(before ?? 'null') as Noted | null)
  const then = states.find((state) => state?.modified_at === seen)
  throw new StalePreset(key, then ? presetDocument.parse(then.document) : null, now ?? null)
}

const mostEditsRead = 100

/** What an edit keeps of a preset. */
interface Noted {
  modified_at: string
  version: number
  document: PresetDocument
}

const noted = (preset: Preset): Noted => ({
  modified_at: preset.modified_at,
  version: preset.version,
  document: documentOf(preset),
})

const record = (tx: Db, command: string, before: Preset | undefined, after: Preset | undefined) =>
  recordEdit(tx, {
    command,
    subject: subjectOf((after ?? before)?.key ?? ''),
    before: before ? noted(before) : null,
    after: after ? noted(after) : null,
    actor: (after ?? before)?.actor ?? null,
  })

/**
 * Copies a preset, built-in or not, into a custom one called “… (Copy)”.
 * @throws PresetError `preset_not_found`.
 */
export async function duplicatePreset(db: Db, key: string): Promise<Preset> {
  const preset = await presetOrError(db, key)
  const document = documentOf(preset)
  const id = await freeKey(db, `${key.slice(0, 56)}_copy`)
  const base = preset.builtin ? preset.key : preset.base
  const name = await freeName(db, `${document.name.slice(0, 93)} (Copy)`)
  return savePreset(db, { ...document, id, base, name })
}

/**
 * Adds what `exportPreset` wrote, here or elsewhere. An id or a name that is taken gets the next free number.
 * @throws PresetError `preset_invalid`.
 */
export async function importPreset(db: Db, document: unknown): Promise<Preset> {
  const preset = checked(document)
  const id = await freeKey(db, preset.id)
  return savePreset(db, { ...preset, id, name: await freeName(db, preset.name) })
}

/**
 * Adds a preset under an id made of its name.
 * @throws PresetError `preset_invalid`, `preset_name_taken`.
 */
export async function addPreset(db: Db, document: Omit<PresetDocument, 'id'>): Promise<Preset> {
  const id = await freeKey(db, idOf(document.name))
  return write(db, { ...document, id }, refuseTaken)
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
  const actor = actorOf(db)
  await db.transaction().execute(async (tx) => {
    const preset = await presetOrError(tx, key)
    if (preset.builtin) throw protectedPreset(key)
    await tx.deleteFrom('preset').where('key', '=', key).execute()
    await record(tx, 'preset.remove', { ...preset, actor }, undefined)
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

function checked(document: unknown): PresetDocument {
  const { success, data, error } = presetDocument.safeParse(document, { error: faultWords })
  if (!success)
    throw new PresetError('preset_invalid', `This is not a preset: ${firstIssue(error)}. ${advice}`, {
      cause: error,
    })
  if (!data.base || builtinPresets.some(({ id }) => id === data.base)) return data
  throw new PresetError(
    'preset_invalid',
    `There is no built-in preset “${data.base}” to be based on. There are ${builtinPresets.map(({ id }) => id).join(', ')}.`,
  )
}

const advice = 'Mend it there, or take a file that was exported from the list of presets.'

/** Where the fault lies, and what would be right there. */
function firstIssue(error: ZodError): string {
  const [issue] = error.issues
  const place = issue?.path.join('.') ?? ''
  const field = settingField(place.replace(/^settings\./, ''))
  return field ? `${place}: it takes ${rangeWords(field)}` : (issue?.message ?? 'it cannot be read')
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
