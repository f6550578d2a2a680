/**
 * Files and folders under the roots, for the pages: what they may see, and nothing beside it.
 */

import { realpath, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Tools } from '../../workers/operation.ts'
import { AppError } from '../errors.ts'
import type { Disk } from '../services.ts'
import { listFolder } from './list.ts'
import { createLooker } from './look.ts'
import { lookAtResearch } from './look_rd.ts'
import { openFile } from './open_file.ts'
import { isAbsence, isVisible, placeUnder } from './paths.ts'
import { zipFiles } from './zip.ts'

/** @param tools probe what may become a master. */
export function createDisk(tools: Tools): Disk {
  const look = createLooker(tools)
  return {
    list: (root, folder) => listFolder(root.path, folder),
    look: (root, file) => look(root.path, file),
    lookAtResearch: (root, folder) => lookAtResearch(root.path, folder),
    async free(root) {
      const { bavail, bsize } = await statfs(await nearestFolder(root.path))
      return bavail * bsize
    },
    async resolve(root, place) {
      const real = isVisible(place) ? await placeUnder(root.path, place) : null
      if (real === null) throw new AppError('bad_input', { detail: `there is no “${place}” to choose` })
      return real
    },
    open: openFile,
    zip: zipFiles,
  }
}

/** A folder may not have been made yet; it will lie on its parent's disk. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    const parent = path.dirname(folder)
    if (!isAbsence(error) || parent === folder) throw error
    return nearestFolder(parent)
  }
}
