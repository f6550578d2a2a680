/**
 * How much room a disk has, and how much of it is kept free.
 */

import { realpath, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { isAbsence } from './paths.ts'

/** Bytes. */
export interface Space {
  free: number
  total: number
  /** Tells disks apart. */
  device: number
}

/** Of the disk where a folder lies, or will lie. */
export async function spaceOf(folder: string): Promise<Space> {
  const place = await nearestFolder(folder)
  const { bavail, blocks, bsize } = await statfs(place)
  return { free: bavail * bsize, total: blocks * bsize, device: (await stat(place)).dev }
}

/** What the setting says, but no more than a twentieth of a small disk: a memory stick can hold an archive, too. */
export const reserveOf = ({ total }: Pick<Space, 'total'>, gigabytes: number): number =>
  Math.floor(Math.min(gigabytes * 1e9, total / 20))

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
