/**
 * The tasks of maintenance: what each does, and what it says of it.
 */

import { makeBackup } from '../../db/backups.ts'
import {
  analyse,
  checkIntegrity,
  isSliced,
  reindex,
  resetPresetStatistics,
  vacuum,
} from '../../db/maintenance.ts'
import { queueCounts } from '../../db/overview.ts'
import { limitsOf } from '../../db/retention.ts'
import type { Db, MaintenanceTask } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { bytesText, countText } from '../../templates/words.ts'
import { OperationError } from '../../workers/operation.ts'
import { checkElsewhere } from './check_elsewhere.ts'
import { judged, verifyLongest, watchWork } from './fixity.ts'
import { applyRetention, planRetention, removedInWords } from './retention.ts'

export interface TaskGrounds {
  db: Db
  /** Where pictures of scenes are kept. */
  pictures: string
  /** Where backups go. */
  backups: string
}

/** @returns what it did, in a sentence. @throws Error in words where it could not, or something is wrong. */
export type Task = (grounds: TaskGrounds, signal: AbortSignal) => Promise<string>

export const tasks: Record<MaintenanceTask, Task> = {
  async retention(grounds, signal) {
    const order = { limits: limitsOf(await settings(grounds.db)), withOutputs: false }
    return removedInWords(await applyRetention(grounds, await planRetention(grounds, order), signal))
  },

  async backup({ db, backups }) {
    const { backups_kept: keep, backup_gzip: gzip } = await settings(db)
    const made = await makeBackup(db, { folder: backups, keep, gzip, check: checkElsewhere })
    return `Made and checked ${made.path}, ${bytesText(made.bytes)}.`
  },

  async fixity({ db }, signal) {
    const { fixity_gigabytes } = await settings(db)
    const watch = watchWork(db)
    try {
      const verified = await verifyLongest(db, fixity_gigabytes * 1e9, { signal, isBusy: watch.isBusy })
      return judged(verified)
    } finally {
      watch.stop()
    }
  },

  async vacuum({ db }, signal) {
    if (!(await isSliced(db)) && (await queueCounts(db)).running > 0)
      throw new OperationError(
        'session_running',
        'This database was begun by an older Cutroom: its first vacuum needs it alone. Run it when no session works.',
      )
    return `Gave back ${bytesText((await vacuum(db, signal)).bytes)}.`
  },

  async analyze({ db }, signal) {
    await analyse(db, signal)
    return 'Renewed what the query planner knows.'
  },

  reindex: async ({ db }, signal) =>
    `Built ${countText(await reindex(db, signal), 'index', 'indexes')} anew.`,

  async integrity({ db }, signal) {
    const problems = await checkIntegrity(db, signal)
    if (problems.length === 0) return 'Every page and every reference is in order.'
    throw new OperationError(
      'database_damaged',
      `The database is damaged: ${problems.join(' ')} Restore a backup (cutroom db restore).`,
    )
  },

  statistics: async ({ db }) => `Reset the use of ${countText(await resetPresetStatistics(db), 'preset')}.`,
}
