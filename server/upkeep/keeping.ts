/**
 * The database as the page shows and keeps it: read by a process of its own, backed up, put back.
 */

import path from 'node:path'
import { Readable } from 'node:stream'
import { actingAs } from '../../db/actors.ts'
import type { Question } from '../../db/answer.ts'
import { isBackupName, listBackups } from '../../db/backup_files.ts'
import { approveBackup, restoreBackup } from '../../db/backups.ts'
import { lastRestore } from '../../db/edits.ts'
import { importState, listImports } from '../../db/import_state.ts'
import { type Contents, glanceAt, type Rows } from '../../db/look.ts'
import { DatabaseError, handleOf } from '../../db/open.ts'
import type { Db, Root } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { lastRun, runningRun } from '../../db/upkeep.ts'
import { createAnswerer, outputOf } from '../../workers/answerer.ts'
import { OperationError } from '../../workers/operation.ts'
import { placeUnder } from '../disk/paths.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { backupFolder, databasePath } from '../open.ts'
import { ownCommand } from '../own_command.ts'
import type { Keeping } from '../services.ts'
import { checkElsewhere } from './check_elsewhere.ts'

export interface KeepingGrounds {
  db: Db
  data: string
  roots: { media: Root }
  /** Closes all that stands on the database, does this, and begins again with what is there then. */
  restart?: (act: () => Promise<void>) => void
}

/** How long a person waits, milliseconds. */
const limits = { page: 10_000, look: 60_000, query: 5_000 }
const mostRows = 500

export function createKeeping({
  db,
  data,
  roots: { media },
  restart,
}: KeepingGrounds): Keeping & { close(): void } {
  const own = [...ownCommand(), 'db']
  const place = ['--data', data]
  const answerer = createAnswerer([...own, 'answer', ...place])
  const [folder, database] = [backupFolder({ data }), databasePath({ data })]
  const ask = async <T>(question: Question, limitMs: number): Promise<T> =>
    (await answerer.ask(question, limitMs).catch(inWords)) as T

  return {
    glance: () => glanceAt(handleOf(db)),
    look: () => ask<Contents>({ ask: 'look' }, limits.look),
    browse: (asked) => ask<Rows>({ ask: 'browse', ...asked }, limits.page),
    query: (text) => ask<Rows>({ ask: 'query', text, limit: mostRows }, limits.query),
    export(name, format) {
      const words = ['export', '--format', format, '--table', name]
      return Readable.toWeb(outputOf([...own, ...words, ...place])) as ReadableStream<Uint8Array>
    },
    async importState(place, by) {
      const file = await placeUnder(media.path, place)
      if (file === null) throw new AppError('file_not_found')
      return importState(actingAs(db, by), file).catch((error: unknown) => {
        if (!(error instanceof DatabaseError)) throw error
        throw new AppError(error.code === 'backup_not_found' ? 'file_not_found' : 'not_state_db', {
          cause: error,
        })
      })
    },
    imports: () => listImports(db),
    backups: async () => ({
      ...{ list: listBackups(folder).reverse(), folder },
      isMaking: (await runningRun(db))?.task === 'backup',
      restored: await lastRestore(db),
      last: await lastRun(db, 'backup'),
    }),
    async restore(name) {
      if (!isBackupName(name)) throw new AppError('backup_not_found')
      if (!restart) throw new AppError('cannot_restart')
      const file = path.join(folder, name)
      await approveBackup(file, folder, checkElsewhere).catch(inWords)
      const { backups_kept: keep } = await settings(db)
      // It is read once more there, in the process itself: nobody is served meanwhile.
      restart(async () => void (await restoreBackup({ file, database, folder, keep, check: checkElsewhere })))
    },
    close: answerer.close,
  }
}

const codes: Record<string, ProblemCode> = {
  no_such_table: 'page_not_found',
  backup_not_found: 'backup_not_found',
  backup_unusable: 'backup_unusable',
  database_newer: 'backup_unusable',
  database_in_use: 'database_in_use',
}

function inWords(error: unknown): never {
  if (error instanceof DatabaseError || error instanceof OperationError) {
    const code = codes[error.code] ?? (error instanceof OperationError ? 'not_answered' : undefined)
    if (code) throw new AppError(code, { detail: error.message, cause: error })
  }
  throw error
}
