/**
 * What a command does to the files of a session, with nobody else at them.
 */

import type { Db, Session } from '../../db/schema.ts'
import { beat, type Claim, claim, release, sessionById } from '../../db/sessions.ts'
import { isOwned, thisCommand } from '../engine/owner.ts'
import { AppError } from '../errors.ts'

/** Well within the time after which an owner counts as dead. */
const beatMs = 3000

/**
 * Claims a session for as long as `act` takes: no engine takes it up meanwhile, that of this process neither. Should this
 * process die on the way, the next engine puts a session in order that has not ended; one that has ended can be claimed
 * anew, and what lies half-made in its folder is swept once its owner has been silent for an hour.
 * @throws AppError `session_running` where somebody works on it.
 */
export async function whileClaimed(
  db: Db,
  session: Session,
  act: (ours: Claim) => Promise<void>,
): Promise<void> {
  const ours = isOwned(session) ? undefined : await claim(db, session, thisCommand())
  if (!ours) throw new AppError('session_running', { detail: session.key })
  // A sign of life that cannot be given is no reason to stop: whoever takes over fences what is written.
  const beating = setInterval(() => void beat(db, [ours]).catch(() => undefined), beatMs)
  try {
    await act(ours)
  } finally {
    clearInterval(beating)
    if (await sessionById(db, session.id)) await release(db, ours, {})
  }
}
