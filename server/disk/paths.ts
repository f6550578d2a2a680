/**
 * Keeps paths under their root: what is asked for is looked at as text first, then as what it really is on disk.
 */

import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'

/**
 * The real path of what lies at `relative` (with `/`) under `root`, symlinks followed; null where nothing is
 * there, it may not be seen, or it lies elsewhere.
 */
export async function placeUnder(root: string, relative: string): Promise<string | null> {
  if (!isPlain(relative)) return null
  try {
    const [top, real] = [await realpath(root), await realpath(path.join(root, relative))]
    return isUnder(top, real) ? real : null
  } catch (error) {
    if (isAbsence(error)) return null
    throw error
  }
}

/** Whether what lies there is a link that leads out of the root, or nowhere; of what it names nothing is told. */
export async function isLinkAway(root: string, relative: string): Promise<boolean> {
  const folder = await placeUnder(root, relative.slice(0, Math.max(0, relative.lastIndexOf('/'))))
  if (folder === null || !isPlain(relative)) return false
  const found = await lstat(path.join(folder, path.posix.basename(relative))).catch(() => null)
  return found?.isSymbolicLink() === true && (await placeUnder(root, relative)) === null
}

/** Both real paths. */
export const isUnder = (top: string, real: string): boolean =>
  real === top || real.startsWith(top.endsWith(path.sep) ? top : top + path.sep)

/** What people browse is not what starts with a dot: that is the system's, or Cutroom's own. */
export const isVisible = (relative: string): boolean =>
  !relative.split('/').some((name) => name.startsWith('.'))

/** No way up, no way round, nothing that another system reads differently. */
const isPlain = (relative: string): boolean =>
  !/[\0\\]|^\//.test(relative) && !relative.split('/').some((name) => name === '..' || name === '.')

/** It is not there, or not for us. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG|EACCES|EPERM|ENXIO)$/.test(String(error.code))
