/**
 * What builds of ffmpeg of different ages must be told to do the same.
 */

import type { Tools } from '../operation.ts'
import { type Fraction, fractionValue } from './timecode.ts'

/**
 * `tick`, or the nearest this ffmpeg can do. Builds before 5.1 do not tell the file how long a frame lasts, and the
 * muxer guesses one tick only where that is longer than 1 ms; with a shorter one the last frame would be lost.
 */
export function tickFor(tick: Fraction, tools: Pick<Tools, 'version'>): Fraction {
  return isModern(tools) || fractionValue(tick) > 1 / 1000 ? tick : { num: 1, den: 960 }
}

/** The option that neither drops nor repeats frames; `-vsync` is on its way out, older builds know only it. */
export const keepTimestamps = (tools: Pick<Tools, 'version'>) => [
  isModern(tools) ? '-fps_mode' : '-vsync',
  'passthrough',
]

/** ffmpeg 5.1 (2022) or later; a build that names no release counts as old, which always works. */
function isModern({ version }: Pick<Tools, 'version'>): boolean {
  const [, major = 0, minor = 0] = /^n?(\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
  return major > 5 || (major === 5 && minor >= 1)
}
