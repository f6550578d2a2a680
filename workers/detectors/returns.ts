/**
 * Finds frames that look again like one shortly before, though something quite different was between: a flash.
 */

import { distance, likeness, type Recent } from './grid.ts'

/** So many frames back at most lies the frame that is looked for: half a second of film. */
export const returnMemory = 12
/** What was between must differ by so much, in levels of 255 on average over the fields. */
const leastExcursion = 8
/** The frames at both ends may differ by so much of that, */
const mostRemains = 1 / 3
/** and must be like each other by so much: a scene that happens to be as bright is another scene. */
const leastLikeness = 0.6

/**
 * How many frames back the nearest one lies to which the picture has returned; 0 for none. None of the frames in
 * between begins a scene, nor does this one.
 */
export function framesSinceSame({ known, grid }: Recent): number {
  const now = grid(0)
  let excursion = 0
  for (let back = 1; back <= Math.min(returnMemory, known - 1); back++) {
    const then = grid(back)
    const apart = distance(now, then)
    const isNear = excursion >= leastExcursion && apart <= mostRemains * excursion
    if (isNear && likeness(now, then) >= leastLikeness) return back
    excursion = Math.max(excursion, apart)
  }
  return 0
}
