/**
 * Timecode of frames, with and without drop-frame, as SMPTE ST 12-1 counts them.
 */

import { type Fraction, fractionValue } from '../timecode.ts'

/** How timecode counts: so many frames a second, and whether two of each minute's first numbers are left out. */
export interface Counting {
  nominal: number
  drop: boolean
}

/**
 * How a film's timecode counts. One that says so itself is believed; where nothing is said, 29.97 and 59.94 drop, so that
 * their timecode keeps to the clock.
 */
export function countingOf(rate: Fraction, startTimecode: string | null): Counting {
  const nominal = Math.max(1, Math.round(fractionValue(rate)))
  const mayDrop = rate.den % 1001 === 0 && (nominal === 30 || nominal === 60)
  return { nominal, drop: mayDrop && (startTimecode === null || isDrop(startTimecode)) }
}

const isDrop = (timecode: string) => /[;.,]\d\d$/.test(timecode)

/** HH:MM:SS:FF, or HH:MM:SS;FF with drop-frame; after a day it begins again. */
export function timecodeOf(frame: number, { nominal, drop }: Counting): string {
  const day = framesIn({ hours: 24 }, { nominal, drop })
  const counted = ((frame % day) + day) % day
  const number = drop ? withDropped(counted, nominal) : counted
  const seconds = Math.floor(number / nominal)
  const pad = (value: number) => String(value).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(':')
  return `${clock}${drop ? ';' : ':'}${pad(number % nominal)}`
}

/** Of a frame counted from the film's first, which has the timecode `start`, or 0 where it has none. */
export const frameTimecode = (frame: number, start: string | null, counting: Counting) =>
  timecodeOf(frame + firstFrame(start, counting), counting)

/** The frame that a film's own first timecode stands for. */
export const firstFrame = (start: string | null, counting: Counting) =>
  (start === null ? 0 : frameOf(start, counting)) ?? 0

/** The frame of a timecode; undefined for what is none, or for a number that drop-frame leaves out. */
export function frameOf(timecode: string, counting: Counting): number | undefined {
  const [, ...parts] = /^(\d{1,2}):(\d\d):(\d\d)[:;.,](\d{2,3})$/.exec(timecode) ?? []
  const [hours, minutes, seconds, frames] = parts.map(Number)
  if (hours === undefined || minutes === undefined || seconds === undefined || frames === undefined)
    return undefined
  if (minutes > 59 || seconds > 59 || frames >= counting.nominal) return undefined
  const isLeftOut = counting.drop && minutes % 10 !== 0 && seconds === 0 && frames < dropped(counting.nominal)
  return isLeftOut ? undefined : framesIn({ hours, minutes, seconds, frames }, counting)
}

/** Two numbers a minute at 30 a second, four at 60; none in every tenth minute. */
const dropped = (nominal: number) => nominal / 15

interface Clock {
  hours?: number
  minutes?: number
  seconds?: number
  frames?: number
}

function framesIn({ hours = 0, minutes = 0, seconds = 0, frames = 0 }: Clock, counting: Counting): number {
  const allMinutes = 60 * hours + minutes
  const left = counting.drop ? dropped(counting.nominal) * (allMinutes - Math.floor(allMinutes / 10)) : 0
  return (60 * allMinutes + seconds) * counting.nominal + frames - left
}

/** The number that the frame has once those left out are counted, too. */
function withDropped(frame: number, nominal: number): number {
  const each = dropped(nominal)
  const minute = 60 * nominal - each
  const tenMinutes = 10 * minute + each
  const [tens, rest] = [Math.floor(frame / tenMinutes), frame % tenMinutes]
  const minutes = rest < 60 * nominal ? 0 : 1 + Math.floor((rest - 60 * nominal) / minute)
  return frame + each * (9 * tens + minutes)
}
