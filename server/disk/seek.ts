/**
 * Where to look in a film for one frame of it.
 */

import type { LocatedFile } from '../../db/files.ts'
import type { Db } from '../../db/schema.ts'
import { readScores } from '../../db/scores.ts'
import { fraction, fractionValue } from '../../workers/media/timecode.ts'

/**
 * Seconds half way from the frame before: a seek leads to the first frame from there on, which is this very one. By the
 * times that were measured, else at an even pace.
 */
export async function seekTo(
  db: Db,
  source: Pick<LocatedFile, 'id' | 'time_base' | 'frame_rate'>,
  frame: number,
): Promise<number> {
  const pts = await readScores(db, source.id, 'pts')
  const tick = fraction(source.time_base)
  const [first, before, at] = [pts?.[0], pts?.[Math.max(0, frame - 1)], pts?.[frame]]
  if (!tick || first === undefined || before === undefined || at === undefined)
    return Math.max(0, frame - 0.5) / fractionValue(fraction(source.frame_rate) ?? { num: 25, den: 1 })
  return ((before + at) / 2 - first) * fractionValue(tick)
}
