/**
 * The registry as people look through it: every file that was read or made, searched a stretch of rows at a time.
 */

import { sql } from 'kysely'
import type { CheckState, Db, File, FileRole, Stray, Survey } from './schema.ts'
import { now } from './sessions.ts'

export interface RegistrySearch {
  /** Words to be found, all of them, in the path. */
  words: string
  role?: FileRole | undefined
  codec?: string | undefined
  /** A session's key. */
  session?: string | undefined
  /** Bytes. */
  least?: number | undefined
  most?: number | undefined
  /** Only what is not on disk any more. */
  missing?: boolean | undefined
  /** Only rows older than this one, by its id. */
  before?: number | undefined
}

export interface RegistryRow extends Pick<File, (typeof shown)[number]> {
  root_path: string
  session_key: string
  artwork: string
  state: CheckState | null
  message: string | null
  checked_at: string | null
}

const shown = [
  ...(['id', 'key', 'role', 'path', 'bytes', 'codec', 'width', 'height', 'duration'] as const),
  ...(['sha256', 'created_at', 'verified_at', 'missing_at'] as const),
] as const

/** Rows that one statement looks at: few enough that nobody waits for it, however many there are. */
const stretch = 5000

export interface RegistryPage {
  /** Newest first. */
  rows: RegistryRow[]
  /** The id that the next page begins before; null where there is nothing more. */
  next: number | null
}

/**
 * One page. Where little fits, stretch after stretch is looked at, and `pause` is awaited in between, so that others
 * have their turn.
 */
export async function searchRegistry(
  db: Db,
  search: RegistrySearch,
  limit: number,
  pause: () => Promise<void>,
): Promise<RegistryPage> {
  const rows: RegistryRow[] = []
  const isNarrow = search.session !== undefined || search.missing === true
  let before = search.before ?? (await newestFile(db)) + 1
  while (before > 1 && rows.length <= limit) {
    const from = isNarrow ? 0 : Math.max(0, before - stretch)
    rows.push(...(await stretchOf(db, search, { from, before, limit: limit + 1 - rows.length })))
    if (from === 0) break
    before = from
    await pause()
  }
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

async function newestFile(db: Db): Promise<number> {
  const row = await db.selectFrom('file').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? 0
}

function stretchOf(
  db: Db,
  { words, role, codec, session, least, most, missing }: RegistrySearch,
  { from, before, limit }: { from: number; before: number; limit: number },
): Promise<RegistryRow[]> {
  let query = rowsOf(db).where('file.id', '>=', from).where('file.id', '<', before)
  if (role) query = query.where('file.role', '=', role)
  if (codec) query = query.where('file.codec', '=', codec)
  if (least !== undefined) query = query.where('file.bytes', '>=', least)
  if (most !== undefined) query = query.where('file.bytes', '<=', most)
  if (missing) query = query.where('file.missing_at', 'is not', null)
  if (session !== undefined)
    query = query.where('file.session_id', '=', (eb) =>
      eb.selectFrom('session').select('id').where('session.key', '=', session),
    )
  for (const word of words.split(/\s+/).filter(Boolean)) query = query.where(contains(word))
  return query.orderBy('file.id', 'desc').limit(limit).execute()
}

const rowsOf = (db: Db) =>
  db
    .selectFrom('file')
    .innerJoin('session', 'session.id', 'file.session_id')
    .innerJoin('root', 'root.id', 'file.root_id')
    .leftJoin('file_check', 'file_check.file_id', 'file.id')
    .select(shown.map((column) => `file.${column}` as const))
    .select(['root.path as root_path', 'session.key as session_key', 'session.artwork'])
    .select(['file_check.state', 'file_check.message', 'file_check.at as checked_at'])

const contains = (word: string) =>
  sql<boolean>`file.path like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

/** One row as the page shows it. */
export const registryRow = (db: Db, key: string): Promise<RegistryRow | undefined> =>
  rowsOf(db).where('file.key', '=', key).executeTakeFirst()

/** Says that a file's bytes are being looked at. */
export async function beginCheck(db: Db, fileId: number): Promise<void> {
  await db
    .insertInto('file_check')
    .values({ file_id: fileId, state: 'checking' })
    .onConflict((oc) =>
      oc
        .column('file_id')
        .doUpdateSet({ state: 'checking', at: now, message: null, bytes: null, sha256: null }),
    )
    .execute()
}

/** Forgets that files are being looked at: whoever did so has ended. */
export async function forgetOpenChecks(db: Db): Promise<void> {
  await db.deleteFrom('file_check').where('state', '=', 'checking').execute()
}

/** What a search of the whole disk found last, and what it found that no row knows. */
export async function lastSurvey(
  db: Db,
): Promise<{ survey: Survey; strays: (Stray & { root_path: string })[] } | null> {
  const survey = await db.selectFrom('survey').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
  if (!survey) return null
  const strays = await db
    .selectFrom('stray')
    .innerJoin('root', 'root.id', 'stray.root_id')
    .selectAll('stray')
    .select('root.path as root_path')
    .where('stray.survey_id', '=', survey.id)
    .orderBy('stray.root_id')
    .orderBy('stray.path')
    .execute()
  return { survey, strays }
}

/** Begins one, and forgets those before it. @returns its id. */
export function beginSurvey(db: Db): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await tx.deleteFrom('survey').execute()
    const { id } = await tx
      .insertInto('survey')
      .values({ state: 'running' })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
}

export async function updateSurvey(
  db: Db,
  id: number,
  values: Partial<Omit<Survey, 'id' | 'started_at' | 'finished_at'>>,
): Promise<void> {
  const ended = values.state === 'done' || values.state === 'failed'
  await db
    .updateTable('survey')
    .set({ ...values, ...(ended && { finished_at: now }) })
    .where('id', '=', id)
    .execute()
}

/** Known files from one id on, to be looked for on disk. */
export const filesFrom = (db: Db, id: number, limit: number) =>
  db
    .selectFrom('file')
    .innerJoin('root', 'root.id', 'file.root_id')
    .select(['file.id', 'file.path', 'file.missing_at', 'root.path as root_path'])
    .where('file.id', '>', id)
    .orderBy('file.id')
    .limit(limit)
    .execute()

/** Says of files whether they are there. */
export async function saySeen(db: Db, gone: readonly number[], back: readonly number[]): Promise<void> {
  if (gone.length > 0) await db.updateTable('file').set({ missing_at: now }).where('id', 'in', gone).execute()
  if (back.length > 0)
    await db.updateTable('file').set({ missing_at: null }).where('id', 'in', back).execute()
}

/** Which of these paths under a root a row knows. */
export async function knownPaths(db: Db, rootId: number, paths: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('file')
    .select('path')
    .where('root_id', '=', rootId)
    .where('path', 'in', paths)
    .execute()
  return new Set(rows.map(({ path }) => path))
}

export async function addStrays(db: Db, strays: readonly Stray[]): Promise<void> {
  if (strays.length > 0) await db.insertInto('stray').values(strays).execute()
}
