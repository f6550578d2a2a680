/**
 * What an engine keeps in memory: the sessions it owns and the operations that run.
 */

import type { Claim } from '../../db/sessions.ts'
import type { Meter } from './progress.ts'

/** A session this engine owns. */
export interface Held {
  claim: Claim
  running: Map<number, Running>
  /** The project folder's name, while it is being claimed. */
  claimingFolder?: Promise<string> | undefined
  /** Ends the proving of outputs early: what was not looked at is proven at the next claim. */
  proving: AbortController
  /** Settles when what was found has been put in order; until then nothing starts. */
  recovering?: Promise<void> | undefined
  /** It could not be put in order, and is let go soon. */
  inTrouble?: boolean
}

/** An operation that runs now. */
export interface Running {
  abort: AbortController
  meter: Meter
  /** Settles when the outcome is written (or can no longer be). */
  finished: Promise<void>
}
