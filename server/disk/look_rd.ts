/**
 * Looks at what may become the R&D folder of an archive: what the step itself would take from it.
 */

import { stat } from 'node:fs/promises'
import { listSources } from '../../workers/operations/research.ts'
import { AppError } from '../errors.ts'
import type { ResearchLook } from '../services.ts'
import { isAbsence, isVisible, placeUnder } from './paths.ts'

/** @throws AppError `folder_not_found`. */
export async function lookAtResearch(root: string, relative: string): Promise<ResearchLook> {
  const folder = isVisible(relative) ? await placeUnder(root, relative) : null
  if (folder === null || !(await stat(folder)).isDirectory())
    throw new AppError('folder_not_found', { detail: relative })
  const sources = await listSources(folder)
  const sizes = await Promise.all(sources.map(sizeOf))
  return { files: sources.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }
}

/** What went away meanwhile takes no room. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isAbsence(error)) return 0
    throw error
  }
}
