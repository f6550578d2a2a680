/**
 * The step where scenes are chosen: by what the session was told beforehand, or by a person.
 */

import { updateOperation } from '../../db/operations.ts'
import { applyChoice, scenesOf } from '../../db/scenes.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { asOwner, type Claim, now } from '../../db/sessions.ts'
import { parseGroup, parseSceneChoice } from '../../workers/media/scenes.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { layGround } from './ground.ts'
import { needsFirst } from './plan.ts'

/** What `session.choice` holds. */
export interface Choice {
  /** `all`, `none` or numbers and ranges: "1,3-5". */
  scenes: string
  /** One entry per group: "2-4" or "2,5". */
  groups: string[]
}

/**
 * Makes the choice that was given beforehand; without one the step waits for a person, who sets cuts by hand where
 * detection has found none.
 */
export async function choose(db: Db, claim: Claim, session: Session, operation: Operation): Promise<void> {
  const { length } = await scenesOf(db, session.id)
  const chooses = session.choice === null && (length > 0 || (await layGround(db, claim, session.id)))
  if (chooses) return updateOperation(db, claim, operation.id, { status: 'waiting' })
  if (session.choice === null || length === 0) {
    const error_message = needsFirst(pipelineNamed(session.pipeline), 'detect')
    return updateOperation(db, claim, operation.id, { status: 'skipped', error_message })
  }
  const chosen = readChoice(session.choice, length)
  if ('complaint' in chosen) {
    const error_message = `${chosen.complaint} ${whatNext(session.key)}`
    const failure = { error_code: 'bad_choice', error_message }
    return updateOperation(db, claim, operation.id, { status: 'failed', ...failure })
  }
  const groups = chosen.groups.map((scenes) => ({ name: null, scenes }))
  await asOwner(db, claim, (tx) => applyChoice(tx, session.id, { scenes: chosen.scenes, groups }))
  await updateOperation(db, claim, operation.id, {
    status: 'completed',
    progress: 1,
    settings: JSON.stringify({ scenes: chosen.scenes.length, groups: chosen.groups }),
    started_at: now,
    seconds: 0,
  })
}

/** What was refused is never asked for again: a retried step waits for a person (`commands/sessions.ts`). */
const whatNext = (key: string) =>
  `Retry this step (in a shell: cutroom resume ${key}), and choose the scenes in the browser.`

/** Scene numbers, or what a person got wrong. */
function readChoice(text: string, count: number) {
  try {
    const { scenes, groups } = JSON.parse(text) as Choice
    return {
      scenes: parseSceneChoice(scenes, count),
      groups: groups.map((group) => parseGroup(group, count)),
    }
  } catch (error) {
    return { complaint: (error as Error).message }
  }
}
