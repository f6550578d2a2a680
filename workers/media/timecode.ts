/**
 * Time as film people write it, and the rational numbers beneath it.
 */

/** A rational number with a positive denominator. */
export interface Fraction {
  num: number
  den: number
}

/** Reads "24000/1001" or "25"; undefined where there is no positive number in it. */
export function fraction(text: string | undefined | null): Fraction | undefined {
  const [, num, den = '1'] = /^(\d+)(?:\/(\d+))?$/.exec(text ?? '') ?? []
  return Number(num) > 0 && Number(den) > 0 ? { num: Number(num), den: Number(den) } : undefined
}

export const fractionText = ({ num, den }: Fraction) => `${num}/${den}`

export const fractionValue = ({ num, den }: Fraction) => num / den

/** A rate's period, or a period's rate. */
export const inverse = ({ num, den }: Fraction): Fraction => ({ num: den, den: num })

/** HH:MM:SS.mmm, the form of clocks and of PySceneDetect's lists. `seconds` from the first PTS. */
export function clock(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad(ms % 1000, 3)}`
}

/**
 * HH:MM:SS:FF at the nominal rate (30 for 29.97), without drop-frame, counted from `start`
 * (a timecode of the same form; drop-frame starts are read as non-drop).
 */
export function timecode(frame: number, rate: Fraction, start?: string): string {
  const nominal = Math.max(1, Math.round(rate.num / rate.den))
  const [h = 0, m = 0, s = 0, f = 0] = start?.split(/[:;.]/).map(Number) ?? []
  const total = ((h * 60 + m) * 60 + s) * nominal + f + frame
  const seconds = Math.floor(total / nominal)
  return `${pad(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}:${pad(total % nominal)}`
}

/** How the frames of a film follow each other: at `rate` or, where they are not evenly spaced, about so many a second. */
export interface Timing {
  rate: Fraction
  variable: boolean
}

/** A frame, and when it is shown in seconds from the first PTS. */
interface Shown {
  frame: number
  time: number
}

/** A place as people are told it: timecode or, of an uneven film, the clock; its frames do not tell the time. */
export const placeText = ({ frame, time }: Shown, { rate, variable }: Timing): string =>
  variable ? clock(time) : timecode(frame, rate)

/**
 * The rate of the even clock that an uneven film's places are counted on where they must be: a whole number, so that a
 * second of timecode is one of the film. A rate of broadcasting is kept: programs count by it whatever the frames do.
 */
export const countingRate = ({ rate, variable }: Timing): Fraction =>
  variable && rate.den % 1001 !== 0 ? { num: Math.max(1, Math.round(fractionValue(rate))), den: 1 } : rate

/** A frame's number on that clock; of an even film its own. */
export const countedFrame = ({ frame, time }: Shown, timing: Timing): number =>
  timing.variable ? Math.round(time * fractionValue(countingRate(timing))) : frame

const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0')
