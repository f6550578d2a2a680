/**
 * Files and folders under the roots, for the pages: what they may see, and nothing beside it.
 */

import type { Tools } from '../../workers/operation.ts'
import { AppError } from '../errors.ts'
import type { Disk } from '../services.ts'
import { listFolder } from './list.ts'
import { createLooker } from './look.ts'
import { lookAtResearch } from './look_rd.ts'
import { openFile } from './open_file.ts'
import { isVisible, placeUnder } from './paths.ts'
import { spaceOf } from './space.ts'
import { zipFiles } from './zip.ts'

/** @param tools probe what may become a master. */
export function createDisk(tools: Tools): Disk {
  const look = createLooker(tools)
  return {
    list: (root, folder) => listFolder(root.path, folder),
    look: (root, file) => look(root.path, file),
    lookAtResearch: (root, folder) => lookAtResearch(root.path, folder),
    free: async (root) => (await spaceOf(root.path)).free,
    async resolve(root, place) {
      const real = isVisible(place) ? await placeUnder(root.path, place) : null
      if (real === null) throw new AppError('bad_input', { detail: `there is no “${place}” to choose` })
      return real
    },
    open: openFile,
    zip: zipFiles,
  }
}
