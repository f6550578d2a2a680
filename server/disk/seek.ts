/**
 * Where to look in a film for one frame of it.
 */

import type { LocatedFile } from '../../db/files.ts'
import type { Db } from '../../db/schema.ts'
import { readScores } from '../../db/scores.ts'
import type { Measured } from '../../workers/detectors/detector.ts'
import { fraction, fractionValue } from '../../workers/media/timecode.ts'

/**
 * Seconds half way from the frame before: a seek leads to the first frame from there on, which is this very one.
 * Undefined where the frame is none of those measured.
 */
export function seekAmong(
  { pts, timeBase }: Pick<Measured, 'pts' | 'timeBase'>,
  frame: number,
): number | undefined {
  const [first, before, at] = [pts[0], pts[Math.max(0, frame - 1)], pts[frame]]
  if (first === undefined || before === undefined || at === undefined) return undefined
  return ((before + at) / 2 - first) * fractionValue(timeBase)
}

/** The same by the times that were measured of a file, else at an even pace. */
export async function seekTo(
  db: Db,
  source: Pick<LocatedFile, 'id' | 'time_base' | 'frame_rate'>,
  frame: number,
): Promise<number> {
  const pts = await readScores(db, source.id, 'pts')
  const timeBase = fraction(source.time_base)
  const measured = pts && timeBase && seekAmong({ pts, timeBase }, frame)
  return (
    measured ?? Math.max(0, frame - 0.5) / fractionValue(fraction(source.frame_rate) ?? { num: 25, den: 1 })
  )
}
