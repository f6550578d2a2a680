/**
 * Presets: the three that ship with Cutroom, and what any preset may say.
 */

import { z } from 'zod'

const size = z.union([
  z.literal('source'),
  z.strictObject({ width: z.int().min(16).max(16384), height: z.int().min(16).max(16384) }),
])
const maxWidth = z.union([z.literal('source'), z.int().min(16).max(16384)])

export const presetSettings = z.strictObject({
  stills_hq: z.strictObject({
    enabled: z.boolean(),
  }),
  stills_web: z.strictObject({
    quality: z.int().min(1).max(100),
    max_width: maxWidth,
    progressive: z.boolean(),
    chroma: z.enum(['4:4:4', '4:2:2', '4:2:0']),
  }),
  video: z.strictObject({
    /** The picture is made to fit inside, never enlarged. */
    size,
    crf: z.number().min(0).max(51),
    speed: z.enum([
      'ultrafast',
      'superfast',
      'veryfast',
      'faster',
      'fast',
      'medium',
      'slow',
      'slower',
      'veryslow',
    ]),
    profile: z.enum(['baseline', 'main', 'high']),
    /** At least this; raised where the picture needs more. */
    level: z.enum(['3.0', '3.1', '3.2', '4.0', '4.1', '4.2', '5.0', '5.1', '5.2']),
    fps: z.union([z.literal('source'), z.number().min(0.1).max(120)]),
  }),
  audio: z.strictObject({
    /** kbit/s of AAC. */
    bitrate: z.int().min(32).max(512),
    sample_rate: z.union([z.literal(44100), z.literal(48000), z.literal(96000)]),
    channels: z.enum(['source', 'mono', 'stereo']),
  }),
  thumbnails: z.strictObject({
    enabled: z.boolean(),
    quality: z.int().min(1).max(100),
    max_width: maxWidth,
  }),
})

export type PresetSettings = z.infer<typeof presetSettings>

/** What `presets export` writes and `presets import` reads. */
export const presetDocument = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'an id is 1 to 64 of a-z, 0-9, _ and -'),
  /** Half a surrogate pair is written down as U+FFFD, and so compared. */
  name: z
    .string()
    .overwrite((name) => name.toWellFormed())
    .trim()
    .min(1)
    .max(100),
  base: z.string().nullish(),
  category: z.string().max(100).nullish(),
  description: z.string().max(2000).nullish(),
  settings: presetSettings,
})

export type PresetDocument = z.infer<typeof presetDocument>

export const builtinPresets: readonly PresetDocument[] = [
  {
    id: 'webflow_standard',
    name: 'Webflow standard',
    category: 'web',
    description: 'Full-size stills and clips of high quality, for most sites.',
    settings: {
      stills_hq: { enabled: true },
      stills_web: { quality: 90, max_width: 'source', progressive: true, chroma: '4:4:4' },
      video: { size: 'source', crf: 20, speed: 'slow', profile: 'high', level: '4.1', fps: 'source' },
      audio: { bitrate: 320, sample_rate: 48000, channels: 'source' },
      thumbnails: { enabled: false, quality: 75, max_width: 400 },
    },
  },
  {
    id: 'retina_showcase',
    name: 'Retina showcase',
    category: 'web',
    description: 'The finest, for large and dense screens.',
    settings: {
      stills_hq: { enabled: true },
      stills_web: { quality: 90, max_width: 2560, progressive: true, chroma: '4:4:4' },
      video: {
        size: { width: 2560, height: 1440 },
        crf: 19,
        speed: 'slow',
        profile: 'high',
        level: '5.1',
        fps: 'source',
      },
      audio: { bitrate: 320, sample_rate: 48000, channels: 'source' },
      thumbnails: { enabled: false, quality: 75, max_width: 400 },
    },
  },
  {
    id: 'ultra_light',
    name: 'Ultra light',
    category: 'web',
    description: 'Small files that load at once; web stills and thumbnails only.',
    settings: {
      stills_hq: { enabled: false },
      stills_web: { quality: 82, max_width: 1600, progressive: true, chroma: '4:2:0' },
      video: {
        size: { width: 1920, height: 1080 },
        crf: 23,
        speed: 'faster',
        profile: 'main',
        level: '4.0',
        fps: 'source',
      },
      audio: { bitrate: 192, sample_rate: 44100, channels: 'source' },
      thumbnails: { enabled: true, quality: 75, max_width: 400 },
    },
  },
]
