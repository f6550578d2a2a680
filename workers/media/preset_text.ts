/**
 * Settings of a preset as text, as a form and the shell give them, and back.
 */

import { settingField, settingFields, type SettingKey, shapeOf } from './preset_fields.ts'
import { rangeWords } from './ranges.ts'
import { type PresetSettings, presetSettings } from './presets.ts'

/** Every setting as text: "20", "source", "1920x1080", "on", "off". */
export type SettingTexts = Record<SettingKey, string>

/** What is wrong with which of them. */
export type SettingProblems = Partial<Record<SettingKey, string>>

/** The settings as a form shows them; `readSettings` reads them back. */
export const settingTexts = (settings: PresetSettings): SettingTexts =>
  mapKeys((key) => textOf(valueAt(settings, key)))

/** Reads all of them, or tells of every one that cannot be used. */
export function readSettings(
  texts: SettingTexts,
): { settings: PresetSettings } | { problems: SettingProblems } {
  const read = settingFields.map(({ key }) => [key, readValue(key, texts[key])] as const)
  const problems = read.flatMap(([key, { problem }]) => (problem ? [[key, problem] as const] : []))
  if (problems.length > 0) return { problems: Object.fromEntries(problems) }
  const settings: Record<string, Record<string, unknown>> = {}
  for (const [key, { value }] of read) {
    const [section = '', name = ''] = key.split('.')
    ;(settings[section] ??= {})[name] = value
  }
  return { settings: presetSettings.parse(settings) }
}

/**
 * The settings with `overrides` (dotted key -> text or value, "video.crf" -> "21") applied.
 * @throws Error that names the key and what it may be.
 */
export function withOverrides(settings: PresetSettings, overrides: Record<string, unknown>): PresetSettings {
  const changed = structuredClone(settings) as unknown as Record<string, Record<string, unknown>>
  for (const [key, given] of Object.entries(overrides)) {
    const field = settingField(key)
    if (!field)
      throw new Error(
        `There is no setting “${key}”. There are ${settingFields.map((one) => one.key).join(', ')}.`,
      )
    const { value, problem } = readValue(field.key, given)
    if (problem) throw new Error(`${key}: ${problem}`)
    const holder = changed[field.section]
    if (holder) holder[key.slice(field.section.length + 1)] = value
  }
  return presetSettings.parse(changed)
}

/** "4.2" is a level's name and a CRF's number: the field says which. */
function readValue(key: SettingKey, given: unknown): { value?: unknown; problem?: string } {
  const shape = shapeOf(key)
  const readings = typeof given === 'string' ? [...readingsOf(given.trim()), given.trim()] : [given]
  for (const reading of readings) {
    const result = shape?.safeParse(reading)
    if (result?.success) return { value: result.data }
  }
  const field = settingField(key)
  const takes = field ? rangeWords(field) : 'something else'
  return { problem: given === '' ? `fill it in: ${takes}` : `it takes ${takes}, not “${textOf(given)}”` }
}

function readingsOf(text: string): unknown[] {
  const box = /^(\d+)\s*[x×]\s*(\d+)$/.exec(text)
  if (box) return [{ width: Number(box[1]), height: Number(box[2]) }]
  if (/^(true|yes|on)$/i.test(text)) return [true]
  if (/^(false|no|off)$/i.test(text)) return [false]
  return /^-?\d+([.,]\d+)?$/.test(text) ? [Number(text.replace(',', '.'))] : []
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value !== 'object' || value === null) return String(value)
  const { width, height } = value as { width?: number; height?: number }
  return width === undefined ? JSON.stringify(value) : `${width}x${height ?? ''}`
}

function valueAt(settings: PresetSettings, key: SettingKey): unknown {
  const [section = '', name = ''] = key.split('.')
  const sections = settings as unknown as Record<string, Record<string, unknown>>
  return sections[section]?.[name]
}

const mapKeys = (text: (key: SettingKey) => string) =>
  Object.fromEntries(settingFields.map(({ key }) => [key, text(key)])) as SettingTexts
