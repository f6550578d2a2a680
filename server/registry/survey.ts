/**
 * A walk over what is known and what lies in the output roots: what is missing, and what nobody knows of.
 */

import { opendir, stat } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import {
  addStrays,
  beginSurvey,
  filesFrom,
  knownPaths,
  lastSurvey,
  saySeen,
  updateSurvey,
} from '../../db/registry.ts'
import { listRoots } from '../../db/roots.ts'
import type { Db, Root, Stray } from '../../db/schema.ts'
import { workFolderName } from '../engine/folders.ts'

export interface Surveyor {
  /** Begins a walk, unless one goes on; its findings are rows as they come. */
  start(): Promise<void>
  /** Ends what still goes on. */
  close(): Promise<void>
}

/** How many rows and entries are looked at before others have their turn. */
const slice = 200
/** A tree that is larger than this is no output root of ours. */
const mostEntries = 2_000_000
/** Of what is unknown so many are told; the others are counted. */
const mostStrays = 1000

export function createSurveyor(db: Db, onError: (error: unknown) => void): Surveyor {
  const stop = new AbortController()
  let going: Promise<void> | undefined
  return {
    async start() {
      if (going) return
      const id = await beginSurvey(db)
      going = walk(db, id, stop.signal)
        .catch(async (error: unknown) => {
          onError(error)
          await updateSurvey(db, id, { state: 'failed', message: (error as Error).message }).catch(onError)
        })
        .finally(() => (going = undefined))
    },
    async close() {
      stop.abort()
      await going
    },
  }
}

/** One that a process which has ended left as running is none: its findings are not whole. */
export async function endLostSurvey(db: Db): Promise<void> {
  const last = await lastSurvey(db)
  if (last?.survey.state !== 'running') return
  await updateSurvey(db, last.survey.id, {
    state: 'failed',
    whole: 0,
    message: 'The server ended before it was done. Look again.',
  })
}

interface Tally {
  looked_at: number
  missing: number
  strays: number
  stray_bytes: number
}

async function walk(db: Db, id: number, signal: AbortSignal): Promise<void> {
  const tally: Tally = { looked_at: 0, missing: 0, strays: 0, stray_bytes: 0 }
  await lookForFiles(db, id, tally, signal)
  let whole = true
  for (const root of await listRoots(db)) {
    if (root.kind !== 'output' || signal.aborted) continue
    if (!(await lookForStrays(db, id, root, tally, signal))) whole = false
  }
  const message = signal.aborted ? 'The server ended before it was done. Look again.' : null
  const isWhole = whole && !signal.aborted
  await updateSurvey(db, id, {
    ...tally,
    state: message ? 'failed' : 'done',
    whole: isWhole ? 1 : 0,
    message,
  })
}

/** Every row, a slice at a time. */
async function lookForFiles(db: Db, id: number, tally: Tally, signal: AbortSignal): Promise<void> {
  for (let after = 0; !signal.aborted;) {
    const files = await filesFrom(db, after, slice)
    if (files.length === 0) return
    const there = await Promise.all(files.map((file) => isThere(path.join(file.root_path, file.path))))
    const gone = files.filter((_, n) => there[n] === false)
    const back = files.filter((file, n) => there[n] === true && file.missing_at !== null)
    const news = gone.filter(({ missing_at }) => missing_at === null)
    await saySeen(db, idsOf(news), idsOf(back))
    tally.looked_at += files.length
    tally.missing += gone.length
    await updateSurvey(db, id, tally)
    after = files.at(-1)?.id ?? Infinity
    await pause()
  }
}

const idsOf = (files: { id: number }[]) => files.map((file) => file.id)

/** Null where it cannot be told: a disk that is not mounted lacks all its files, and none of them is gone. */
async function isThere(file: string): Promise<boolean | null> {
  try {
    return (await stat(file)).isFile()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? false : null
  }
}

/** Everything below an output root. Links are not followed; Cutroom's own unfinished work is nobody's output. */
async function lookForStrays(
  db: Db,
  id: number,
  root: Root,
  tally: Tally,
  signal: AbortSignal,
): Promise<boolean> {
  let batch: string[] = []
  const judge = async () => {
    await keepStrays(db, id, root, batch, tally)
    batch = []
    await updateSurvey(db, id, tally)
    await pause()
  }
  for await (const file of filesBelow(root.path, '')) {
    if (signal.aborted || tally.looked_at >= mostEntries) return false
    tally.looked_at++
    batch.push(file)
    if (batch.length >= slice) await judge()
  }
  await judge()
  return true
}

async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  const entries = await opendir(path.join(root, folder)).catch(() => null) // not mounted, or gone meanwhile
  if (!entries) return
  for await (const entry of entries) {
    const place = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (entry.name !== workFolderName) yield* filesBelow(root, place)
    } else if (entry.isFile()) yield place
  }
}

async function keepStrays(db: Db, id: number, root: Root, paths: string[], tally: Tally): Promise<void> {
  if (paths.length === 0) return
  const known = await knownPaths(db, root.id, paths)
  const found: Stray[] = []
  for (const file of paths.filter((one) => !known.has(one))) {
    const facts = await stat(path.join(root.path, file)).catch(() => null)
    if (!facts) continue
    const modified_at = facts.mtime.toISOString().replace('T', ' ').replace('Z', '')
    found.push({ survey_id: id, root_id: root.id, path: file, bytes: facts.size, modified_at })
    tally.strays++
    tally.stray_bytes += facts.size
  }
  await addStrays(db, found.slice(0, Math.max(0, mostStrays - (tally.strays - found.length))))
}
