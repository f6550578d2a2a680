/**
 * A place in a film as it is read: the frames, or thousandths of a second, softer than the clock.
 */

import { placeText, type Timing } from '../workers/media/timecode.ts'

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
