/**
 * The step where scenes are chosen: by what the session was told beforehand, or by a person.
 */

import { updateOperation } from '../../db/operations.ts'
import { applyChoice, scenesOf } from '../../db/scenes.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { asOwner, type Claim, now } from '../../db/sessions.ts'
import { parseGroup, parseSceneChoice } from '../../workers/media/scenes.ts'

/** What `session.choice` holds. */
export interface Choice {
  /** `all`, `none` or numbers and ranges: "1,3-5". */
  scenes: string
  /** One entry per group: "2-4" or "2,5". */
  groups: string[]
}

/** Makes the choice that was given beforehand; without one the step waits for a person. */
export async function choose(db: Db, claim: Claim, session: Session, operation: Operation): Promise<void> {
  if (session.choice === null) return updateOperation(db, claim, operation.id, { status: 'waiting' })
  const count = (await scenesOf(db, session.id)).length
  const { scenes, groups } = JSON.parse(session.choice) as Choice
  try {
    const chosen = parseSceneChoice(scenes, count)
    const grouped = groups.map((text) => ({ name: null, scenes: parseGroup(text, count) }))
    await asOwner(db, claim, (tx) => applyChoice(tx, session.id, { scenes: chosen, groups: grouped }))
    const used = JSON.stringify({ scenes: chosen.length, groups: grouped.map((group) => group.scenes) })
    await updateOperation(db, claim, operation.id, {
      status: 'completed',
      progress: 1,
      settings: used,
      started_at: now,
      seconds: 0,
    })
  } catch (error) {
    const message = (error as Error).message
    await updateOperation(db, claim, operation.id, {
      status: 'failed',
      error_code: 'bad_choice',
      error_message: message,
    })
  }
}
