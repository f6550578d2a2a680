/**
 * Whether outputs can be made in a folder of the server that somebody names.
 */

import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'

/** Why they cannot, in a sentence; null where they can. */
export async function folderRefusal(folder: string): Promise<string | null> {
  if (!path.isAbsolute(folder)) return 'Give the whole path, from the top of the server: /mnt/studio/archive.'
  try {
    if (!(await stat(folder)).isDirectory()) return 'That is a file, not a folder.'
    await access(folder, constants.W_OK)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return 'Cutroom may not write there.'
    return 'There is no such folder on the server.'
  }
}
