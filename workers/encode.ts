/**
 * H.264 for the web: builds the arguments from a preset and runs the encode.
 */

import type { Encoder } from '../db/schema.ts'
import { ffmpeg, input } from './ffmpeg.ts'
import { firstShifted } from './first_frame.ts'
import { keepTimestamps, tickFor } from './media/builds.ts'
import { claimedPace, type Pace, paceOf } from './media/pace.ts'
import {
  audioChannels,
  canToneMap,
  colourTags,
  exactRate,
  fit,
  h264Level,
  outputColour,
  pictureFilters,
  pixelAspect,
  type Size,
} from './media/video.ts'
import type { PresetSettings } from './media/presets.ts'
import type { Probe } from './media/probe.ts'
import { type Fraction, fractionText, fractionValue, inverse } from './media/timecode.ts'
import type { Context, Frames, Tools } from './operation.ts'

export interface Encoding {
  /** Absolute path of what is read, and what `probeFile` said of it. */
  source: string
  probe: Probe
  /** Absolute path of what is written, in the work folder; ends in .mp4. */
  target: string
  video: PresetSettings['video']
  audio: PresetSettings['audio']
  encoder: Encoder
  /** Embedded in the file. MP4 keeps title, artist, copyright, comment, description, date and genre. */
  tags?: Record<string, string>
  /** Every frame of the source, where they have been looked at. */
  frames?: Frames | null
  /** Frames of output written so far. */
  onFrames?: (frames: number) => void
}

/** What an encode came to: the settings really used, the size of the picture, and how many were written. */
export interface Encoded {
  settings: EncodeSettings
  /** Arguments of each run of ffmpeg, in order. */
  commands: string[][]
  frames: number
  width: number
  height: number
}

export type EncodeSettings = Record<string, string | number | null>

/**
 * Encodes a whole file: its first video stream and its first audio stream, every frame at its own PTS (unless the
 * settings ask for a rate), the first at 0, so that the result's clock is that of the scenes. Rotation, odd sizes, HDR, alpha and full range are taken care of.
 * @throws OperationError `ffmpeg_failed`; the signal's reason.
 */
export async function encodeVideo(
  { source, probe, target, ...wanted }: Encoding,
  tools: Tools,
  context: Pick<Context, 'signal' | 'children'>,
): Promise<Encoded> {
  const plan = planEncode(probe, wanted, tools)
  const sound = probe.audio[0]
  const begins = sound ? await firstShifted(source, probe, tools, context) : 0
  const args = [
    ...input(source, '-threads', String(tools.threads)),
    '-map',
    `0:${probe.video.index}`,
    ...(sound ? ['-map', `0:${sound.index}`] : []),
    ...['-vf', ['setpts=PTS-STARTPTS', ...plan.filters].join(',')],
    ...(sound ? ['-af', soundFrom(begins, wanted.audio.sample_rate)] : []),
    ...plan.output(wanted.frames ? paceOf(wanted.frames, probe.video) : claimedPace(probe), wanted.tags),
    `file:${target}`,
  ]
  const frames = await countedRun(args, wanted.onFrames, tools, context)
  return { settings: plan.settings, commands: [args], frames, ...plan.size }
}

/** The sound from when the picture begins; silence until there is sound. */
export const soundFrom = (seconds: number, sampleRate: number) =>
  [
    `asetpts=PTS-round(${seconds.toFixed(6)}/TB)`,
    'atrim=start=0',
    `aresample=${sampleRate}:async=1:first_pts=0`,
  ].join(',')

/** Runs ffmpeg. @returns how many frames it wrote. */
export async function countedRun(
  args: string[],
  onFrames: Encoding['onFrames'],
  tools: Tools,
  { signal, children }: Pick<Context, 'signal' | 'children'>,
): Promise<number> {
  let written = 0
  const count = (frames: number) => {
    written = frames
    onFrames?.(frames)
  }
  await ffmpeg(tools, args, { signal, children, onFrames: count })
  return written
}

/** What `planEncode` decides; clips put their own inputs and graph around it. */
export interface EncodePlan {
  size: Size
  /** The constant rate asked for; null = frames keep their PTS. */
  rate: Fraction | null
  /** Filters of the picture, the last of them the rate's. */
  filters: string[]
  settings: EncodeSettings
  /** Output options of the picture. `pace`: of the frames, where no constant rate decides it. */
  picture(pace: Pace): string[]
  /** Output options of the sound. */
  sound: string[]
  /** All output options: picture, sound and file. */
  output(pace: Pace, tags?: Record<string, string>): string[]
}

/** Decides how a picture and a sound are encoded, from what was found and what is asked for. */
export function planEncode(
  probe: Probe,
  wanted: Pick<Encoding, 'video' | 'audio' | 'encoder'>,
  tools: Tools,
): EncodePlan {
  const { video, audio } = wanted
  const size = fit(probe.video, pixelAspect(probe.video), video.size)
  const rate = video.fps === 'source' ? null : exactRate(video.fps)
  const level = h264Level(size, fractionValue(rate ?? probe.video.frameRate), video.level)
  const encoder = wanted.encoder === 'nvenc' && tools.nvenc ? 'nvenc' : 'x264'
  const channels = probe.audio[0] ? audioChannels(probe.audio[0].channels, audio.channels) : 0
  const used = { video, audio, encoder, level, channels } as const
  const picture = (pace: Pace) => [
    ...clockArguments(rate ? { tick: inverse(rate), even: true } : pace, tools),
    ...pictureArguments(used, tools),
    ...colourTags(outputColour(probe.video)),
  ]
  const sound = soundArguments(used)
  return {
    size,
    rate,
    filters: [
      ...pictureFilters(probe.video, size, tools.filters),
      ...(rate ? [`fps=${fractionText(rate)}`] : []),
    ],
    settings: settingsUsed(used, probe, size, tools),
    picture,
    sound,
    output: (pace, tags) => [...picture(pace), ...sound, ...fileArguments(tags)],
  }
}

interface Used extends Pick<Encoding, 'video' | 'audio' | 'encoder'> {
  level: string | null
  /** 0 = no sound. */
  channels: number
}

/**
 * Every frame at its own PTS, counted in ticks: by default old builds drop and repeat frames. MP4 tells how long a film
 * lasts by its first and last frames in the order of decoding; where they are uneven and B-frames put them into another
 * order, players lose the last ones. While a slide stays on, sound piles up before the first picture is encoded.
 */
const clockArguments = ({ tick, even }: Pace, tools: Tools) => [
  ...keepTimestamps(tools),
  ...['-enc_time_base:v', fractionText(tickFor(tick, tools))],
  ...(even ? [] : ['-bf', '0']),
  ...waitingPackets,
]

/** How many packets may wait until every stream has begun; they are small, and far fewer in ordinary films. */
export const waitingPackets = ['-max_muxing_queue_size', '65536']

function pictureArguments({ video, encoder, level }: Used, tools: Tools): string[] {
  const crf = String(video.crf)
  if (encoder === 'nvenc') {
    return [
      ...['-c:v', 'h264_nvenc', '-preset', 'p7', '-rc', 'vbr', '-cq', crf],
      ...['-b:v', '0', '-profile:v', 'high'],
    ]
  }
  return [
    ...['-c:v', 'libx264', '-preset', video.speed, '-crf', crf, '-profile:v', video.profile],
    ...(level ? ['-level:v', level] : []),
    ...['-threads:v', String(tools.threads)],
  ]
}

/**
 * At few bits newer builds take several rounds to find their way into every clip, and end up no nearer to the original
 * than this one does at once (measured at 64 kbit/s a channel); with many bits their own way is nearer.
 */
const fastCoder = ['-aac_coder', 'fast']

function soundArguments({ audio, channels }: Used): string[] {
  if (channels === 0) return ['-an']
  return [
    ...['-c:a', 'aac', '-b:a', `${audio.bitrate}k`, ...(audio.bitrate <= 64 * channels ? fastCoder : [])],
    ...['-ar', String(audio.sample_rate), '-ac', String(channels)],
  ]
}

/**
 * An MP4 that plays while it loads. Only our own words are embedded: what the source carried (a camera's place, an
 * editor's paths) stays behind.
 */
export const fileArguments = (tags: Record<string, string> = {}) => [
  ...['-map_metadata', '-1', '-map_chapters', '-1'],
  ...Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
  ...['-sn', '-dn', '-movflags', '+faststart', '-f', 'mp4'],
]

function settingsUsed(
  { video, audio, encoder, level, channels }: Used,
  probe: Probe,
  size: Size,
  tools: Tools,
): EncodeSettings {
  return {
    encoder,
    crf: video.crf,
    speed: encoder === 'nvenc' ? 'p7' : video.speed,
    profile: encoder === 'nvenc' ? 'high' : video.profile,
    level: encoder === 'nvenc' ? null : level,
    size: `${size.width}x${size.height}`,
    fps: video.fps,
    audio:
      channels === 0 ? null : `AAC ${audio.bitrate} kbit/s, ${audio.sample_rate} Hz, ${channels} channels`,
    tone_mapping: probe.video.hdr && canToneMap(tools.filters) ? 'hable' : null,
  }
}

/**
 * What a person should know before an encode: sentences about what the settings could not do for this file.
 */
export function encodeWarnings(
  probe: Probe,
  encoder: Encoder,
  tools: Pick<Tools, 'nvenc' | 'filters'>,
): string[] {
  const { video, audio } = probe
  return [
    encoder === 'nvenc' && !tools.nvenc && 'NVENC does not work on this machine, so x264 was used.',
    video.hdr &&
      !canToneMap(tools.filters) &&
      'This ffmpeg cannot tone-map HDR (it lacks zscale), so colours will look flat.',
    video.alpha && 'H.264 has no transparency, so the picture was laid over black.',
    audio.length > 1 && `There are ${audio.length} audio tracks; only the first is in the result.`,
  ].filter((sentence) => typeof sentence === 'string')
}
