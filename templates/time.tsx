/**
 * Points in time, put into the reader's own zone by an island.
 */

import { isoTime, timeText } from './words.ts'

/** `at` is the database's UTC text. */
export const Time = ({ at }: { at: string | null }) =>
  at === null ? (
    <span>—</span>
  ) : (
    <time class='tc' datetime={isoTime(at)}>
      {timeText(at)}
    </time>
  )
