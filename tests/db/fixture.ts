/**
 * A database in memory, and rows to put in it.
 */

import { sql } from 'kysely'
import { newKey } from '../../db/keys.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Db, NewFile, Session } from '../../db/schema.ts'

/** A migrated database, in memory unless a path is given. */
export async function freshDatabase(path = ':memory:'): Promise<Db> {
  const db = openDatabase(path)
  await migrate(db)
  return db
}

/** A session with pending operations `probe`, `detect`, `choose`, `clips`, and nothing else. */
export async function addSession(db: Db, values: Partial<Session> = {}): Promise<Session> {
  const output = await ensureRoot(db, 'output', '/out')
  const session = await db
    .insertInto('session')
    .values({
      key: newKey(),
      pipeline: 'archive',
      artwork: 'Dune',
      project_date: '26-11-20',
      output_root_id: output.id,
      output_path: '26-11-20_Dune',
      preset_key: 'webflow_standard',
      preset_settings: '{}',
      ...values,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const names = ['probe', 'detect', 'choose', 'clips']
  await db
    .insertInto('operation')
    .values(names.map((name, index) => ({ session_id: session.id, sequence: index + 1, name })))
    .execute()
  return session
}

/** The row of a file of a session; the source lies under `/in`, all else under `/out`. */
export async function addFile(
  db: Db,
  session: Session,
  values: Pick<NewFile, 'role' | 'path'> & Partial<NewFile>,
): Promise<number> {
  const read = values.role === 'source' || values.role === 'rd_source'
  const root = await ensureRoot(db, read ? 'source' : 'output', read ? '/in' : '/out')
  const { id } = await db
    .insertInto('file')
    .values({ key: newKey(), session_id: session.id, root_id: root.id, ...values })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** A session as it is when the archive pipeline has done its work: four scenes, two clips, a group, stills. */
export async function addArchive(db: Db, values: Partial<Session> = {}): Promise<Session> {
  const session = await addSession(db, values)
  const source = await addFile(db, session, {
    role: 'source',
    path: 'masters/R&D – café.mov',
    bytes: 4 * 1048576,
    width: 1920,
    height: 1080,
    duration: 40,
    frames: 1000,
    frame_rate: '25/1',
    codec: 'prores',
  })
  for (const [index, frame] of [0, 250, 500, 750].entries()) {
    await db
      .insertInto('cut')
      .values({
        session_id: session.id,
        frame,
        time: frame / 25,
        origin: index ? 'detector' : 'start',
        ticked: index === 3 ? 0 : 1,
      })
      .execute()
  }
  await addGroup(db, session, [3, 4])
  const clips = await operationId(db, session, 'clips')
  const made = { operation_id: clips, source_file_id: source, bytes: 1048576, seconds: 1.5 }
  await addFile(db, session, {
    ...made,
    role: 'clip',
    path: 'p/Video-clips/Dune_clip_01.mp4',
    scene: 1,
    duration: 10,
  })
  await addFile(db, session, {
    ...made,
    role: 'clip',
    path: 'p/Video-clips/Dune_clip_02.mp4',
    scene: 2,
    duration: 10,
  })
  await addFile(db, session, {
    ...made,
    role: 'group',
    path: 'p/Video-clips/Dune_group_01.mp4',
    scene: 1,
    duration: 20,
  })
  await addFile(db, session, {
    role: 'still_hq',
    path: 'p/Stills/HQ/Dune_HQ_01_16x9.png',
    scene: 1,
    frame: 125,
    bytes: 0,
  })
  await addFile(db, session, {
    role: 'still_web',
    path: 'p/Stills/Compressed/Dune_web_01_16x9.jpg',
    bytes: 0,
  })
  await addFile(db, session, { role: 'rd_hq', path: 'p/R&D/High-res/Dune_RD_HQ_01_16x9.png', bytes: 0 })
  await addFile(db, session, {
    role: 'rd_web',
    path: 'p/R&D/Compressed/Dune_RD_compressed_01_16x9.mp4',
    bytes: 0,
  })
  return session
}

/** Groups scenes by their numbers, in playing order. */
export async function addGroup(db: Db, session: Session, numbers: number[]): Promise<number> {
  const { id } = await db
    .insertInto('scene_group')
    .values({ key: newKey(), session_id: session.id, position: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [position, number] of numbers.entries()) {
    await sql`
      insert into scene_group_member (group_id, cut_id, position)
      select ${id}, cut_id, ${position} from scene where session_id = ${session.id} and number = ${number}
    `.execute(db)
  }
  return id
}

export async function operationId(db: Db, session: Session, name: string): Promise<number> {
  const { id } = await db
    .selectFrom('operation')
    .select('id')
    .where('session_id', '=', session.id)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return id
}

/** The rows of a query, typed by whoever asks. */
export async function rows<Row = Record<string, unknown>>(db: Db, query: string): Promise<Row[]> {
  return (await sql.raw<Row>(query).execute(db)).rows
}

/** The message of what `promise` is refused with; fails when it is not. */
export async function refusal(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('It was not refused.')
}
