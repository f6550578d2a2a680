/**
 * How figures, times and states are put into words on every page.
 */

import type { Damage } from '../db/files.ts'
import type { Operation, OperationStatus, Session, SessionStatus } from '../db/schema.ts'
import type { Range } from '../workers/media/estimates.ts'
import { placeText, type Timing } from '../workers/media/timecode.ts'

/** "24.8 MB", "2.0 MB", "448 KB": decimal, as file managers and shops count. */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return '—'
  // What would be rounded to 1000 is told in the next unit.
  if (bytes < 1000) return `${bytes} B`
  const power = Math.min(4, Math.floor(Math.log10(bytes * 1.0005) / 3))
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 1 ? Math.round(value) : value.toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`
}

/** A guess does not know the last digits: "1.2 MB", "14 MB", "340 MB". static/scenes.js says the same. */
export function aboutBytesText(bytes: number): string {
  const whole = Number(bytes.toPrecision(2))
  return whole < 1000 ? `${whole} B` : bytesText(whole).replace('.0 ', ' ')
}

/** "it takes 1 to 9" as a sentence of its own: "It takes 1 to 9." */
export const sentence = (text: string) => (/[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`)

/** With a capital letter, unless it begins with a key: `video.crf` is written as it is. */
export const capital = (text: string) =>
  text.replace(/^\p{L}(?![^\s:]*[._])/u, (letter) => letter.toUpperCase())

/** How long something took or takes: "0.9 s", "48 s", "2 min 05 s", "1 h 12 min". */
export function spanText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  if (whole < 3600) return `${Math.round(whole / 60)} min`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** What is left is never known to the tenth: "5 s", "about 20 s", "about 3 min". */
export function leftText(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.ceil(seconds))} s left`
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`
  if (seconds < 3600) return `about ${Math.ceil(seconds / 60)} min left`
  return `about ${(seconds / 3600).toFixed(1)} h left`
}

/** "1.2 GB, 900 MB to 1.6 GB": the likely value, and what it may come to. */
export function rangeText({ low, likely, high }: Range, text: (value: number) => string): string {
  const [least, middle, mostly] = [text(low), text(likely), text(high)]
  return least === mostly ? middle : `${middle}, ${least} to ${mostly}`
}

/** The length of a film: "0:52", "24:05", "1:02:10". */
export function lengthText(seconds: number | null): string {
  if (seconds === null) return '—'
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** "1,204": whole numbers, grouped. */
export const numberText = (value: number) => Math.round(value).toLocaleString('en-GB')

/** "1 scene", "14 scenes". */
export const countText = (count: number, one: string, many = `${one}s`) =>
  `${numberText(count)} ${count === 1 ? one : many}`

/** MM:SS and the frames apart (of an uneven film, thousandths), for the grid; hours only where there are some. */
export function gridTimecode(
  place: { frame: number; time: number },
  timing: Timing,
): { time: string; frames: string } {
  const text = placeText(place, timing)
  const end = timing.variable ? -4 : -3
  return { time: text.slice(text.startsWith('00:') ? 3 : 0, end), frames: text.slice(end) }
}

/**
 * The database's UTC text as ISO 8601, for `<time datetime>`; an island puts it into the reader's own zone.
 */
export const isoTime = (stored: string) => `${stored.replace(' ', 'T')}Z`

/** "20 Nov 11:26" in UTC, what stands there until the island has put it right. */
export function timeText(stored: string): string {
  const date = new Date(isoTime(stored))
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A state's icon and tone: those of `.state[data-state]`. */
export type Tone = OperationStatus | 'paused' | 'warning'

/** The state of a session in a word or two. `problems` are failed steps of one that went on. */
export function sessionState(
  session: Pick<Session, 'status' | 'wanted'>,
  problems: number,
): { tone: Tone; word: string } {
  const { status, wanted } = session
  if (!isEnded(status) && wanted === 'cancel') return { tone: 'processing', word: 'cancelling' }
  if (status !== 'paused' && !isEnded(status) && wanted === 'pause')
    return { tone: 'paused', word: 'pausing, finishing what runs' }
  if (status === 'completed' && problems > 0)
    return { tone: 'warning', word: `completed, ${countText(problems, 'problem')}` }
  return { tone: tones[status], word: statusWords[status] }
}

export const isEnded = (status: SessionStatus) =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

const tones: Record<SessionStatus, Tone> = {
  initialized: 'pending',
  processing: 'processing',
  waiting: 'waiting',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

const statusWords: Record<SessionStatus, string> = {
  initialized: 'about to start',
  processing: 'running',
  waiting: 'waiting for a choice',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** What people read for a step; a name this version does not know stands for itself. */
export const stepTitle = (name: string) => titles[name] ?? name.replaceAll('_', ' ')

const titles: Record<string, string> = {
  probe: 'Look at the master',
  copy_master: 'Copy the master',
  detect: 'Find cuts',
  thumbnails: 'Thumbnails',
  choose: 'Choose scenes',
  clips: 'Clips and groups',
  stills_hq: 'Stills, full size',
  stills_web: 'Stills for the web',
  optimise_master: 'Optimised master',
  research: 'R&D files',
  finish: 'Finish',
}

/** "9 of 10 done, 1 failed": only what was done counts as that. */
export function doneText(operations: readonly Pick<Operation, 'status'>[], unit = ''): string {
  const count = (...of: OperationStatus[]) => operations.filter(({ status }) => of.includes(status)).length
  const failed = count('failed')
  const done = `${count('completed', 'skipped')} of ${operations.length}${unit} done`
  return failed > 0 ? `${done}, ${failed} failed` : done
}

/** "96 frames/s", "7 of 12 files": pace, or how far, in the unit of the step. */
export function paceText({ unit, units_done, units_total, units_per_second }: Operation): string {
  if (unit === null || units_done === null || units_total === null) return ''
  const far =
    unit === 'bytes'
      ? `${bytesText(units_done)} of ${bytesText(units_total)}`
      : `${numberText(units_done)} of ${numberText(units_total)} ${unit}`
  if (units_per_second === null) return far
  if (unit === 'bytes') return `${bytesText(units_per_second)}/s`
  return `${units_per_second < 10 ? units_per_second.toFixed(1) : Math.round(units_per_second)} ${unit}/s`
}

/** Of processing steps: "62%". Floored, so that 100% is never claimed early. */
export const percentText = (progress: number) => `${Math.floor(progress * 100)}%`

const two = (value: number) => String(value).padStart(2, '0')

/** "1 output is torn, 2 are missing"; empty where all are whole. */
export function damageText({ torn, missing }: Damage): string {
  const told = (
    [
      [torn, 'torn'],
      [missing, 'missing'],
    ] as const
  ).filter(([count]) => count > 0)
  return told
    .map(([count, state], index) => {
      const what = index === 0 ? countText(count, 'output') : numberText(count)
      return `${what} ${count === 1 ? 'is' : 'are'} ${state}`
    })
    .join(', ')
}

/** What is known of outputs, in a line: "12 proven, 1 missing". */
export function proofText(counts: Record<'proven' | 'torn' | 'missing' | 'unproven', number>): string {
  const words = { proven: 'proven', torn: 'torn', missing: 'missing', unproven: 'not proven yet' }
  const told = Object.entries(words).filter(([state]) => counts[state as keyof typeof words] > 0)
  return (
    told.map(([state, word]) => `${counts[state as keyof typeof words]} ${word}`).join(', ') || 'none yet'
  )
}
