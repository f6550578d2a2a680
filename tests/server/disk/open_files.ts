/**
 * Counts what this process holds open, so that tests see what is left open.
 */

import { readdirSync, readlinkSync } from 'node:fs'

/** How many ordinary files are open; always 0 where the system does not tell. */
export function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').filter(isFile).length
  } catch {
    return 0
  }
}

function isFile(fd: string): boolean {
  try {
    // Only files that tests make: modules are read at any time.
    return /cutroom-test-/.test(readlinkSync(`/proc/self/fd/${fd}`))
  } catch {
    return false // the folder's own, closed by now
  }
}
