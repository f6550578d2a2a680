/**
 * Rows of many sessions that never ran, for measuring how pages and queries do on a full database.
 */

import type { Database, Statement } from 'better-sqlite3'
import { newKey } from './keys.ts'
import { handleOf } from './open.ts'
import { ensureRoot } from './roots.ts'
import type { Db, SessionStatus } from './schema.ts'
import { withoutTriggers } from './triggers.ts'
import { builtinPresets } from '../workers/media/presets.ts'

export interface Amount {
  sessions: number
  /** Outputs of each session: a third each are clips, HQ stills and web stills. */
  filesEach: number
  /** Cuts of each. */
  cutsEach: number
  /** Names of the pipeline's steps. */
  operations: readonly string[]
}

/**
 * Adds the sessions in one transaction. Of every 50 one waits, one is paused and one has begun; the others have
 * completed, and have their history. Every waiting one has a group. 100,000 operations take a few seconds.
 */
export async function addDemoSessions(db: Db, folder: string, amount: Amount): Promise<void> {
  const root = await ensureRoot(db, 'output', folder)
  const handle = handleOf(db)
  handle.transaction(() => {
    const ids = withoutTriggers(handle, () => {
      const insert = inserts(handle)
      return Array.from({ length: amount.sessions }, (_, n) => addSession(insert, root.id, n, amount))
    })
    announceAll(handle)
    endSessions(handle, ids)
  })()
}

/** What the triggers would have announced. */
function announceAll(handle: Database): void {
  handle.exec(`insert or ignore into event (topic, subject)
    select 'operation', cast(id as text) from operation
    union all select topic.value, session.key from session, json_each('["session", "file", "scene"]') as topic`)
}

/** The history follows from the status, by its trigger. */
function endSessions(handle: Database, ids: number[]): void {
  const end = handle.prepare('update session set status = ?, wanted = ? where id = ?')
  for (const [n, id] of ids.entries()) {
    const status = statusOf(n)
    end.run(status, status === 'paused' ? 'pause' : 'run', id)
  }
}

type Inserts = ReturnType<typeof inserts>

function inserts(handle: Database) {
  const prepare = (sql: string): Statement => handle.prepare(sql)
  return {
    session: prepare(`insert into session
      (key, pipeline, artwork, project_date, output_root_id, output_path, preset_key, preset_settings)
      values (?, 'archive', ?, '26-11-20', ?, ?, 'webflow_standard', ?)`),
    operation: prepare(
      'insert into operation (session_id, sequence, name, status, progress, seconds) values (?, ?, ?, ?, ?, ?)',
    ),
    source: prepare(`insert into file
      (key, session_id, root_id, path, role, bytes, duration, frames, frame_rate, width, height)
      values (?, ?, ?, 'master.mov', 'source', 1000000000, ?, ?, '24/1', 1920, 1080)`),
    file: prepare(`insert into file
      (key, session_id, operation_id, root_id, path, role, bytes, sha256, scene, duration, width, height)
      values (?, ?, ?, ?, ?, ?, 1000000, ?, ?, 2, 1920, 1080)`),
    score: prepare(
      `insert into score (file_id, measure, start_frame, frames, data) values (?, 'luma', 0, 16, ?)`,
    ),
    cut: prepare('insert into cut (session_id, frame, time, origin) values (?, ?, ?, ?)'),
    group: prepare('insert into scene_group (key, session_id, position) values (?, ?, 1)'),
    member: prepare(`insert into scene_group_member (group_id, cut_id, position)
      select ?, id, row_number() over (order by frame) from cut where session_id = ? order by frame limit 2`),
  }
}

/** @returns its id. It has not ended yet. */
function addSession(insert: Inserts, rootId: number, n: number, amount: Amount): number {
  const status = statusOf(n)
  const folder = `26-11-20_Study-${n + 1}`
  const id = idOf(insert.session.run(newKey(), `Study ${n + 1}`, rootId, folder, presetSettings))
  const makers = amount.operations.map((name, index) => {
    const [state, progress, seconds] = stateOf(name, status)
    return idOf(insert.operation.run(id, index + 1, name, state, progress, seconds))
  })
  const [duration, frames] = [amount.cutsEach * 2, amount.cutsEach * 48]
  const source = idOf(insert.source.run(newKey(), id, rootId, duration, frames))
  insert.score.run(source, Buffer.alloc(16 * 8))
  for (let i = 0; i < amount.filesEach; i++) {
    const role = outputRoles[i % outputRoles.length]
    const scene = Math.floor(i / outputRoles.length) + 1
    const path = `${role}_${String(scene).padStart(4, '0')}.jpg`
    insert.file.run(
      newKey(),
      id,
      makers[i % makers.length],
      rootId,
      `${folder}/${path}`,
      role,
      checksum,
      scene,
    )
  }
  for (let i = 0; i < amount.cutsEach; i++) insert.cut.run(id, i * 48, i * 2, i === 0 ? 'start' : 'detector')
  if (status === 'waiting') insert.member.run(idOf(insert.group.run(newKey(), id)), id)
  return id
}

const statuses: Record<number, SessionStatus> = { 7: 'waiting', 9: 'paused', 11: 'initialized' }
const statusOf = (n: number): SessionStatus => statuses[n % 50] ?? 'completed'

/** Status, progress and seconds of an operation. What does not need the scenes is done where a person is waited for. */
function stateOf(name: string, session: SessionStatus): [string, number, number | null] {
  if (session === 'completed' || (session === 'waiting' && early.includes(name))) return ['completed', 1, 1.5]
  return [session === 'waiting' && name === 'choose' ? 'waiting' : 'pending', 0, null]
}

const outputRoles = ['clip', 'still_hq', 'still_web'] as const
const early = ['probe', 'copy_master', 'detect', 'thumbnails', 'optimise_master']
const presetSettings = JSON.stringify(builtinPresets[0]?.settings)
const checksum = '0'.repeat(64)
const idOf = ({ lastInsertRowid }: { lastInsertRowid: number | bigint }) => Number(lastInsertRowid)
