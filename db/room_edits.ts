/**
 * The log of what people did in the review room: each edit with what it changed, so that it can be undone and redone, to
 * any depth, by anybody, after any reload.
 */

import { type Selectable, sql, type Transaction } from 'kysely'
import { actorOf } from './actors.ts'
import { ChoiceError, whileChoosing } from './choosing.ts'
import {
  compare,
  type CutSettings,
  holds,
  readRoom,
  restore,
  type RoomPart,
  type RoomState,
} from './room_state.ts'
import type { Database, Db } from './schema.ts'
import { now } from './sessions.ts'

type Tx = Transaction<Database>

export type Edit = Selectable<Database['edit']>

/** What is said of an edit: enough to tell it in words. */
export type EditLine = Pick<Edit, (typeof told)[number]>

const told = ['id', 'command', 'subject', 'at', 'undone_at', 'actor'] as const

export interface Doing {
  command: string
  /** What it is about: a frame, a group's name, how many scenes; said in words by templates/edits.tsx. */
  subject: string
  /** The event up to which whoever does it had seen the session's scenes; not asked where it does not matter. */
  seen?: number | undefined
  /** Also once the choice is made; it cannot be undone then. */
  anyTime?: boolean
  /** Written down also where it changed nothing; there is nothing to undo then. */
  always?: boolean
}

/**
 * Does something to the room and writes down what that changed; where it changed nothing, nothing is written as a rule.
 * @throws ChoiceError `not_choosing`, `changed_meanwhile`, and what `change` throws; nothing is done then.
 */
export function edit<T>(
  db: Db,
  sessionId: number,
  { command, subject, seen, anyTime = false, always = false }: Doing,
  change: (tx: Tx, room: RoomState) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    if (!anyTime) await whileChoosing(tx, sessionId)
    if (seen !== undefined) await holdSeen(tx, sessionId, seen)
    const before = await readRoom(tx, sessionId)
    const result = await change(tx, before)
    await pause() // of thousands of cuts each takes a while, and others have their turn in between
    const after = await readRoom(tx, sessionId)
    await pause()
    const parts = compare(before, after)
    if (parts || always) await write(tx, sessionId, { command, subject, actor: actorOf(db) }, parts)
    return result
  })
}

/** As everywhere that Request and Response are. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve))

async function write(
  tx: Tx,
  sessionId: number,
  doing: Doing & { actor: string | null },
  parts: { before: RoomPart; after: RoomPart } | undefined,
): Promise<void> {
  await tx
    .updateTable('edit')
    .set({ superseded_at: now })
    .where('session_id', '=', sessionId)
    .where('undone_at', 'is not', null)
    .where('superseded_at', 'is', null)
    .execute()
  await tx
    .insertInto('edit')
    .values({
      session_id: sessionId,
      command: doing.command,
      subject: doing.subject,
      before: parts ? JSON.stringify(parts.before) : null,
      after: parts ? JSON.stringify(parts.after) : null,
      actor: doing.actor,
    })
    .execute()
}

/**
 * Undoes the last edit that stands.
 * @param expected its id, as it was shown.
 * @throws ChoiceError `nothing_to_undo`, `changed_meanwhile`, `not_choosing`.
 */
export const undo = (db: Db, sessionId: number, expected: number): Promise<void> =>
  turn(db, sessionId, expected, 'undo')

/** Does again what was undone last. As `undo`. */
export const redo = (db: Db, sessionId: number, expected: number): Promise<void> =>
  turn(db, sessionId, expected, 'redo')

function turn(db: Db, sessionId: number, expected: number, way: 'undo' | 'redo'): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await whileChoosing(tx, sessionId)
    const next = await nextOf(tx, sessionId, way)
    if (!next) throw new ChoiceError('nothing_to_undo', `There is nothing to ${way}.`)
    if (next.id !== expected) throw changedMeanwhile()
    const [from, to] = way === 'undo' ? [next.after, next.before] : [next.before, next.after]
    const room = await readRoom(tx, sessionId)
    if (!holds(room, partOf(from))) throw changedMeanwhile()
    await restore(tx, sessionId, partOf(to))
    await tx
      .updateTable('edit')
      .set({ undone_at: way === 'undo' ? now : null })
      .where('id', '=', next.id)
      .execute()
  })
}

const changedMeanwhile = () =>
  new ChoiceError('changed_meanwhile', 'Something else was changed meanwhile, so nothing was done.')

const partOf = (json: string | null) => JSON.parse(json ?? '{}') as RoomPart

/** The edit that would be undone, or redone, whole. */
const nextOf = (tx: Tx, sessionId: number, way: 'undo' | 'redo') =>
  standing(tx, sessionId, way).selectAll().executeTakeFirst()

/** What is said of it alone: what it changed may be thousands of cuts. */
const nextLine = (db: Db, sessionId: number, way: 'undo' | 'redo') =>
  standing(db, sessionId, way).select(told).executeTakeFirst()

function standing(db: Db | Tx, sessionId: number, way: 'undo' | 'redo') {
  const edits = db
    .selectFrom('edit')
    .where('session_id', '=', sessionId)
    .where('before', 'is not', null)
    .limit(1)
  return way === 'undo'
    ? edits.where('undone_at', 'is', null).orderBy('id', 'desc')
    : edits.where('undone_at', 'is not', null).where('superseded_at', 'is', null).orderBy('id')
}

export interface Edits {
  undo: EditLine | undefined
  redo: EditLine | undefined
  /** Newest first. */
  lately: EditLine[]
  /** The event that told of the session's scenes last. */
  seen: number
}

const shownEdits = 30

/** What can be undone and redone, and what was done lately. */
export async function editsOf(db: Db, session: { id: number; key: string }): Promise<Edits> {
  const lately = await db
    .selectFrom('edit')
    .select(told)
    .where('session_id', '=', session.id)
    .orderBy('id', 'desc')
    .limit(shownEdits)
    .execute()
  return {
    undo: await nextLine(db, session.id, 'undo'),
    redo: await nextLine(db, session.id, 'redo'),
    lately,
    seen: await lastSceneEvent(db, session.key),
  }
}

/**
 * The threshold that each detector was used with last in a session, by its name; none of those that were never used.
 * What was undone counts, too: it was where somebody had the line.
 */
export async function lastThresholds(db: Db, sessionId: number): Promise<Map<string, number>> {
  const recuts = db
    .selectFrom('edit')
    .where('session_id', '=', sessionId)
    .where('command', '=', 'cuts.find')
    .orderBy('id')
  const first = await recuts
    .select(sql<string | null>`json_extract("before", '$.settings')`.as('settings'))
    .limit(1)
    .executeTakeFirst()
  const told = await recuts.select('subject').execute()
  const { detector, threshold } = JSON.parse(first?.settings ?? '{}') as Partial<CutSettings>
  const used = told.map(({ subject }): [string, number] => {
    const [name = '', at] = subject.split(' ')
    return [name, Number(at)]
  })
  return new Map([...(detector !== undefined ? [[detector, threshold ?? 0] as const] : []), ...used])
}

async function lastSceneEvent(db: Db | Tx, key: string): Promise<number> {
  const event = await db
    .selectFrom('event')
    .select('id')
    .where('topic', '=', 'scene')
    .where('subject', '=', key)
    .executeTakeFirst()
  return event?.id ?? 0
}

async function holdSeen(tx: Tx, sessionId: number, seen: number): Promise<void> {
  const { key } = await tx
    .selectFrom('session')
    .select('key')
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  if ((await lastSceneEvent(tx, key)) > seen) throw changedMeanwhile()
}
