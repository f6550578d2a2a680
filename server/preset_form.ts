/**
 * From the texts of a preset's form to a preset, and what stands in the form when somebody else was faster.
 */

import { PresetError, type StalePreset } from '../db/presets.ts'
import type { Preset } from '../db/schema.ts'
import type { PresetForm, PresetProblems } from '../templates/preset_controls.tsx'
import type { Overtaken } from '../templates/preset_form.tsx'
import { settingFields } from '../workers/media/preset_fields.ts'
import { readSettings, settingTexts, type SettingTexts } from '../workers/media/preset_text.ts'
import { type PresetDocument, presetSettings } from '../workers/media/presets.ts'
import { AppError } from './errors.ts'

/** A form as it was sent, by the names of its fields. */
export type Sent = Record<string, string | string[] | undefined>

/** What was typed, whatever it is worth. A box that is not ticked is not sent. */
export function typedForm(sent: Sent): PresetForm {
  const text = (name: string) => [sent[name] ?? ''].flat()[0] ?? ''
  const settings = settingFields.map(({ key, range }) => {
    if (range.kind === 'switch') return [key, text(key) === 'on' ? 'on' : 'off']
    if (text(key) !== 'custom') return [key, text(key)]
    if (range.kind === 'size') return [key, `${text(`${key}.width`)}x${text(`${key}.height`)}`]
    return [key, text(`${key}.custom`)]
  })
  return {
    name: text('name'),
    category: text('category'),
    description: text('description'),
    settings: Object.fromEntries(settings) as SettingTexts,
  }
}

export type ReadForm = { document: Omit<PresetDocument, 'id'> } | { problems: PresetProblems }

/** The preset that the form describes, or what is wrong with which field. */
export function readForm(form: PresetForm): ReadForm {
  const named = form.name.trim() === '' ? { name: 'give it a name' } : {}
  const read = readSettings(form.settings)
  if ('problems' in read) return { problems: { ...named, ...read.problems } }
  if (named.name !== undefined) return { problems: named }
  return {
    document: {
      name: form.name.trim(),
      category: form.category.trim() || null,
      description: form.description.trim() || null,
      settings: read.settings,
    },
  }
}

/** The form of a preset as it stands. */
export const formOf = (
  preset: Pick<Preset, 'name' | 'category' | 'description' | 'settings'>,
): PresetForm => ({
  name: preset.name,
  category: preset.category ?? '',
  description: preset.description ?? '',
  settings: settingTexts(presetSettings.parse(JSON.parse(preset.settings))),
})

const formOfDocument = ({ settings, ...document }: PresetDocument): PresetForm => ({
  name: document.name,
  category: document.category ?? '',
  description: document.description ?? '',
  settings: settingTexts(settings),
})

/**
 * What somebody changed meanwhile, and the form with it: a field that was not touched here takes what was said there;
 * one that was keeps it.
 */
export function mergeForm(mine: PresetForm, { seen, current }: StalePreset & { current: Preset }) {
  const theirs = formOf(current)
  const base = seen ? formOfDocument(seen) : mine
  const fields = [...namedFields, ...settingFields.map(({ key, label }) => [key, label] as const)]
  const [was, now, typed] = [flat(base), flat(theirs), flat(mine)]
  const changed = fields.filter(([name]) => was[name] !== now[name])
  const both = changed.filter(([name]) => typed[name] !== was[name] && typed[name] !== now[name])
  const merged = Object.fromEntries(
    fields.map(([name]) => [name, typed[name] === was[name] ? now[name] : typed[name]]),
  )
  const overtaken: Overtaken = {
    by: current.actor,
    at: current.modified_at,
    changes: changed.map(([name, label]) => `${label}: ${was[name] || 'empty'} → ${now[name] || 'empty'}`),
    both: both.map(([, label]) => label),
  }
  return { form: unflat(merged as Record<string, string>), overtaken }
}

const namedFields = [
  ['name', 'Name'],
  ['category', 'Category'],
  ['description', 'Description'],
] as const

const flat = ({ settings, ...rest }: PresetForm): Record<string, string> => ({ ...rest, ...settings })

function unflat({
  name = '',
  category = '',
  description = '',
  ...settings
}: Record<string, string>): PresetForm {
  return { name, category, description, settings: settings as SettingTexts }
}

/** What is wrong with the name, where it was refused as another preset's; null where something else was. */
export const nameProblem = (error: unknown): PresetProblems | null =>
  error instanceof PresetError && error.code === 'preset_name_taken'
    ? { name: 'another preset is called that' }
    : null

/** A preset's problem in the words of the pages. */
export function presetProblem(error: unknown): unknown {
  if (!(error instanceof PresetError)) return error
  const codes = {
    preset_not_found: 'preset_not_found',
    preset_builtin: 'preset_builtin',
    preset_changed: 'preset_changed',
  } as const
  const code = codes[error.code as keyof typeof codes] ?? 'bad_input'
  return new AppError(code, { detail: error.message, cause: error })
}
