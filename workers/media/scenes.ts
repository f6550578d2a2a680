/**
 * Scenes: what lies between cuts, how people choose them, and how PySceneDetect lists them.
 */

import type { Fraction } from './timecode.ts'

export interface Scene {
  /** From 1. */
  number: number
  startFrame: number
  /** Exclusive. */
  endFrame: number
  /** Seconds from the first frame's PTS. */
  start: number
  end: number
}

/** What scenes are made of: as `detectScenes` found it, or as it is stored. */
export interface Cutting {
  frames: number
  /** Seconds from the first frame's PTS, per frame. */
  times: ArrayLike<number>
  /** End of the last frame in seconds. */
  duration: number
  /** First frames of scenes, ascending; frame 0 may be among them or not. */
  cuts: readonly number[]
}

/** The scenes of a video; without a cut it is one scene, without a frame it has none. */
export function scenesFromCuts({ frames, times, duration, cuts }: Cutting): Scene[] {
  if (frames === 0) return []
  const starts = [0, ...cuts.filter((frame) => frame > 0 && frame < frames)]
  return starts.map((startFrame, i) => {
    const next = starts[i + 1]
    return {
      number: i + 1,
      startFrame,
      endFrame: next ?? frames,
      start: times[startFrame] ?? 0,
      end: next === undefined ? duration : (times[next] ?? duration),
    }
  })
}

/**
 * The numbers that a person means by "all", "none" or "1,3-5", ascending, each once.
 * @param count how many scenes there are.
 * @throws Error that says what is wrong and what would be right.
 */
export function parseSceneChoice(text: string, count: number): number[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === 'none') return []
  if (wanted === 'all') return Array.from({ length: count }, (_, i) => i + 1)
  return parseNumbers(text, count, 'Scenes are chosen as all, none or a list such as 1,3-5').sort(
    (a, b) => a - b,
  )
}

/**
 * The scenes of one group in playing order, which is the order given, from "2-4" or "5,2": two or more.
 * @throws Error as `parseSceneChoice`.
 */
export function parseGroup(text: string, count: number): number[] {
  const numbers = parseNumbers(text, count, 'A group is a list of scenes such as 2-4 or 2,5')
  if (numbers.length < 2) throw new Error(`A group needs two or more scenes; “${text}” names one.`)
  return numbers
}

function parseNumbers(text: string, count: number, form: string): number[] {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*$/.exec(part) ?? []
    if (first === undefined) throw new Error(`“${text}” cannot be read. ${form}.`)
    const [from, to] = [Number(first), Number(last)]
    if (from > to) throw new Error(`“${part.trim()}” runs backwards; write ${to}-${from}.`)
    if (from < 1 || to > count) throw new Error(`There is no scene ${from < 1 ? from : to}. ${range(count)}`)
    for (let number = from; number <= to; number++) numbers.add(number)
  }
  return [...numbers]
}

const range = (count: number) =>
  count === 1 ? 'There is only scene 1.' : `The scenes are numbered 1 to ${count}.`

/**
 * The scene list as PySceneDetect 0.7's `list-scenes` writes it, byte for byte where frames are evenly spaced:
 * a row of cut times, a header, one row per scene; frames counted from 1 with the end inclusive.
 * Where they are not, it tells the frames' true numbers and not estimates from the average rate.
 */
export const sceneListCsv = (found: Cutting & Pick<Film, 'fps' | 'variable'>): string =>
  listCsv(scenesFromCuts(found), found)

/** The same list of some scenes only; they keep their numbers. */
export function listCsv(scenes: readonly Scene[], film: Film): string {
  const cuts = scenes
    .filter(({ startFrame }) => startFrame > 0)
    .map(({ start }) => peerTimecode(peerTime(start)))
  const rows = [cuts.length > 0 ? ['Timecode List:', ...cuts] : [], header]
  for (const scene of scenes) {
    const start = peerTime(scene.start)
    const end = scene.endFrame === film.frames ? peerEnd(film) : peerTime(scene.end)
    rows.push([
      String(scene.number),
      String(scene.startFrame + 1),
      ...timeColumns(start),
      String(scene.endFrame),
      ...timeColumns(end),
      String(scene.endFrame - scene.startFrame),
      ...timeColumns((wholeMicros(end) - wholeMicros(start)) / 1e6),
    ])
  }
  return rows.map((row) => `${row.join(',')}\n`).join('')
}

interface Film {
  frames: number
  /** Seconds. */
  duration: number
  fps: Fraction
  /** True where frames are not evenly spaced. */
  variable?: boolean
}

const header = [
  ...['Scene Number', 'Start Frame', 'Start Timecode', 'Start Time (seconds)'],
  ...['End Frame', 'End Timecode', 'End Time (seconds)'],
  ...['Length (frames)', 'Length (timecode)', 'Length (seconds)'],
]

const wholeMicros = (seconds: number) => roundHalfEven(seconds * 1000 * 1000)

const peerTime = (seconds: number) => wholeMicros(seconds) / 1e6

/** The original counts frames for the end of the film; where they do not tell it, or are far from the truth, the truth. */
function peerEnd({ frames, duration, fps, variable }: Film): number {
  if (variable) return peerTime(duration)
  const counted = (frames * fps.den) / fps.num
  return Math.abs(counted - duration) < fps.den / fps.num / 2 ? counted : duration
}

const timeColumns = (seconds: number) => [peerTimecode(seconds), threePlaces(seconds)]

/** HH:MM:SS.nnn. */
function peerTimecode(time: number): string {
  const hours = Math.trunc(time / 3600)
  const afterHours = time - hours * 3600
  const minutes = Math.trunc(afterHours / 60)
  const seconds = threePlaces(Math.max(0, afterHours - minutes * 60))
  if (Number(seconds) < 60) return clockText(hours, minutes, seconds)
  return minutes + 1 < 60 ? clockText(hours, minutes + 1, '0.000') : clockText(hours + 1, 0, '0.000')
}

const clockText = (hours: number, minutes: number, seconds: string) =>
  `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:${seconds.padStart(6, '0')}`

/** Three decimals; where the number lies exactly between two, the even one, as Python does it. */
function threePlaces(value: number): string {
  const isTie = (value * 16) % 2 === 1
  return isTie ? (roundHalfEven(value * 1000) / 1000).toFixed(3) : value.toFixed(3)
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
