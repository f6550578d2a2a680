/**
 * A place in a film as it is read: the frames, or thousandths of a second, softer than the clock; and what it is told by.
 */

import { fraction, placeText, type Timing } from '../workers/media/timecode.ts'
import type { SessionData } from './data.ts'

export interface TimecodeTextProps {
  frame: number
  /** Seconds from the first frame. */
  time: number
  timing: Timing
}

export function TimecodeText({ frame, time, timing }: TimecodeTextProps) {
  const text = placeText({ frame, time }, timing)
  const end = timing.variable ? -4 : -3
  return (
    <span class='tc'>
      {text.slice(0, end)}
      <i>{text.slice(end)}</i>
    </span>
  )
}

/** Of the master; places are told by it. */
export function timingOf({ files }: Pick<SessionData, 'files'>): Timing {
  const source = files.find(({ role }) => role === 'source')
  return { rate: fraction(source?.frame_rate) ?? { num: 25, den: 1 }, variable: source?.variable === 1 }
}
