/**
 * Sessions: made, found, claimed by one owner at a time, wished upon, ended.
 */

import { sql, type Insertable, type Transaction, type UpdateObject } from 'kysely'
import { newKey } from './keys.ts'
import {
  type Database,
  type Db,
  endedStatuses,
  type Session,
  type SessionProgress,
  type SessionStatus,
  type Wish,
} from './schema.ts'

type Tx = Transaction<Database>

export interface NewSession extends Omit<Insertable<Database['session']>, 'key'> {
  /** Names of the pipeline's steps, in order. */
  operations: string[]
  source: { root_id: number; path: string }
}

/** Adds a session, its pending operations and the row of its source, or nothing at all. */
export function createSession(db: Db, session: NewSession): Promise<Session> {
  const { operations, source, ...row } = session
  return db.transaction().execute(async (tx) => {
    const created = await tx
      .insertInto('session')
      .values({ ...row, key: newKey() })
      .returningAll()
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('file')
      .values({ ...source, key: newKey(), session_id: created.id, role: 'source' })
      .execute()
    await tx
      .insertInto('operation')
      .values(operations.map((name, index) => ({ session_id: created.id, sequence: index + 1, name })))
      .execute()
    return created
  })
}

export const findSession = (db: Db, key: string): Promise<Session | undefined> =>
  db.selectFrom('session').selectAll().where('key', '=', key).executeTakeFirst()

export const sessionById = (db: Db | Tx, id: number): Promise<Session | undefined> =>
  db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()

/** Newest first. */
export const listSessions = (db: Db, limit = 1000): Promise<Session[]> =>
  db.selectFrom('session').selectAll().orderBy('id', 'desc').limit(limit).execute()

export const sessionProgress = (db: Db, id: number): Promise<SessionProgress | undefined> =>
  db.selectFrom('session_progress').selectAll().where('session_id', '=', id).executeTakeFirst()

/** What a person wants of a session; its owner reads this within a fraction of a second. */
export async function wish(db: Db, id: number, wanted: Wish): Promise<void> {
  await db.updateTable('session').set({ wanted }).where('id', '=', id).execute()
}

/** What an engine looks at to see whether a session is its own to take. */
export type SessionInMotion = Pick<Session, (typeof inMotion)[number]>

const inMotion = ['id', 'key', 'pipeline', 'wanted', 'owner', 'generation', 'heartbeat_at'] as const

/**
 * Sessions that have not ended and do not rest, oldest first. One rests as a person wishes: nobody owns it, and it waits
 * for a choice or is paused. Hundreds of those cost an engine nothing.
 */
export const sessionsInMotion = (db: Db): Promise<SessionInMotion[]> =>
  db
    .selectFrom('session')
    .select(inMotion)
    .where('status', 'in', openStatuses)
    .where((eb) =>
      eb.or([
        eb('status', 'in', ['initialized', 'processing']),
        eb('owner', 'is not', null),
        eb.and([
          eb('status', '=', 'waiting'),
          eb.or([eb('wanted', '!=', 'run'), eb('choice', 'is not', null)]),
        ]),
        eb.and([eb('status', '=', 'paused'), eb('wanted', '!=', 'pause')]),
      ]),
    )
    .orderBy('id')
    .execute()

/** The key of a session that has not ended and works in this project folder; undefined where there is none. */
export async function openSessionIn(
  db: Db,
  folder: Pick<Session, 'output_root_id' | 'output_path'>,
): Promise<string | undefined> {
  const session = await db
    .selectFrom('session')
    .select('key')
    .where('status', 'in', openStatuses)
    .where('output_root_id', '=', folder.output_root_id)
    .where('output_path', '=', folder.output_path)
    .executeTakeFirst()
  return session?.key
}

const openStatuses = ['initialized', 'processing', 'waiting', 'paused'] as const satisfies SessionStatus[]

/** One owner's right to write; void as soon as somebody claims the session anew. */
export interface Claim {
  sessionId: number
  owner: string
  generation: number
}

/** Takes a session over if nobody has claimed it since it was read. Undefined where somebody was faster. */
export async function claim(
  db: Db,
  session: Pick<Session, 'id' | 'owner' | 'generation'>,
  owner: string,
): Promise<Claim | undefined> {
  const claimed = await db
    .updateTable('session')
    .set({ owner, generation: session.generation + 1, heartbeat_at: now })
    .where('id', '=', session.id)
    .where('generation', '=', session.generation)
    .where('owner', 'is', session.owner)
    .returning('generation')
    .executeTakeFirst()
  return claimed && { sessionId: session.id, owner, generation: claimed.generation }
}

/** Somebody else owns the session now: whatever was to be written must not be. */
export class Fenced extends Error {
  override name = 'Fenced'
  constructor() {
    super('Another process has taken this session over.')
  }
}

/**
 * One transaction on behalf of an owner.
 * @throws Fenced, with nothing written, once the claim is void.
 */
export function asOwner<T>(db: Db, claim: Claim, write: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const held = await tx
      .selectFrom('session')
      .select('id')
      .where('id', '=', claim.sessionId)
      .where('owner', '=', claim.owner)
      .where('generation', '=', claim.generation)
      .executeTakeFirst()
    if (!held) throw new Fenced()
    return write(tx)
  })
}

/** One sign of life for all these claims. @returns those that have become void. */
export async function beat(db: Db, claims: readonly Claim[]): Promise<Claim[]> {
  if (claims.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    update session set heartbeat_at = ${now}
    where (id, owner, generation) in (
      select value ->> 'sessionId', value ->> 'owner', value ->> 'generation' from json_each(${JSON.stringify(claims)})
    )
    returning id
  `.execute(db)
  const alive = new Set(rows.map(({ id }) => id))
  return claims.filter(({ sessionId }) => !alive.has(sessionId))
}

/**
 * Nobody works on the session, nor did within the hour. An owner that died leaves its name in an ended session; one that
 * slept may still wake.
 */
export const isAlone = sql<boolean>`
  (session.owner is null or session.heartbeat_at is null or session.heartbeat_at < datetime('now', '-1 hour'))
`

/** Gives a session back, with the state it was left in, or as it is. */
export async function release(
  db: Db,
  claim: Claim,
  state: { status?: SessionStatus } & Failure,
): Promise<void> {
  await asOwner(db, claim, (tx) =>
    updateSession(tx, claim.sessionId, { ...state, owner: null, heartbeat_at: null }),
  )
}

interface Failure {
  error_code?: string | null
  error_message?: string | null
}

export async function updateSession(
  db: Db | Tx,
  id: number,
  values: UpdateObject<Database, 'session'>,
): Promise<void> {
  await db.updateTable('session').set(values).where('id', '=', id).execute()
}

/** Removes a session with its operations, cuts, scores and file rows; its history stays. */
export async function deleteSession(db: Db, id: number): Promise<void> {
  await db.deleteFrom('session').where('id', '=', id).execute()
}

export const hasEnded = (status: SessionStatus): boolean =>
  (endedStatuses as readonly string[]).includes(status)

export const now = sql<string>`strftime('%Y-%m-%d %H:%M:%f', 'now')`
