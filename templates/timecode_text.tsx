/**
 * A timecode as it is read: the frames softer than the clock.
 */

import { type Fraction, timecode } from '../workers/media/timecode.ts'

export function TimecodeText({ frame, rate }: { frame: number; rate: Fraction }) {
  const text = timecode(frame, rate)
  return (
    <span class='tc'>
      {text.slice(0, -3)}
      <i>{text.slice(-3)}</i>
    </span>
  )
}
