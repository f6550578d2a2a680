/**
 * Edit decision lists in CMX 3600's form: one event a scene, read by every editing program.
 */

import { countedFrame, countingRate, fractionValue } from '../timecode.ts'
import { countingOf, firstFrame, frameOf, timecodeOf } from './frame_timecode.ts'
import { type HandedScene, type HandOff, type HandOffFormat, oneLine, sceneTitle } from './hand_off.ts'
import { inWords, lineError, type Mark } from './marks.ts'

export const edl: HandOffFormat = {
  name: 'edl',
  title: 'EDL (CMX 3600)',
  summary: 'for Resolve, Premiere Pro, Avid and Final Cut: the master, cut into scenes, by its own timecode.',
  ending: 'edl',
  type: 'text/plain; charset=utf-8',
  write: writeEdl,
}

function writeEdl(handOff: HandOff): string {
  const counting = countingOf(handOff.rate, handOff.startTimecode)
  const first = firstFrame(handOff.startTimecode, counting)
  const code = (frame: number) => timecodeOf(frame, counting)
  let record = first
  const events = handOff.scenes.map((scene, i) => {
    const [from, to] = evenly(scene, handOff)
    const columns = [code(first + from), code(first + to), code(record), code(record + to - from)]
    record += to - from
    return [
      `${String(i + 1).padStart(3, '0')}  AX       V     C        ${columns.join(' ')}`,
      `* FROM CLIP NAME: ${oneLine(handOff.master)}`,
      `* COMMENT: ${oneLine(sceneTitle(scene))}`,
      '',
    ].join('\n')
  })
  const kind = counting.drop ? 'DROP FRAME' : 'NON-DROP FRAME'
  return [`TITLE: ${oneLine(handOff.title)}`, `FCM: ${kind}`, '', ...events].join('\n')
}

/** A scene's first frame and the one after its last; where frames are uneven, on an even clock. */
export function evenly(scene: HandedScene, film: HandOff): [from: number, to: number] {
  const from = countedFrame({ frame: scene.startFrame, time: scene.start }, film)
  return [from, Math.max(countedFrame({ frame: scene.endFrame, time: scene.end }, film), from + 1)]
}

const event = /^\s*\d+\s+\S+\s+(\S+)\s+\S+(?:\s+\d+)?\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$/

/**
 * Where the picture events of a list begin in the master. Sound events, titles and remarks are passed over.
 * @throws Error that names the line.
 */
export function readEdl(text: string, film: Pick<HandOff, 'rate' | 'startTimecode' | 'variable'>): Mark[] {
  const usual = countingOf(film.rate, film.startTimecode)
  // Numbers are left out at 30 and 60 alone, whatever a list says of itself.
  const drop = /^FCM:\s*DROP/im.test(text) && usual.nominal % 30 === 0
  const counting = { ...usual, ...(/^FCM:/im.test(text) && { drop }) }
  const first = firstFrame(film.startTimecode, counting)
  return text.split(/\r?\n/).flatMap((line, i): Mark[] => {
    const [, track = '', sourceIn = ''] = event.exec(line) ?? []
    if (!/^(V|B|AA\/V|A.*V)/i.test(track)) return []
    const frame = frameOf(sourceIn, counting)
    if (frame === undefined)
      throw lineError(i, `${inWords(sourceIn)} is no timecode at ${counting.nominal} frames a second.`)
    if (frame < first)
      throw lineError(
        i,
        `${sourceIn} lies before the master’s first timecode, ${timecodeOf(first, counting)}.`,
      )
    const even = frame - first
    return [film.variable ? { seconds: even / fractionValue(countingRate(film)) } : { frame: even }]
  })
}
