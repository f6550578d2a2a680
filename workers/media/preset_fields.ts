/**
 * What each setting of a preset is called and does, beside what the shape says it may be: one table for the form,
 * the shell's help and every refusal.
 */

import type { z } from 'zod'
import { type PresetSettings, presetSettings } from './presets.ts'
import { type Range, rangeOf } from './ranges.ts'

/** "video.crf": what `--set` takes, and the name of a field in the form. */
export type SettingKey = {
  [Section in keyof PresetSettings]: `${Section}.${keyof PresetSettings[Section] & string}`
}[keyof PresetSettings]

export interface SettingField {
  key: SettingKey
  section: keyof PresetSettings
  label: string
  /** One sentence for who never read a manual of an encoder. */
  help: string
  /** What a number is counted in. */
  unit?: string | undefined
  /** Values that are often wanted, as text and in words. */
  common?: readonly (readonly [value: string, words: string])[]
  range: Range
}

/** Sections in the order of the form. */
export const settingSections: readonly { name: keyof PresetSettings; title: string; about: string }[] = [
  { name: 'stills_hq', title: 'Stills, full size', about: 'One PNG of every scene, for the archive.' },
  { name: 'stills_web', title: 'Stills for the web', about: 'One JPEG of every scene, in sRGB.' },
  { name: 'video', title: 'Video', about: 'Clips and groups, as H.264 in MP4.' },
  { name: 'audio', title: 'Audio', about: 'The sound of clips and groups, as AAC.' },
  { name: 'thumbnails', title: 'Thumbnails', about: 'A small JPEG of every scene, where a site wants one.' },
]

const commonWidths = ['1920', '2560', '3840'].map((width) => [width, `${width} px`] as const)

const words: Record<SettingKey, Omit<SettingField, 'key' | 'section' | 'range'>> = {
  'stills_hq.enabled': {
    label: 'Make full-size stills',
    help: 'At the master’s own size, depth and colour. Web stills are made from them.',
  },
  'stills_web.quality': {
    label: 'Quality',
    help: 'Higher is finer and bigger. 80 to 92 is usual; above 95 only the file grows.',
  },
  'stills_web.max_width': {
    label: 'Widest',
    help: 'Wider stills are made this wide, narrower ones never enlarged.',
    unit: 'px',
    common: [['source', 'as the master'], ...commonWidths],
  },
  'stills_web.progressive': {
    label: 'Progressive',
    help: 'Shows the whole picture at once and sharpens it while it loads.',
  },
  'stills_web.chroma': {
    label: 'Colour detail',
    help: '4:4:4 keeps thin coloured lines sharp; 4:2:0 is about a fifth smaller. 4:2:2 comes out as 4:4:4.',
  },
  'video.size': {
    label: 'Size',
    help: 'The picture is made to fit inside, in its own proportions, and never enlarged.',
    unit: 'px',
    common: [
      ['source', 'as the master'],
      ['1920x1080', '1080p, 1920 × 1080'],
      ['2560x1440', '1440p, 2560 × 1440'],
      ['3840x2160', '4K, 3840 × 2160'],
    ],
  },
  'video.crf': {
    label: 'CRF',
    help: 'Lower is finer and bigger: 0–17 near lossless, 18–23 fine, 24–28 small, 29 and up rough.',
  },
  'video.speed': {
    label: 'Speed',
    help: 'How long x264 looks for savings: slower makes smaller files of the same look.',
  },
  'video.profile': {
    label: 'Profile',
    help: 'What a player must know: high plays everywhere today, baseline on very old devices.',
  },
  'video.level': {
    label: 'Level',
    help: 'At least this; it is raised where the picture needs more.',
  },
  'video.fps': {
    label: 'Frame rate',
    help: 'Another rate than the master’s repeats or drops frames.',
    unit: 'frames/s',
    common: [
      ['source', 'as the master'],
      ...['24', '25', '30', '50', '60'].map((rate) => [rate, rate] as const),
    ],
  },
  'audio.bitrate': {
    label: 'Bitrate',
    help: '128 for speech, 192 for music, 320 for all that anyone can hear.',
    unit: 'kbit/s',
  },
  'audio.sample_rate': {
    label: 'Sample rate',
    help: '48000 is video’s own; 44100 is that of CDs.',
    unit: 'Hz',
  },
  'audio.channels': {
    label: 'Channels',
    help: 'More than two stay more than two only with “source”.',
  },
  'thumbnails.enabled': {
    label: 'Make thumbnails',
    help: 'They lie in Stills/Thumbnails, named like the stills.',
  },
  'thumbnails.quality': {
    label: 'Quality',
    help: 'At this size 70 to 80 looks like 100.',
  },
  'thumbnails.max_width': {
    label: 'Widest',
    help: 'Wider than it is shown is wasted; for dense screens take twice that.',
    unit: 'px',
    common: ['400', '800', '1200'].map((width) => [width, `${width} px`] as const),
  },
}

/** Every setting, in the order of the form. */
export const settingFields: readonly SettingField[] = Object.entries(words).map(([name, told]) => {
  const key = name as SettingKey
  const section = key.slice(0, key.indexOf('.')) as keyof PresetSettings
  return { key, section, ...told, range: rangeOfKey(key) }
})

/** The field of a dotted key, or undefined. */
export const settingField = (key: string): SettingField | undefined =>
  settingFields.find((field) => field.key === key)

/** What checks one setting, from the shape of all; undefined where there is no such setting. */
export function shapeOf(key: string): z.ZodType | undefined {
  const [section = '', name = '', ...rest] = key.split('.')
  if (rest.length > 0 || !isSection(section)) return undefined
  const fields: Record<string, z.ZodType> = presetSettings.shape[section].shape
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function isSection(name: string): name is keyof PresetSettings {
  return Object.hasOwn(presetSettings.shape, name)
}

function rangeOfKey(key: SettingKey): Range {
  const range = rangeOf(shapeOf(key))
  if (range) return range
  throw new Error(`The shape of ${key} is of no kind that a form has a field for.`)
}
