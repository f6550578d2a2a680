/**
 * Whether files of the work still are as they were made: somebody may remove them, or cut them short, before they are used.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { OperationError } from './operation.ts'

export interface Untouched {
  /** Remembers files that are whole now. @throws OperationError `not_whole` where one is gone. */
  note(...files: string[]): Promise<void>
  /** @throws OperationError `not_whole` where one of them is not as it was. */
  hold(...files: string[]): Promise<void>
}

export function createUntouched(): Untouched {
  const stamps = new Map<string, string>()
  return {
    async note(...files) {
      for (const file of files) stamps.set(file, await stampOf(file))
    },
    async hold(...files) {
      for (const file of files) if ((await stampOf(file)) !== stamps.get(file)) throw touched(file)
    },
  }
}

const stampOf = async (file: string) => {
  const { size, mtimeMs, ino } = await stat(file).catch(() => Promise.reject(touched(file)))
  return `${size} ${mtimeMs} ${ino}`
}

const touched = (file: string) =>
  new OperationError(
    'not_whole',
    `${path.basename(file)} was removed or changed while it was worked with. Leave the folder .cutroom-work alone, then retry.`,
  )
