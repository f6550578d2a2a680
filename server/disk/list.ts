/**
 * What a person sees in a folder: folders, then files, in the order people count.
 */

import { type Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors.ts'
import { kindOf } from '../http/content_type.ts'
import type { Entry, Listing } from '../services.ts'
import { isAbsence, isUnder, isVisible, placeUnder } from './paths.ts'

/**
 * @param root absolute.
 * @param relative with `/`; empty for the root itself.
 * @throws AppError `folder_not_found`.
 */
export async function listFolder(root: string, relative: string): Promise<Listing> {
  const asked = relative.replace(/\/+$/, '')
  const folder = isVisible(asked) ? await placeUnder(root, asked) : null
  if (folder === null) throw new AppError('folder_not_found', { detail: asked })
  const top = await realpath(root)
  const names = await entriesOf(folder, asked)
  const seen = (await Promise.all(names.map((name) => look(top, folder, name)))).filter(
    (entry) => entry !== null,
  )
  return {
    path: asked,
    folders: seen.filter(({ isFolder }) => isFolder).map(entryOf),
    files: seen
      .filter(({ isFolder }) => !isFolder)
      .map((found) => ({ ...entryOf(found), kind: kindOf(found.name) })),
  }
}

async function entriesOf(folder: string, asked: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    // What has a backslash in its name could not be asked for.
    return entries.filter(({ name }) => isVisible(name) && !name.includes('\\')).toSorted(naturally)
  } catch (error) {
    if (isAbsence(error)) throw new AppError('folder_not_found', { detail: asked, cause: error })
    throw error
  }
}

const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** `clip 2` before `clip 10`, whatever the case; the same order every time where that says nothing. */
const naturally = (a: Dirent, b: Dirent) => compare(a.name, b.name) || (a.name < b.name ? -1 : 1)

interface Seen extends Entry {
  isFolder: boolean
}

/** Null for what is no file or folder, what is gone already, and links that lead out. */
async function look(top: string, folder: string, entry: Dirent): Promise<Seen | null> {
  const { name } = entry
  const place = path.join(folder, name)
  try {
    if (entry.isSymbolicLink() && !isUnder(top, await realpath(place))) return null
    const facts = await stat(place)
    if (!facts.isDirectory() && !facts.isFile()) return null
    const isFolder = facts.isDirectory()
    return { name, bytes: isFolder ? 0 : facts.size, modified: facts.mtime.toISOString(), isFolder }
  } catch (error) {
    if (isAbsence(error)) return null
    throw error
  }
}

const entryOf = ({ name, bytes, modified }: Entry): Entry => ({ name, bytes, modified })
