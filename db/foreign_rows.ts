/**
 * Rows of the Video Archive Tool's `state.db`, and how their columns are read.
 */

/** A row as that tool's tables have it; what is in it is whatever was written there. */
export type Foreign = Record<string, unknown>

export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

export const real = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null

export const count = (value: unknown): number => Math.round(real(value) ?? 0)

export const bytesOfMegabytes = (value: unknown) => {
  const megabytes = real(value)
  return megabytes === null ? null : Math.round(megabytes * 1048576)
}

export const encoderOf = (value: unknown) => (/nvenc/i.test(text(value)) ? 'nvenc' : 'x264')

/** In our own form; that tool wrote SQLite's, or Python's with a T and microseconds. */
export function timeOf(value: unknown): string | null {
  const [, day, clock = '00:00:00', fraction = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d+)?)?/.exec(text(value)) ?? []
  return day === undefined ? null : `${day} ${clock}.${fraction.slice(1, 4).padEnd(3, '0')}`
}
