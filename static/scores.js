/**
 * The score of one frame, exactly: columns of the timeline tell no more than the highest of many.
 */

import { base, film } from './film.js'

/** Frames that are asked for at once. */
const reach = 500

/** The stretch that was asked for last; `scores` are null until they come. */
let stretch = { detector: '', from: 0, to: 0, scores: null }

/** Null while it is not known; `whenThere` is called then. */
export function exactScore(detector, frame, whenThere) {
  const { from, to, scores } = stretch
  if (detector === stretch.detector && frame >= from && frame < to) return scores?.[frame - from] ?? null
  if (film.ready && detector !== '') load(detector, frame, whenThere)
  return null
}

async function load(detector, frame, whenThere) {
  const from = Math.max(0, frame - reach / 5)
  const to = Math.min(film.frames, from + reach)
  const asked = (stretch = { detector, from, to, scores: null })
  const answer = await fetch(`${base}/scores?detector=${detector}&from=${from}&to=${to}&width=${to - from}`).catch(() => null)
  if (!answer?.ok) return
  asked.scores = (await answer.json()).most
  if (asked === stretch) whenThere()
}
