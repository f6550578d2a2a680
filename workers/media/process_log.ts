/**
 * process_log.txt: what was made, with what, and what to know about it, as a text for people.
 */

import type { FileRole } from '../../db/schema.ts'
import type { JobOperation, JobSession } from '../operation.ts'
import type { Probe } from './probe.ts'
import { clock, fractionValue } from './timecode.ts'

export interface LogFacts {
  session: JobSession
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  finishedAt: string
  /** Absolute path of the project folder. */
  output: string
  /** Absolute path of the R&D folder. */
  research: string | null
  master: {
    name: string
    bytes: number | null
    frames: number | null
    duration: number | null
    probe: Probe | null
  }
  scenes: { found: number; ticked: number; groups: number }
  files: { role: FileRole; bytes: number | null }[]
  operations: JobOperation[]
  ffmpeg: string
}

type Line = [label: string, value: string]

/** The whole text, with a line feed at its end. */
export function processLog(facts: LogFacts): string {
  const sections: [title: string, lines: string[]][] = [
    ['PROJECT', aligned(projectLines(facts))],
    ['MASTER', aligned(masterLines(facts))],
    ['STEPS', stepLines(facts.operations)],
    ['OUTPUT', aligned(outputLines(facts))],
    ['SETTINGS', aligned(settingLines(facts))],
    ['WARNINGS AND PROBLEMS', remarkLines(facts.operations)],
  ]
  const body = sections.map(([title, lines]) => [title, '-'.repeat(title.length), ...lines].join('\n'))
  return `${['CUTROOM PROCESS LOG\n===================', ...body].join('\n\n')}\n`
}

const projectLines = ({ session, finishedAt, output, research }: LogFacts): Line[] => [
  ['Artwork', session.artwork],
  ['Project date', session.projectDate],
  ['Session', session.key],
  ['Copyright', session.copyright],
  ['Started', `${session.createdAt.slice(0, 19)} UTC`],
  ['Finished', `${finishedAt.slice(0, 19)} UTC`],
  ['Output folder', output],
  ['R&D folder', research ?? 'none'],
]

function masterLines({ master: { name, bytes, frames, duration, probe } }: LogFacts): Line[] {
  const size = bytes ?? probe?.bytes
  const file: Line[] = [
    ['File', name],
    ['Size', size === undefined ? 'unknown' : sizeText(size)],
  ]
  if (!probe) return file
  const { video, audio } = probe
  const rate = Number(fractionValue(video.frameRate).toFixed(3))
  return [
    ...file,
    ['Length', `${clock(duration ?? probe.duration)}${frames === null ? '' : ` (${frames} frames)`}`],
    ['Picture', `${video.width}x${video.height}${video.rotation ? `, turned by ${video.rotation}°` : ''}`],
    ['Frame rate', `${rate} fps${video.variable ? ', variable' : ''}`],
    [
      'Codec',
      [video.codec, video.profile, video.pixelFormat, `${video.depth} bit`].filter(Boolean).join(', '),
    ],
    ['Colour', colourText(probe)],
    [
      'Sound',
      audio.map((track) => `${track.codec}, ${track.channels} ch, ${track.sampleRate} Hz`).join('; ') ||
        'none',
    ],
    ...(probe.startTimecode ? [['Start timecode', probe.startTimecode] satisfies Line] : []),
  ]
}

function colourText({ video: { primaries, transfer, matrix, range, hdr } }: Probe): string {
  const tags = [primaries, transfer, matrix].map((tag) => tag ?? 'untagged').join(' / ')
  return `${tags}, ${range === 'pc' ? 'full' : 'limited'} range${hdr ? `, HDR (${hdr.toUpperCase()})` : ''}`
}

function stepLines(operations: JobOperation[]): string[] {
  const widest = Math.max(0, ...operations.map(({ title }) => title.length))
  return operations.map(({ title, status, seconds }) =>
    `${title.padEnd(widest)}  ${status.padEnd(10)}  ${seconds === null ? '' : durationText(seconds)}`.trimEnd(),
  )
}

const kinds: [role: FileRole, what: string][] = [
  ['master', 'Master, copied'],
  ['master_web', 'Master, optimised'],
  ['clip', 'Clips'],
  ['group', 'Groups'],
  ['still_hq', 'Stills, high quality'],
  ['still_web', 'Stills, web'],
  ['thumbnail', 'Thumbnails'],
  ['rd_hq', 'R&D, high quality'],
  ['rd_web', 'R&D, compressed'],
]

function outputLines({ files, master, scenes, operations }: LogFacts): Line[] {
  const made = files.filter(({ role }) => kinds.some(([kind]) => kind === role))
  const total = sum(made.map(({ bytes }) => bytes))
  const before = master.bytes ?? master.probe?.bytes ?? 0
  const ratio = before > 0 ? `, ${(total / before).toFixed(2)} times the master` : ''
  return [
    ['Scenes found', `${scenes.found}, ${scenes.ticked} chosen as clips, ${counted(scenes.groups, 'group')}`],
    ...kinds.flatMap(([kind, what]) =>
      kindLine(
        what,
        made.filter(({ role }) => role === kind),
      ),
    ),
    ['Before', sizeText(before)],
    ['After', `${sizeText(total)} in ${counted(made.length, 'file')}${ratio}`],
    ['Time of work', durationText(sum(operations.map(({ seconds }) => seconds)))],
  ]
}

function kindLine(what: string, files: LogFacts['files']): Line[] {
  if (files.length === 0) return []
  return [[what, `${counted(files.length, 'file')}, ${sizeText(sum(files.map(({ bytes }) => bytes)))}`]]
}

function settingLines({ session, operations, ffmpeg }: LogFacts): Line[] {
  const { preset } = session
  const used = new Set(
    operations.map(({ settings }) => settings.encoder).filter((name) => typeof name === 'string'),
  )
  const encoder = [...used].join(', ') || session.encoder
  const size =
    preset.video.size === 'source'
      ? 'source size'
      : `at most ${preset.video.size.width}x${preset.video.size.height}`
  const { quality, max_width, chroma } = preset.stills_web
  return [
    ['Preset', session.presetName],
    [
      'Detection',
      `${session.detector}, threshold ${session.threshold}, at least ${counted(session.minSceneLength, 'frame')}`,
    ],
    [
      'Encoder',
      used.size > 0 && !used.has(session.encoder) ? `${encoder} (${session.encoder} was asked for)` : encoder,
    ],
    ['Video', `CRF ${preset.video.crf}, ${preset.video.speed}, ${size}`],
    ...operations.flatMap(({ title, settings: { copied } }): Line[] =>
      typeof copied === 'string' ? [[title, `${copied} copied, not re-encoded: it was fit for the web`]] : [],
    ),
    ['Audio', `AAC ${preset.audio.bitrate} kbit/s, ${preset.audio.sample_rate} Hz`],
    [
      'Web stills',
      `JPEG quality ${quality}, ${max_width === 'source' ? 'source size' : `at most ${max_width} wide`}, ${chroma}`,
    ],
    ['ffmpeg', ffmpeg],
  ]
}

function remarkLines(operations: JobOperation[]): string[] {
  const remarks = operations.flatMap(({ title, warnings, error }) => [
    ...(error ? [`! ${title}: ${error}`] : []),
    ...warnings.map((warning) => `- ${title}: ${warning}`),
  ])
  return remarks.length > 0 ? remarks : ['none']
}

/** Labels in one column, values in the next. */
function aligned(lines: Line[]): string[] {
  const widest = Math.max(...lines.map(([label]) => label.length))
  return lines.map(([label, value]) => `${label.padEnd(widest)}  ${value.replace(/\s*[\r\n]+\s*/g, ' ')}`)
}

const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** Decimal units, as file managers show: 1 MB = 1000 kB. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000
  return unit === 0 ? counted(bytes, 'byte') : `${value.toFixed(1)} ${units[unit]}`
}

/** "4.2 s", "3 min 07 s", "1 h 02 min". */
export function durationText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`
}
