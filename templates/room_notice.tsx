/**
 * That a session waits for room on the disk: how much, where, and that it goes on by itself.
 */

import type { Session } from '../db/schema.ts'
import { Notice } from './icon.tsx'
import { bytesText, isEnded } from './words.ts'

/** What must be freed; null where the session does not wait for room. */
export const shortOf = ({ status, bytes_short }: Pick<Session, 'status' | 'bytes_short'>): number | null =>
  isEnded(status) || status === 'paused' ? null : bytes_short

export function RoomNotice({ session, folder }: { session: Session; folder: string | null }) {
  const short = shortOf(session)
  if (short === null) return null
  return (
    <Notice kind='warning'>
      It waits for room: free {bytesText(short)} on the disk{' '}
      {folder === null ? 'of the outputs' : `of ${folder}`}
      {session.bytes_needed !== null && ` (all of it takes about ${bytesText(session.bytes_needed)})`}. It
      goes on by itself then. <a href='/upkeep/retention'>See what a clean-up would free</a>
    </Notice>
  )
}
