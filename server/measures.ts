/**
 * What was measured of the films that people look at now, decoded and kept for a while: a line that is dragged asks for
 * the same again and again.
 */

import { setImmediate as pause } from 'node:timers/promises'
import type { Db } from '../db/schema.ts'
import type { Detector, Measured } from '../workers/detectors/detector.ts'
import { type Film, filmOf, measuresOf } from './commands/recut.ts'
import type { MeasuredFilm, Measures } from './services.ts'

/** Bytes of measures that are kept at most, besides those of the film asked for last. */
const mostBytes = 96 * 1024 * 1024

interface Kept extends MeasuredFilm, Film {
  key: string
}

/** The latest films first; each holds the measures that were asked for so far. */
export function createMeasures(db: Db): Measures {
  let kept: Kept[] = []
  return {
    async of(sessionId, detector) {
      const film = await filmOf(db, sessionId)
      const key = `${film.fileId} ${film.frames}`
      const known = kept.find((one) => one.key === key) ?? (await begin(film, key))
      await complete(known, detector)
      kept = fitting([known, ...kept.filter((one) => one.key !== key)])
      return known
    },
    pause: () => pause(),
  }

  async function begin(film: Film, key: string): Promise<Kept> {
    const { pts } = await measuresOf(db, film, [])
    return { ...film, pts, measures: {}, key, remembered: new Map() }
  }

  /** One measure at a time, and others have their turn in between. */
  async function complete(film: Kept, { reads }: Pick<Detector, 'reads'>): Promise<void> {
    for (const name of reads) {
      if (film.measures[name]) continue
      const { measures } = await measuresOf(db, film, [name])
      Object.assign(film.measures, measures)
      await pause()
    }
  }
}

function fitting(films: Kept[]): Kept[] {
  let bytes = 0
  return films.filter((film, index) => {
    bytes += bytesOf(film)
    return index === 0 || bytes <= mostBytes
  })
}

const bytesOf = ({ pts, measures }: Pick<Measured, 'pts' | 'measures'>) =>
  // Scores that detectors remember take as much again.
  2 * pts.byteLength * (1 + Object.keys(measures).length)
