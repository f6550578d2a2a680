/**
 * A preset of the Video Archive Tool as one of ours: what has a counterpart is carried over, the rest is named.
 */

import type { z } from 'zod'
import {
  builtinPresets,
  presetSettings,
  type PresetDocument,
  type PresetSettings,
} from '../workers/media/presets.ts'
import { type Foreign, text } from './foreign_rows.ts'

type Section = keyof PresetSettings

/** Its columns, and which of our sections each is. */
const columns: [column: string, section: Section][] = [
  ['stills_hq_settings', 'stills_hq'],
  ['stills_web_settings', 'stills_web'],
  ['video_settings', 'video'],
  ['thumbnail_settings', 'thumbnails'],
]

/** Its words for ours. */
const words: Record<string, string> = {
  preset: 'speed',
  subsampling: 'chroma',
  chroma_subsampling: 'chroma',
  frame_rate: 'fps',
  maxwidth: 'max_width',
  audio_bitrate: 'bitrate',
  audio_sample_rate: 'sample_rate',
}

/** The built-in one it was based on, with all that it says otherwise. `unknown` is what has no counterpart. */
export function presetOf(row: Foreign): { document: PresetDocument; unknown: string[] } {
  const base = builtinPresets.find(({ id }) => id === text(row.base_preset)) ?? builtinPresets[0]
  const settings = structuredClone(base?.settings) as unknown as Record<string, Record<string, unknown>>
  const unknown: string[] = []
  for (const [column, section] of columns)
    for (const [name, value] of Object.entries(objectOf(row[column])))
      if (!place(settings, section, name, value)) unknown.push(`${section}.${name}`)
  const document = {
    id: idOf(text(row.preset_id)),
    name: text(row.preset_name).slice(0, 100) || text(row.preset_id),
    base: base?.id ?? null,
    description: text(row.description).slice(0, 2000) || null,
    settings: settings as unknown as PresetSettings,
  }
  return { document, unknown }
}

/** @returns whether there was a place for it. */
function place(
  settings: Record<string, Record<string, unknown>>,
  section: Section,
  name: string,
  value: unknown,
): boolean {
  const ours = words[name.toLowerCase()] ?? name.toLowerCase()
  // That tool keeps the sound's settings with the video's.
  for (const holder of section === 'video' ? (['video', 'audio'] as const) : [section]) {
    const fields: Record<string, z.ZodType> = presetSettings.shape[holder].shape
    const field = Object.hasOwn(fields, ours) ? fields[ours] : undefined
    const reading = readings(value).find((one) => field?.safeParse(one).success)
    if (field === undefined || reading === undefined) continue
    const target = settings[holder]
    if (target) target[ours] = reading
    return true
  }
  return false
}

/** "320k" is a number there, "20" may be one. */
function readings(value: unknown): unknown[] {
  if (typeof value !== 'string') return [value]
  const number = Number(value.replace(/k$/i, ''))
  return [value, value.toLowerCase(), ...(Number.isNaN(number) ? [] : [number])]
}

function objectOf(value: unknown): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text(value))
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

/** An id of ours is 1 to 64 of a-z, 0-9, _ and -. */
const idOf = (id: string) =>
  id
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+/, '')
    .slice(0, 64) || 'imported'
