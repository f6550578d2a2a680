/**
 * The registry's dealings with the disk: reads single files again, and walks over all of them.
 */

import { setImmediate as pause } from 'node:timers/promises'
import { findFile } from '../../db/files.ts'
import { beginCheck, forgetOpenChecks } from '../../db/registry.ts'
import type { Db } from '../../db/schema.ts'
import { found } from '../errors.ts'
import type { Registry } from '../services.ts'
import { verifyFiles } from '../upkeep/fixity.ts'
import { createSurveyor, endLostSurvey } from './survey.ts'

/** `close` ends what still goes on. */
export async function createRegistry(
  db: Db,
  onError: (error: unknown) => void,
): Promise<Registry & { close(): Promise<void> }> {
  const surveyor = createSurveyor(db, onError)
  const stop = new AbortController()
  const going = new Set<Promise<unknown>>()
  await forgetOpenChecks(db)
  await endLostSurvey(db)
  return {
    async verify(key) {
      const { id, root_path, path, bytes, sha256 } = found(await findFile(db, key), 'file_not_found')
      // What was never made by us has no checksum to be held against.
      if (sha256 === null) return
      await beginCheck(db, id)
      const work = verifyFiles(db, [{ id, root_path, path, bytes, sha256 }], { signal: stop.signal })
      const checking = work.catch(onError).finally(() => going.delete(checking))
      going.add(checking)
      // Most files are read at once: then the answer holds what was found.
      await Promise.race([checking, soon()])
    },
    survey: () => surveyor.start(),
    pause: () => pause(),
    async close() {
      stop.abort()
      await surveyor.close()
      await Promise.allSettled(going)
    },
  }
}

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 300).unref())
