/**
 * How far operations are, how fast, and how long still: measured here, written in batches.
 */

import type { Measured } from '../../db/operations.ts'

/** Time left is not guessed before the work has shown its pace. */
const minSeconds = 2
const minFraction = 0.02
/** The pace is that of the last while, so that a slow start is forgotten. */
const windowMs = 15_000

export interface Meter {
  /** `done` of `total` at `at`, milliseconds of a steady clock. */
  take(done: number, total: number, unit: string, at?: number): void
  /** The row to write, once per change; undefined where nothing is new. */
  read(): Measured | undefined
}

export function createMeter(operationId: number): Meter {
  const samples: { at: number; done: number }[] = []
  let latest: Measured | undefined

  return {
    take(done, total, unit, at = performance.now()) {
      const last = samples.at(-1)
      if (last && done < last.done) samples.length = 0 // a second pass begins: its pace is its own
      if (!last || at - last.at >= 100 || done >= total) samples.push({ at, done })
      while (samples.length > 2 && at - (samples[0]?.at ?? at) > windowMs) samples.shift()
      const rate = pace(samples)
      const progress = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
      latest = {
        id: operationId,
        progress,
        unit,
        units_done: done,
        units_total: total,
        units_per_second: rate,
        seconds_left:
          rate !== null && rate > 0 && progress >= minFraction ? Math.max(0, (total - done) / rate) : null,
      }
    },
    read() {
      const row = latest
      latest = undefined
      return row
    },
  }
}

/** Units per second over the window; null until it spans long enough to mean something. */
function pace(samples: { at: number; done: number }[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < minSeconds * 1000) return null
  return ((last.done - first.done) / (last.at - first.at)) * 1000
}
