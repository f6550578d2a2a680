/**
 * What the database tells of a session, read in one short look: while a server is killed nobody else has the file
 * open, so that the next one finds it as a power cut would leave it.
 */

import path from 'node:path'
import { lastEventId } from '../../db/events.ts'
import { filesOf, type LocatedFile } from '../../db/files.ts'
import { handleOf, openDatabase } from '../../db/open.ts'
import { operationsOf } from '../../db/operations.ts'
import { scenesOf } from '../../db/scenes.ts'
import type { Db, Operation, Scene, Session } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import { setSetting } from '../../db/settings.ts'
import { databasePath } from '../../server/open.ts'

export interface State {
  session: Session
  operations: Operation[]
  scenes: Scene[]
  /** What was made, with absolute places. */
  outputs: Output[]
  problems: number
}

export interface Output extends LocatedFile {
  place: string
}

/** @throws Error where there is no such session. */
export const readState = (data: string, key: string): Promise<State> =>
  withDatabase(data, async (db) => {
    const session = await findSession(db, key)
    if (!session) throw new Error(`There is no session ${key}.`)
    const operations = await operationsOf(db, session.id)
    const files = await filesOf(db, session.id)
    return {
      session,
      operations,
      scenes: await scenesOf(db, session.id),
      outputs: files
        .filter(isOutput)
        .map((file) => ({ ...file, place: path.join(file.root_path, file.path) })),
      problems: operations.filter(({ status }) => status === 'failed').length,
    }
  })

const isOutput = ({ role, bytes }: LocatedFile) => role !== 'source' && role !== 'rd_source' && bytes !== null

/** What SQLite finds wrong with the database itself; empty where all is well. */
export const complaintsOf = (data: string): Promise<string[]> =>
  withDatabase(data, async (db) => {
    const handle = handleOf(db)
    const integrity = (handle.pragma('integrity_check') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .filter((said) => said !== 'ok')
    const foreign = (handle.pragma('foreign_key_check') as object[]).map((row) => JSON.stringify(row))
    return [
      ...integrity.map((said) => `integrity_check: ${said}`),
      ...foreign.map((row) => `foreign_key_check: ${row}`),
    ]
  })

/** Sets how long an ffmpeg may do nothing, in seconds. */
export const setPatience = (data: string, seconds: number): Promise<void> =>
  withDatabase(data, (db) => setSetting(db, 'stuck_after_seconds', seconds))

/** Id of the newest event. */
export const readLastEvent = (data: string): Promise<number> => withDatabase(data, lastEventId)

async function withDatabase<T>(data: string, read: (db: Db) => Promise<T>): Promise<T> {
  const db = openDatabase(databasePath({ data }))
  try {
    return await read(db)
  } finally {
    await db.destroy()
  }
}
