/**
 * The project folder of a session: claimed by making it, so that no two sessions ever share one.
 */

import { mkdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import type { ExistingFolderRule } from '../../db/schema.ts'
import { folders, versioned } from '../../workers/media/naming.ts'
import { OperationError } from '../../workers/operation.ts'

/** Where unfinished outputs lie until they are whole. */
export const workFolderName = '.cutroom-work'

/**
 * Makes the project folder under `root` and everything the archive has in it.
 * @returns its name, `name` or `name_v2`, `name_v3`… by the rule.
 * @throws OperationError `folder_exists`, `folder_refused`.
 */
export async function claimProjectFolder(
  root: string,
  name: string,
  rule: ExistingFolderRule,
): Promise<string> {
  try {
    await mkdir(root, { recursive: true })
    const claimed = await makeFirstFree(root, name, rule)
    for (const folder of Object.values(folders))
      await mkdir(path.join(root, claimed, folder), { recursive: true })
    return claimed
  } catch (error) {
    if (error instanceof OperationError) throw error
    throw new OperationError(
      'folder_refused',
      `The project folder cannot be made in ${root}: ${(error as Error).message}. Check the folder, then resume.`,
    )
  }
}

async function makeFirstFree(root: string, name: string, rule: ExistingFolderRule): Promise<string> {
  for (let version = 1; ; version++) {
    const candidate = version === 1 ? name : versioned(name, version)
    try {
      await mkdir(path.join(root, candidate))
      return candidate
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (rule === 'overwrite') return candidate
      if (rule === 'fail') throw folderExists(path.join(root, candidate))
    }
  }
}

export const folderExists = (folder: string) =>
  new OperationError(
    'folder_exists',
    `There is a folder ${folder} already. Choose another name or date, or allow a new version (--if-exists version).`,
  )

/** Removes what operations left half-made: one operation's, or all of it. */
export async function sweepWork(project: string, operationId?: number): Promise<void> {
  const work = path.join(project, workFolderName)
  await rm(operationId === undefined ? work : path.join(work, String(operationId)), {
    recursive: true,
    force: true,
  })
  await rmdir(work).catch(() => undefined) // another operation still works in it, or it is gone
}
