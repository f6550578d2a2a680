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

const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0')
