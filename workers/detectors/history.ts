/**
 * Measures what a frame has to do with those shortly before it: whether it returns to one, or ends a drift.
 */

import type { Measurement, Measurer } from './detector.ts'
import { driftMemory, startDrift } from './drift.ts'
import { distance, fields, gridReader, type Recent } from './grid.ts'
import { framesSinceSame } from './returns.ts'
import type { SmallPicture } from './sampler.ts'

/**
 * `contrast`: variance of all B, G and R of the small image. `returned`: frames back to the one that this frame looks
 * like again after a flash, or 0. `drift` and `driftSpan`: how much one picture has turned into another at an even
 * pace over the last so many frames, or 0.
 */
export const history: Measurement = {
  measures: ['contrast', 'returned', 'drift', 'driftSpan'],
  memory: driftMemory,
  start: startHistory,
}

/** Only the grids of the latest frames are kept, in a ring: one more than a drift takes, which goes out of its sums. */
function startHistory(small: SmallPicture): Measurer {
  const { readGrid, readContrast } = gridReader(small)
  const grids = Array.from({ length: driftMemory + 2 }, () => new Uint8Array(fields))
  const contrasts = new Float64Array(grids.length)
  const steps = new Float64Array(grids.length)
  const slot = (back: number) => (recent.known - 1 - back + grids.length) % grids.length
  const recent: Recent = {
    known: 0,
    grid: (back) => grids[slot(back)] ?? empty,
    contrast: (back) => contrasts[slot(back)] ?? 0,
    step: (back) => steps[slot(back)] ?? 0,
  }
  const drift = startDrift()
  return (values) => {
    recent.known++
    readGrid(recent.grid(0))
    contrasts[slot(0)] = readContrast()
    steps[slot(0)] = recent.known > 1 ? distance(recent.grid(0), recent.grid(1)) : 0
    const { amount, span } = drift(recent)
    values.set([recent.contrast(0), framesSinceSame(recent), amount, span])
  }
}

const empty = new Uint8Array(fields)
