/**
 * The frame that a person picks for a scene's still. It may be picked at any time: what was made of another is out of date then.
 */

import { ChoiceError } from './choosing.ts'
import { edit } from './room_edits.ts'
import type { Db, Scene } from './schema.ts'

export const sceneOfCut = (db: Db, sessionId: number, cutId: number): Promise<Scene | undefined> =>
  db
    .selectFrom('scene')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('cut_id', '=', cutId)
    .executeTakeFirst()

/**
 * Writes the pick down as an edit like any other, to be undone while the choice is open; nothing where it was picked already.
 * @param frame null goes back to the one in the middle.
 * @throws ChoiceError `scene_not_found`.
 */
export const pickStill = (db: Db, sessionId: number, scene: Scene, frame: number | null): Promise<void> =>
  edit(
    db,
    sessionId,
    { command: 'scene.still', subject: String(scene.start_frame), anyTime: true },
    async (tx, room) => {
      if (!room.cuts.has(scene.cut_id)) throw new ChoiceError('scene_not_found', 'This scene is gone.')
      await tx.updateTable('cut').set({ still_frame: frame }).where('id', '=', scene.cut_id).execute()
    },
  )
