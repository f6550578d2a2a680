/**
 * A plain list of places, one a line: frames, seconds, clock times or timecodes.
 */

import { countingRate, fractionValue } from '../timecode.ts'
import { countingOf, firstFrame, frameOf } from './frame_timecode.ts'
import type { HandOff } from './hand_off.ts'
import { inWords, lineError, type Mark } from './marks.ts'

/**
 * Frames are counted from 0; a timecode counts from the master's own first one. Lines that begin with # are passed over.
 * @throws Error that names the line.
 */
export function readList(text: string, film: Pick<HandOff, 'rate' | 'startTimecode' | 'variable'>): Mark[] {
  return text.split(/\r?\n/).flatMap((line, i): Mark[] => {
    const word = line.trim()
    if (word === '' || word.startsWith('#')) return []
    const mark = readPlace(word, film)
    if (!mark)
      throw lineError(
        i,
        `${inWords(word)} is neither a frame (120), a time (00:00:05.000) nor a timecode (00:00:05:00).`,
      )
    return [mark]
  })
}

function readPlace(
  word: string,
  film: Pick<HandOff, 'rate' | 'startTimecode' | 'variable'>,
): Mark | undefined {
  if (/^\d{1,10}$/.test(word)) return { frame: Number(word) }
  // With colons a time needs no fraction; without, it would be a frame.
  const [, hours = '0', minutes = '0', seconds] =
    /^(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6}[.,]\d+)$/.exec(word) ??
    /^(?:(\d+):)?(\d{1,2}):(\d{1,2})$/.exec(word) ??
    []
  if (seconds !== undefined)
    return { seconds: 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds.replace(',', '.')) }
  const counting = countingOf(film.rate, film.startTimecode)
  const frame = frameOf(word, counting)
  const first = firstFrame(film.startTimecode, counting)
  if (frame === undefined || frame < first) return undefined
  return film.variable
    ? { seconds: (frame - first) / fractionValue(countingRate(film)) }
    : { frame: frame - first }
}
