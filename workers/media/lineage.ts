/**
 * How an output was made: the settings that were asked for, and the commands, as they are kept and told.
 */

import type { Encoder, FileRole } from '../../db/schema.ts'
import type { PresetSettings } from './presets.ts'

/** The master's frames that an output shows, in stretches: the first of each, and the one behind its last. */
export type Ranges = (readonly [first: number, end: number])[]

/** Settings by their dotted names: `video.crf` -> 20. */
export type Wanted = Record<string, string | number | boolean>

interface Kind {
  role: FileRole
  /** "mp4", "jpg". */
  format: string | null
}

/** What a session's settings say of a file of this role: where any of it changes, the file would come out differently. */
export function settingsFor({ role, format }: Kind, preset: PresetSettings, encoder: Encoder): Wanted {
  const film = { ...dotted('video', preset.video), ...dotted('audio', preset.audio), encoder }
  if (role === 'clip' || role === 'group') return film
  // The optimised master and R&D videos have a CRF and a speed of their own.
  if (role === 'master_web') return without(film, 'video.crf', 'video.speed')
  if (role === 'rd_web' && format === 'mp4') return without(film, 'video.crf', 'video.speed')
  if (role === 'rd_hq' && format === 'mp4') return { ...dotted('audio', preset.audio), encoder }
  if (role === 'still_web' || role === 'rd_web') return dotted('stills_web', preset.stills_web)
  if (role === 'thumbnail') return dotted('thumbnails', without(preset.thumbnails, 'enabled'))
  return {}
}

function dotted(name: string, settings: Record<string, unknown>): Wanted {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${name}.${key}`, plain(value)]))
}

function plain(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value
  const { width, height } = value as { width?: number; height?: number }
  return width && height ? `${width}x${height}` : JSON.stringify(value)
}

function without<T extends object>(record: T, ...keys: string[]) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key))) as T
}

/** Paths stand behind `file:` in ffmpeg's arguments. What lies under one of `folders` is told from there. */
export function relativeArguments(args: readonly string[], folders: readonly string[]): string[] {
  const nearest = folders.filter((folder) => folder !== '/').toSorted((a, b) => b.length - a.length)
  return args.map((argument) => {
    if (!argument.startsWith('file:')) return argument
    const folder = nearest.find((candidate) => argument.startsWith(`file:${candidate}/`))
    return folder === undefined ? argument : `file:${argument.slice(`file:${folder}/`.length)}`
  })
}

/** What keeps ffmpeg from following playlists: the same for every input, and without effect on what comes out. */
const guards = ['-protocol_whitelist', '-format_whitelist']

/** A command as a person types it into a shell; the guards of its inputs are left out. */
export function commandText(args: readonly string[]): string {
  const shown = args.filter((_, n) => !isGuard(args[n]) && !isGuard(args[n - 1]))
  return ['ffmpeg', ...shown.map(quoted)].join(' ')
}

const isGuard = (argument = '') => guards.includes(argument)

const quoted = (argument: string) =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`

export interface LineageReport {
  /** The name of the session's master; null where it is not known, and of what has nothing to do with it. */
  master: string | null
  /** The file in the R&D folder that it was made from; null where that is the master. */
  research: string | null
  /** What it was made from where that is not the master: the key of a still's row, and its path under its root. */
  from: { key: string; path: string } | null
  /** The scene's (or group's) number when it was made. */
  scene: number | null
  /** The master's frames that it shows: the first of each stretch, and the one behind its last. */
  ranges: Ranges | null
  /** The one frame of the master that it shows. */
  frame: number | null
  preset: string
  presetVersion: number | null
  /** What the session's settings said of it. */
  wanted: Wanted
  /** The settings really used. */
  settings: Record<string, unknown> | null
  /** Arguments of each run of ffmpeg, paths relative to their roots. */
  commands: string[][]
  /** UTC. */
  made: string
  /** How long that took. */
  seconds: number | null
}

/** "frames 0 to 95", both of them shown; "frames 0 to 95 and 200 to 239". */
export const rangesText = (ranges: Ranges): string =>
  `frames ${ranges.map(([first, end]) => `${first} to ${end - 1}`).join(' and ')}`

/** "CRF 20", "audio bitrate 128": a setting as a person reads it. */
export function settingText(name: string, value: string | number | boolean | undefined): string {
  const [group = '', key = ''] = name.includes('.') ? name.split('.') : ['', name]
  const words = key === 'crf' ? 'CRF' : `${groupWords[group] ?? ''} ${key.replaceAll('_', ' ')}`.trim()
  return `${words} ${String(value ?? 'not set')}`
}

const groupWords: Record<string, string> = {
  video: 'video',
  audio: 'audio',
  stills_web: 'web still',
  thumbnails: 'thumbnail',
}
