/**
 * Backups: made of the database in use, verified, and put back.
 */

import Sqlite from 'better-sqlite3'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import {
  appear,
  type BackupKind,
  backupKinds,
  freeBackupPath,
  isPacked,
  pack,
  prune,
  unpack,
} from './backup_files.ts'
import { type Check, checkDatabase } from './check.ts'
import { copyBeside } from './beside.ts'
import { DatabaseError, openAlone } from './open.ts'
import type { Db } from './schema.ts'

export type Checker = (file: string) => Check | Promise<Check>

export interface BackupOrder {
  /** Where it goes, under a name by its time; the oldest of its kind beyond `keep` go. */
  folder: string
  /** How many of a kind stay; 10 unless given. */
  keep?: number
  kind?: BackupKind
  gzip?: boolean
  /** A file to write instead; then nothing is removed. What lies there is replaced. */
  out?: string
  /** Reads the whole copy, elsewhere than in this thread where nothing may be held up. */
  check?: Checker
}

export interface Backup {
  /** Absolute, or as `out` was given. */
  path: string
  bytes: number
  /** The latest migration in it. */
  version: string | null
}

/**
 * Copies the database, in use as it is, by SQLite's online backup: a copied file would lack what is still in the
 * journal. In a thread of its own. The copy is checked, and appears whole under its name or not at all.
 * @throws DatabaseError `backup_unusable` where the copy does not check: then so does the database.
 */
export async function makeBackup(db: Db, order: BackupOrder): Promise<Backup> {
  const { folder, keep = 10, kind = 'state_backup', gzip = false, out, check = checkDatabase } = order
  if (!Number.isInteger(keep) || keep < 1) throw new RangeError(`At least one backup is kept, not ${keep}.`)
  mkdirSync(out === undefined ? folder : path.dirname(path.resolve(out)), { recursive: true })
  const target = out ?? freeBackupPath(folder, kind, gzip)
  const version = await copyTo((partial) => copyBeside(db, partial), target, gzip, check)
  if (out === undefined) prune(folder, kind, keep)
  return { path: target, bytes: statSync(target).size, version }
}

/** @returns the version of what was copied. */
async function copyTo(
  copy: (partial: string) => Promise<unknown>,
  target: string,
  gzip: boolean,
  check: Checker,
): Promise<string | null> {
  const [partial, packed] = [`${target}.part`, `${target}.part.gz`]
  try {
    await copy(partial)
    const { problems, version } = await check(partial)
    if (problems.length > 0) throw unusable('The copy', problems)
    if (gzip) await pack(partial, packed)
    appear(gzip ? packed : partial, target)
    return version
  } finally {
    for (const left of [partial, `${partial}-journal`, packed]) rmSync(left, { force: true })
  }
}

/**
 * About 2 MB at a time, which holds this process for a millisecond or two. Another process that writes makes the copy
 * begin anew; each time the slices grow, so that it cannot be starved.
 */
function slices() {
  let [pages, last] = [512, Infinity]
  return ({ remainingPages }: { remainingPages: number }) => {
    if (remainingPages > last) pages = Math.min(pages * 2, 65_536)
    last = remainingPages
    return pages
  }
}

/** Makes it a plain file without a journal beside it, that can be read where nothing may be written. */
export function settle(file: string): void {
  const handle = new Sqlite(file)
  try {
    handle.pragma('journal_mode = delete')
  } finally {
    handle.close()
  }
}

export interface RestoreOrder {
  /** The backup, packed or not. */
  file: string
  /** The database that it becomes. */
  database: string
  /** Where the copy of what is there now goes. */
  folder: string
  keep?: number
  check?: Checker
}

export interface Restored {
  /** Where what was there before is now; null where nothing was. */
  safetyCopy: string | null
  /** The latest migration of what was put back; the next start brings it up to date. */
  version: string
}

/**
 * Puts a backup in the place of the database, which no process may have open. What is there now is copied first, or
 * moved aside where it is too damaged to be copied.
 * @throws DatabaseError `backup_not_found`, `backup_unusable`, `database_newer`, `database_in_use`: nothing was changed.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const { file, database, folder } = order
  mkdirSync(folder, { recursive: true })
  return withPlain(file, folder, async (plain) => {
    const version = await approve(file, plain, order.check ?? checkDatabase)
    const safetyCopy = await setAside(database, folder, 'before_restore')
    await overwrite(plain, database)
    settleRestored(database, file, safetyCopy)
    // Only now: the oldest may be the very file that is put back.
    prune(folder, 'before_restore', order.keep ?? 10, path.basename(file))
    return { safetyCopy, version }
  })
}

/**
 * Whether a file may be restored, without touching anything.
 * @returns the latest migration in it.
 * @throws DatabaseError as `restoreBackup`.
 */
export const approveBackup = (
  file: string,
  folder: string,
  check: Checker = checkDatabase,
): Promise<string> => withPlain(file, folder, (plain) => approve(file, plain, check))

async function withPlain<T>(file: string, folder: string, use: (plain: string) => Promise<T>): Promise<T> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new DatabaseError('backup_not_found', `There is no backup “${file}”.`)
  if (!isPacked(file)) return use(file)
  const plain = path.join(folder, `${path.basename(file)}.${process.pid}.part`)
  try {
    await unpack(file, plain).catch((error: Error) => {
      throw unusable(`The backup “${file}”`, [error.message])
    })
    return await use(plain)
  } finally {
    rmSync(plain, { force: true })
  }
}

async function approve(file: string, plain: string, check: Checker): Promise<string> {
  const { problems, version, unknown } = await check(plain)
  if (problems.length > 0) throw unusable(`The backup “${file}”`, problems)
  if (version === null) throw unusable(`“${file}”`, ['it is no database of Cutroom’s'])
  if (unknown.length === 0) return version
  throw new DatabaseError(
    'database_newer',
    `The backup “${file}” was made by a newer Cutroom (it has ${unknown.join(', ')}). Restore it with that version.`,
  )
}

/** @returns where the old database is now. */
async function setAside(database: string, folder: string, kind: BackupKind): Promise<string | null> {
  if (!existsSync(database)) return null
  const handle = openOrMoved(database)
  if (typeof handle === 'string') return handle
  try {
    const target = freeBackupPath(folder, kind, false)
    // Not checked: it is kept as it is, whatever it is.
    const copy = async (partial: string) => {
      await handle.backup(partial, { progress: slices() })
      settle(partial)
    }
    await copyTo(copy, target, false, () => ({ problems: [], version: null, unknown: [] }))
    return target
  } finally {
    handle.close()
  }
}

/** The database, opened with nobody else; or the path that it was moved to because it cannot be opened at all. */
function openOrMoved(database: string): Sqlite.Database | string {
  try {
    return openAlone(database)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== 'not_a_database') throw error
    return moveAside(database)
  }
}

/** A journal belongs to its database: left behind it would be played into the next one. @returns the new path. */
export function moveAside(database: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '_')
  const target = `${database}.damaged_${stamp}`
  for (const part of ['', '-wal', '-shm'])
    if (existsSync(database + part)) renameSync(database + part, target + part)
  return target
}

/** Through SQLite, as one transaction: whoever opens the database meanwhile waits, and a crash leaves the old one. */
async function overwrite(plain: string, database: string): Promise<void> {
  const handle = new Sqlite(plain, { readonly: true })
  try {
    await handle.backup(database, { progress: slices() })
  } finally {
    handle.close()
  }
}

/** Of old backups, too, which lack some tables. */
function settleRestored(database: string, file: string, safetyCopy: string | null): void {
  const handle = new Sqlite(database)
  try {
    const tables = handle.prepare(`select name from sqlite_master where type = 'table'`).pluck().all()
    if (tables.includes('maintenance_run')) endRuns(handle, file)
    if (tables.includes('edit')) note(handle, path.basename(file), safetyCopy)
  } finally {
    handle.close()
  }
}

/** A backup that was asked for has the very run in it that made it, as it was on the way: one task runs at a time. */
function endRuns(handle: Sqlite.Database, file: string): void {
  const name = path.basename(file)
  const isCopyBefore = backupKinds.some((kind) => kind !== 'state_backup' && name.startsWith(kind))
  const madeAt = statSync(file).mtime.toISOString().replace('T', ' ').replace('Z', '')
  const end = handle.prepare(
    `update maintenance_run set status = ?, summary = ?, finished_at = ?
     where status = 'running' and (task = 'backup') = ?`,
  )
  const ended = ['interrupted', 'It ran when the backup was made that was restored.', madeAt]
  end.run(...(isCopyBefore ? ended : ['completed', `Made ${name}.`, madeAt]), 1)
  end.run(...ended, 0)
}

/** So that the page can say what is open, and where it came from. */
function note(handle: Sqlite.Database, name: string, safetyCopy: string | null): void {
  handle
    .prepare(`insert into edit (command, subject, after) values ('restore_database', ?, ?)`)
    .run(name, JSON.stringify({ safety_copy: safetyCopy }))
}

/**
 * Removes the database, which no process may have open, after a backup of it.
 * @returns where it is now; null where there was none.
 * @throws DatabaseError `database_in_use`.
 */
export async function removeDatabase(database: string, folder: string, keep = 10): Promise<string | null> {
  mkdirSync(folder, { recursive: true })
  const kept = await setAside(database, folder, 'before_reset')
  for (const part of ['', '-wal', '-shm']) rmSync(database + part, { force: true })
  prune(folder, 'before_reset', keep)
  return kept
}

const unusable = (what: string, problems: string[]) =>
  new DatabaseError('backup_unusable', `${what} is not whole: ${problems.slice(0, 3).join('; ')}.`)
