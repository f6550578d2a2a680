/**
 * Remembers what was worked out of a film's measures for as long as somebody holds them: a line that is dragged asks for
 * the same a hundred times.
 */

import type { Measured } from './detector.ts'

/** `work`, done once for each film's `measures`. What it returns must not be changed. */
export function remembered<T>(
  work: (measured: Pick<Measured, 'measures'>) => T,
): (measured: Pick<Measured, 'measures'>) => T {
  const known = new WeakMap<Measured['measures'], T>()
  return (measured) => {
    const kept = known.get(measured.measures)
    if (kept !== undefined) return kept
    const made = work(measured)
    known.set(measured.measures, made)
    return made
  }
}
