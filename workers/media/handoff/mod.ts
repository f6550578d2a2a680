/**
 * All formats that scenes are handed over in, and the one reader of lists that come back.
 */

import { ffmetadata, webvtt } from './chapters.ts'
import { csv, readCsv } from './csv.ts'
import { edl, readEdl } from './edl.ts'
import type { HandOff, HandOffFormat } from './hand_off.ts'
import { json, readJson } from './json.ts'
import { framesOfMarks, type Mark } from './marks.ts'
import { otio } from './otio.ts'
import { readList } from './plain_list.ts'

/** To be named here is to be on offer. */
export const handOffFormats: readonly HandOffFormat[] = [csv, json, edl, otio, ffmetadata, webvtt]

export const handOffFormat = (name: string): HandOffFormat | undefined =>
  handOffFormats.find((format) => format.name === name)

/**
 * First frames of scenes, ascending, from a list of any kind that can be read: PySceneDetect's CSV, an EDL, this program's
 * JSON, or places one a line. Frame 0 is always among them.
 * @throws Error that says what is wrong, and in which line.
 */
export function readCuts(
  text: string,
  film: Pick<HandOff, 'rate' | 'startTimecode' | 'variable'> & { times: ArrayLike<number> },
): number[] {
  const plain = text.replace(/^\ufeff/, '')
  const marks = readMarks(plain, film)
  if (marks.length === 0) throw new Error('There is no scene in this list.')
  return [...new Set([0, ...framesOfMarks(marks, film.times)])]
}

function readMarks(text: string, film: Pick<HandOff, 'rate' | 'startTimecode' | 'variable'>): Mark[] {
  if (/^\s*[{[]/.test(text)) return readJson(text)
  if (/Start Frame/.test(text)) return readCsv(text)
  if (/^(TITLE|FCM):/m.test(text) || /^\s*\d+\s+\S+\s+\S+\s+C\s/m.test(text)) return readEdl(text, film)
  return readList(text, film)
}
