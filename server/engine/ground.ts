/**
 * What cuts by hand stand on where detection has failed: the film as one scene, its frames counted at an even pace.
 */

import { filesInRoles, updateSource } from '../../db/files.ts'
import { saveCuts } from '../../db/scenes.ts'
import type { Db } from '../../db/schema.ts'
import { asOwner, type Claim } from '../../db/sessions.ts'
import { framesOf } from '../../workers/media/estimates.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { fractionText } from '../../workers/media/timecode.ts'

/** False where too little is known of the film. */
export async function layGround(db: Db, claim: Claim, sessionId: number): Promise<boolean> {
  const [source] = await filesInRoles(db, sessionId, ['source'])
  if (!source?.probe) return false
  const probe = JSON.parse(source.probe) as Probe
  const { num, den } = probe.video.frameRate
  const frames = framesOf(probe)
  if (frames < 1) return false
  await asOwner(db, claim, async (tx) => {
    const time_base = fractionText({ num: den, den: num })
    await updateSource(tx, sessionId, { frames, duration: (frames * den) / num, time_base })
    await saveCuts(tx, sessionId, [{ frame: 0, time: 0 }])
  })
  return true
}
