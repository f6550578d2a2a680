/**
 * Files and folders under the roots, for the pages: what they may see, and nothing beside it.
 */

import { realpath, statfs } from 'node:fs/promises'
import type { Tools } from '../../workers/operation.ts'
import { AppError } from '../errors.ts'
import type { Disk } from '../services.ts'
import { listFolder } from './list.ts'
import { createLooker } from './look.ts'
import { openFile } from './open_file.ts'
import { isVisible, placeUnder } from './paths.ts'
import { zipFiles } from './zip.ts'

/** @param tools probe what may become a master. */
export function createDisk(tools: Tools): Disk {
  const look = createLooker(tools)
  return {
    list: (root, path) => listFolder(root.path, path),
    look: (root, path) => look(root.path, path),
    async free(root) {
      const { bavail, bsize } = await statfs(await realpath(root.path))
      return bavail * bsize
    },
    async resolve(root, path) {
      const real = isVisible(path) ? await placeUnder(root.path, path) : null
      if (real === null) throw new AppError('bad_input', { detail: `there is no “${path}” to choose` })
      return real
    },
    open: openFile,
    zip: zipFiles,
  }
}
