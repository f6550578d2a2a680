/**
 * The project folder of a session: claimed by making it, so that no two sessions ever share one.
 */

import { existsSync, mkdirSync } from 'node:fs'
import { access, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ExistingFolderRule } from '../../db/schema.ts'
import type { Claim } from '../../db/sessions.ts'
import { versioned } from '../../workers/media/naming.ts'
import { OperationError } from '../../workers/operation.ts'

/** Where unfinished outputs lie until they are whole. */
export const workFolderName = '.cutroom-work'

/** One attempt's own folder in it: an owner that was taken over, and wakes late, writes where nobody looks. */
export const workName = ({ generation }: Claim, operationId: number) => `${operationId}-${generation}`

/** Makes a folder and those above it. Node's own `recursive` never comes back where a file system makes none, as /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another process was faster
  }
}

interface Wanted {
  name: string
  /** Folders in it, relative. */
  folders: readonly string[]
  rule: ExistingFolderRule
  /** The session's. */
  key: string
  /** The key of a session that is not at its end and has this folder. */
  usedBy(folder: string): Promise<string | undefined>
}

/**
 * Makes the project folder under `root` and everything the archive has in it. Until `forgetClaim` the folder
 * says whose it is, so that after a crash the session finds it again instead of making a second one.
 * @returns its name, `name` or `name_v2`, `name_v3`… by the rule.
 * @throws OperationError `folder_exists`, `folder_in_use`, `folder_refused`.
 */
export async function claimProjectFolder(root: string, wanted: Wanted): Promise<string> {
  const made = unclaimed(root, wanted.key)
  try {
    makeFolder(root)
    await makeWhole(made, wanted)
    return await moveToFirstFree(made, root, wanted)
  } catch (error) {
    if (error instanceof OperationError) throw error
    throw new OperationError(
      'folder_refused',
      `The project folder cannot be made in ${root}: ${(error as Error).message}. Check the folder, then resume.`,
    )
  } finally {
    await rm(made, { recursive: true, force: true }).catch(() => undefined) // moved, or the next claim replaces it
  }
}

/** Where a project folder lies until it is whole. */
const unclaimed = (root: string, key: string) => path.join(root, `.cutroom-${key}`)

/** Removes what a crash left of a folder that was being made. */
export async function sweepUnclaimed(root: string, key: string): Promise<void> {
  await rm(unclaimed(root, key), { recursive: true, force: true })
}

/** The session's folder is written down: it need not say so itself any more. */
export async function forgetClaim(project: string, key: string): Promise<void> {
  await rm(path.join(project, workFolderName, key), { force: true })
}

async function makeWhole(made: string, { key, folders }: Pick<Wanted, 'key' | 'folders'>): Promise<void> {
  await rm(made, { recursive: true, force: true })
  await mkdir(made) // apart, since `recursive` mistakes a read-only disk for a missing folder
  for (const folder of [...folders, workFolderName]) await mkdir(path.join(made, folder), { recursive: true })
  await writeFile(path.join(made, workFolderName, key), '')
}

/** A folder that was made whole beside its place is renamed there: a crash leaves all of it or nothing. */
async function moveToFirstFree(made: string, root: string, { name, rule, key, usedBy, folders }: Wanted) {
  for (let version = 1; ; version++) {
    const candidate = versioned(name, version)
    const folder = path.join(root, candidate)
    if (await exists(path.join(folder, workFolderName, key))) return candidate // claimed just before a crash
    if (!(await exists(folder)) && (await moved(made, folder))) return candidate
    if (rule === 'fail') throw folderExists(folder)
    if (rule === 'version') continue
    const user = await usedBy(candidate)
    if (user !== undefined) throw inUse(folder, user)
    for (const part of folders) await mkdir(path.join(folder, part), { recursive: true })
    return candidate
  }
}

/** False where somebody was faster. */
async function moved(made: string, folder: string): Promise<boolean> {
  try {
    await rename(made, folder)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) return false
    throw error
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

const folderExists = (folder: string) =>
  new OperationError(
    'folder_exists',
    `There is a folder ${folder} already. Choose another name or date, or allow a new version (--if-exists version).`,
  )

const inUse = (folder: string, key: string) =>
  new OperationError(
    'folder_in_use',
    `The session ${key} works in ${folder}. Wait for its end, or allow a new version (--if-exists version).`,
  )

/** Removes what operations left half-made: one attempt's, or all of it. */
export async function sweepWork(project: string, attempt?: string): Promise<void> {
  const work = path.join(project, workFolderName)
  await rm(attempt === undefined ? work : path.join(work, attempt), { recursive: true, force: true })
  await rmdir(work).catch(() => undefined) // another operation still works in it, or it is gone
}
