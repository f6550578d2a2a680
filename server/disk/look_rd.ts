/**
 * Looks at what may become the R&D folder of an archive: what the step itself would take from it.
 */

import { stat } from 'node:fs/promises'
import { bytesOf, listSources } from '../../workers/operations/research.ts'
import { AppError } from '../errors.ts'
import { isVisible, placeUnder } from './paths.ts'

export interface ResearchLook {
  /** Pictures and videos. */
  files: number
  bytes: number
}

/** @throws AppError `folder_not_found`. */
export async function lookAtResearch(root: string, relative: string): Promise<ResearchLook> {
  const folder = isVisible(relative) ? await placeUnder(root, relative) : null
  if (folder === null || !(await stat(folder)).isDirectory())
    throw new AppError('folder_not_found', { detail: relative })
  return measureResearch(folder)
}

/** @param folder absolute. */
export async function measureResearch(folder: string): Promise<ResearchLook> {
  const sources = await listSources(folder)
  return { files: sources.length, bytes: await bytesOf(sources) }
}
