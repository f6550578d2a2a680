/**
 * Rows of many sessions that never ran, for measuring how pages and queries do on a full database.
 */

import { sql } from 'kysely'
import { newKey } from './keys.ts'
import { ensureRoot } from './roots.ts'
import type { Db, NewFile, SessionStatus } from './schema.ts'
import { builtinPresets } from '../workers/media/presets.ts'

export interface Amount {
  sessions: number
  /** Outputs of each session: half stills, half clips. */
  filesEach: number
  /** Cuts of each. */
  cutsEach: number
  /** Names of the pipeline's steps. */
  operations: readonly string[]
}

/** Adds the sessions in one transaction. Most have completed; of every 50, one waits and one is paused. */
export async function addDemoSessions(db: Db, folder: string, amount: Amount): Promise<void> {
  const output = await ensureRoot(db, 'output', folder)
  const settings = JSON.stringify(builtinPresets[0]?.settings)
  await db.transaction().execute(async (tx) => {
    for (let n = 0; n < amount.sessions; n++) {
      const { id } = await tx
        .insertInto('session')
        .values({
          key: newKey(),
          pipeline: 'archive',
          artwork: `Study ${n + 1}`,
          project_date: '26-11-20',
          output_root_id: output.id,
          output_path: `26-11-20_Study-${n + 1}`,
          preset_key: 'webflow_standard',
          preset_settings: settings,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const status = statusOf(n)
      await tx
        .insertInto('operation')
        .values(amount.operations.map((name, index) => ({ session_id: id, sequence: index + 1, name })))
        .execute()
      await tx
        .insertInto('file')
        .values(filesOf(id, output.id, amount))
        .execute()
      await tx
        .insertInto('cut')
        .values(
          Array.from({ length: amount.cutsEach }, (_, i) => ({
            session_id: id,
            frame: i * 48,
            time: i * 2,
            origin: i === 0 ? ('start' as const) : ('detector' as const),
          })),
        )
        .execute()
      const rest = status === 'waiting' ? ['waiting', 'pending'] : ['completed', 'completed']
      await sql`update operation set status = case
        when name in ('probe', 'copy_master', 'detect', 'thumbnails') then 'completed'
        when name = 'choose' then ${rest[0]} else ${rest[1]} end,
        progress = 1 where session_id = ${id}`.execute(tx)
      await tx.updateTable('session').set({ status }).where('id', '=', id).execute()
    }
  })
}

const statusOf = (n: number): SessionStatus =>
  n % 50 === 7 ? 'waiting' : n % 50 === 9 ? 'paused' : 'completed'

function filesOf(sessionId: number, rootId: number, { filesEach, cutsEach }: Amount): NewFile[] {
  const source: NewFile = {
    key: newKey(),
    session_id: sessionId,
    root_id: rootId,
    path: 'master.mov',
    role: 'source',
    bytes: 1_000_000_000,
    duration: cutsEach * 2,
    frames: cutsEach * 48,
    frame_rate: '24/1',
    width: 1920,
    height: 1080,
  }
  const outputs = Array.from({ length: filesEach }, (_, i): NewFile => {
    const clip = i % 2 === 0
    return {
      key: newKey(),
      session_id: sessionId,
      root_id: rootId,
      path: clip ? `Video-clips/clip_${i}.mp4` : `Stills/Compressed/web_${i}.jpg`,
      role: clip ? 'clip' : 'still_web',
      bytes: 1_000_000,
      sha256: '0'.repeat(64),
      scene: Math.floor(i / 2) + 1,
      width: 1920,
      height: 1080,
    }
  })
  return [source, ...outputs]
}
