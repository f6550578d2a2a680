/**
 * The folder of backups: how they are named, listed, packed, and which of them stay.
 */

import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/**
 * Why it was made: by a person or the schedule, as the copy before something that cannot be undone, or from what could
 * be read of a damaged database.
 */
export const backupKinds = [
  ...(['state_backup', 'before_restore', 'before_migration', 'before_reset'] as const),
  'salvaged',
] as const
export type BackupKind = (typeof backupKinds)[number]

export interface StoredBackup {
  name: string
  kind: BackupKind
  /** When it was made, UTC: `YYYY-MM-DD HH:MM:SS`. */
  at: string
  bytes: number
  gzip: boolean
}

const pattern = new RegExp(
  `^(${backupKinds.join('|')})_(\\d{4})(\\d\\d)(\\d\\d)_(\\d\\d)(\\d\\d)(\\d\\d)\\.db(\\.gz)?$`,
)

/** The backups in a folder, oldest first; whatever else lies there is not ours. */
export function listBackups(folder: string): StoredBackup[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.flatMap((name) => storedBackup(folder, name)).sort((a, b) => (a.at < b.at ? -1 : 1))
}

function storedBackup(folder: string, name: string): StoredBackup[] {
  const [, kind, ...parts] = pattern.exec(name) ?? []
  if (kind === undefined) return []
  const [year, month, day, hour, minute, second, packed] = parts
  return [
    {
      name,
      kind: kind as BackupKind,
      at: `${year}-${month}-${day} ${hour}:${minute}:${second}`,
      bytes: statSync(path.join(folder, name)).size,
      gzip: packed !== undefined,
    },
  ]
}

/** True for a name that a backup has, so that none leads out of the folder. */
export const isBackupName = (name: string): boolean => pattern.test(name)

/** Removes the oldest beyond `keep` of one kind, except the one of the name `spared`. */
export function prune(folder: string, kind: BackupKind, keep: number, spared?: string): void {
  const ofKind = listBackups(folder).filter((backup) => backup.kind === kind)
  for (const { name } of ofKind.slice(0, -keep)) if (name !== spared) rmSync(path.join(folder, name))
}

/** A path that is free. Two within one second: the later one counts as a second later, so that none is overwritten. */
export function freeBackupPath(folder: string, kind: BackupKind, gzip: boolean, time = new Date()): string {
  const [day = '', clock = ''] = time.toISOString().replace(/[-:]/g, '').split(/[T.]/)
  const file = path.join(folder, `${kind}_${day}_${clock}.db`)
  if (existsSync(file) || existsSync(`${file}.gz`))
    return freeBackupPath(folder, kind, gzip, new Date(time.getTime() + 1000))
  return gzip ? `${file}.gz` : file
}

/** Gives a finished file its name, to be found whole or not at all. */
export function appear(partial: string, target: string): void {
  sync(partial)
  renameSync(partial, target)
  sync(path.dirname(target))
}

/**
 * Compresses `from` into `to`, and unpacks it once more to be sure.
 * @throws Error where what comes out is not what went in.
 */
export async function pack(from: string, to: string): Promise<void> {
  const put = hashing()
  await pipeline(createReadStream(from), put.tap, createGzip(), createWriteStream(to, { flush: true }))
  const got = hashing()
  await pipeline(createReadStream(to), createGunzip(), got.tap, async (bytes) => {
    for await (const _ of bytes);
  })
  if (put.digest() !== got.digest()) throw new Error(`“${to}” does not unpack to what was packed.`)
}

/** Unpacks `from` into `to`. */
export const unpack = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createGunzip(), createWriteStream(to))

/** By its first two bytes, whatever its name says. */
export function isPacked(file: string): boolean {
  const [handle, magic] = [openSync(file, 'r'), Buffer.alloc(2)]
  try {
    readSync(handle, magic, 0, 2, 0)
    return magic.equals(Buffer.from([0x1f, 0x8b]))
  } finally {
    closeSync(handle)
  }
}

function hashing() {
  const hash = createHash('sha256')
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { tap, digest: () => hash.digest('hex') }
}

function sync(name: string): void {
  const handle = openSync(name, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
