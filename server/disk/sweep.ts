/**
 * Sweeps what dead sessions left half-made under the output roots; what a session still needs is left to its owner.
 */

import { lstat, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { isFolderOurs, type OpenFolder, openFolders } from '../../db/folders.ts'
import { outputRoots } from '../../db/room.ts'
import type { Db, Root } from '../../db/schema.ts'
import { workFolderName } from '../engine/folders.ts'

/** A work folder of nobody we know may be another Cutroom's, with a database of its own: it must have lain still. */
const stillMs = 24 * 3600 * 1000

/** @returns the absolute paths of what was removed. A root that cannot be read now is passed over. */
export async function sweepLeftovers(db: Db, now = Date.now()): Promise<string[]> {
  const swept: string[] = []
  for (const root of await outputRoots(db)) {
    for (const place of await leftoversIn(db, root, now)) {
      await rm(place, { recursive: true, force: true })
      swept.push(place)
    }
  }
  return swept
}

/** Folders are listed before sessions are asked for: one that is made in between is an open session's by then. */
async function leftoversIn(db: Db, root: Root, now: number): Promise<string[]> {
  const folders = await foldersIn(root.path)
  const open = await openFolders(db, root.id)
  const found: string[] = []
  for (const name of folders) {
    const place = path.join(root.path, name)
    const unclaimed = /^\.cutroom-([0-9a-z]+)$/.exec(name)?.[1]
    if (unclaimed !== undefined) {
      if (!open.some(({ key }) => key === unclaimed) && (await isDead(db, root, name, place, now)))
        found.push(place)
    } else if ((await foldersIn(place)).includes(workFolderName) && !isOpen(open, name)) {
      const work = path.join(place, workFolderName)
      if (await isDead(db, root, name, work, now)) found.push(work)
    }
  }
  return found
}

const isOpen = (open: OpenFolder[], name: string) => open.some(({ output_path }) => output_path === name)

/** An ended or deleted session's of ours at once; anybody else's once it has lain still. */
const isDead = async (db: Db, root: Root, name: string, place: string, now: number): Promise<boolean> =>
  (await isFolderOurs(db, root, name)) || now - (await latestChange(place)) > stillMs

/** Real folders only: what a link leads to is not ours. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** Milliseconds since 1970, of the folder and all below it. */
async function latestChange(folder: string): Promise<number> {
  let latest = (await lstat(folder)).mtimeMs
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? await latestChange(place) : (await lstat(place)).mtimeMs)
  }
  return latest
}
