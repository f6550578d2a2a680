/**
 * Takes in the `state.db` of the Video Archive Tool: its history, presets and settings, and its registry of files as
 * far as they lie under folders of ours.
 */

import Sqlite from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { setImmediate as pause } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import { builtinPresets } from '../workers/media/presets.ts'
import { actorOf } from './actors.ts'
import { bytesOfMegabytes, count, encoderOf, type Foreign, real, text, timeOf } from './foreign_rows.ts'
import { presetOf } from './import_presets.ts'
import { registerSessions } from './import_registry.ts'
import { DatabaseError } from './open.ts'
import { findPreset, PresetError, savePreset } from './presets.ts'
import type { Database, Db, StateImport } from './schema.ts'
import { SettingError, setSetting } from './settings.ts'

export interface ImportReport {
  /** When the very same file was taken in before; then nothing was done. */
  already: string | null
  history: number
  presets: number
  settings: number
  /** Sessions whose files were registered, and those files. */
  sessions: number
  files: number
  /** What was left out, and why. */
  notes: string[]
}

/**
 * Takes in what is not here yet; the same file a second time adds nothing, a later state of it only
 * what is new. It is done row by row, with turns for everybody else between, and stamped at the end: what breaks off
 * half way is gone on with the next time.
 * @throws DatabaseError `not_a_database` where it is no such file.
 */
export async function importState(db: Db, file: string): Promise<ImportReport> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new DatabaseError('backup_not_found', `There is no file “${file}”.`)
  const sha256 = await checksum(file)
  const before = await db
    .selectFrom('state_import')
    .selectAll()
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  if (before) return { ...(JSON.parse(before.report) as ImportReport), already: before.imported_at }
  const state = openState(file)
  try {
    return await takeIn(db, state, { path: file, sha256, bytes: statSync(file).size, actor: actorOf(db) })
  } finally {
    state.close()
  }
}

/** What was taken in so far, newest first. */
export const listImports = (db: Db): Promise<StateImport[]> =>
  db.selectFrom('state_import').selectAll().orderBy('id', 'desc').limit(20).execute()

const lastImport = async (db: Db): Promise<string | null> => (await listImports(db))[0]?.imported_at ?? null

async function takeIn(
  db: Db,
  state: State,
  stamp: Omit<Insertable<Database['state_import']>, 'report'>,
): Promise<ImportReport> {
  const presets = await takePresets(db, await state.read('user_presets'))
  const notes = [...presets.notes]
  const ordered = await state.read('processing_state')
  const registered = await registerSessions(db, ordered, await state.read('file_registry'), notes)
  const history = await takeHistory(db, await state.read('project_history'))
  const set = await state.read('app_settings')
  const open = ordered.filter(({ status }) => status !== 'completed' && status !== 'failed').length
  return db.transaction().execute(async (tx) => {
    const settings = await takeSettings(tx, set, await lastImport(tx), notes)
    // That tool marks its default in two places; the preset's own mark is the one a person set.
    if (presets.chosen !== null) await setSetting(tx, 'default_preset', presets.chosen)
    if (open > 0) notes.push(`${open} unfinished sessions cannot go on here; order them anew.`)
    const report = { already: null, history, presets: presets.taken, settings, ...registered, notes }
    await tx
      .insertInto('state_import')
      .values({ ...stamp, report: JSON.stringify(report) })
      .execute()
    return report
  })
}

/** So many rows are taken in at a time: a few milliseconds. */
const rowsAtOnce = 50

async function takeHistory(db: Db, rows: Foreign[]): Promise<number> {
  let taken = 0
  for (let from = 0; from < rows.length; from += rowsAtOnce, await pause())
    await db.transaction().execute(async (tx) => {
      for (const row of rows.slice(from, from + rowsAtOnce)) taken += await takeProject(tx, row)
    })
  return taken
}

/** @returns how many rows it came to: none where it is here already, or has no name. */
async function takeProject(db: Db, row: Foreign): Promise<number> {
  const values = historyOf(row)
  if (values === null || (await isKnown(db, values.session_key))) return 0
  const session = await db
    .selectFrom('session')
    .select('id')
    .where('key', '=', values.session_key)
    .executeTakeFirst()
  await db
    .insertInto('history')
    .values({ ...values, session_id: session?.id ?? null })
    .execute()
  return 1
}

async function isKnown(db: Db, key: string): Promise<boolean> {
  for (const table of ['history', 'history_archive'] as const) {
    const row = await db.selectFrom(table).select('id').where('session_key', '=', key).executeTakeFirst()
    if (row) return true
  }
  return false
}

function historyOf(row: Foreign): Insertable<Database['history']> | null {
  const key = text(row.session_id)
  if (key === '') return null
  const succeeded = Number(row.completed_successfully ?? 0) === 1
  const started = timeOf(row.started_at)
  return {
    session_key: key,
    pipeline: 'archive',
    artwork: text(row.artwork_name) || key,
    project_date: text(row.project_date),
    output_path: text(row.output_path),
    master_filename: text(row.master_filename),
    master_duration: real(row.master_duration),
    master_resolution: text(row.master_resolution) || null,
    master_fps: real(row.master_fps),
    master_codec: text(row.master_codec) || null,
    master_bytes: bytesOfMegabytes(row.master_size_mb),
    scenes_detected: count(row.scenes_detected),
    scenes_exported: count(row.scenes_exported),
    stills_created: count(row.stills_created),
    clips_created: count(row.clips_created),
    rd_files_processed: count(row.rd_files_processed),
    files_created: count(row.total_files_created),
    output_bytes: bytesOfMegabytes(row.total_output_size_mb) ?? 0,
    processing_seconds: real(row.total_processing_time_seconds) ?? 0,
    problems: succeeded ? 0 : 1,
    gpu_accelerated: Number(row.gpu_accelerated ?? 0) === 1 ? 1 : 0,
    preset_key: text(row.preset_used),
    encoder: encoderOf(row.encoder_used),
    status: succeeded ? 'completed' : 'failed',
    notes: text(row.completion_notes) || null,
    started_at: started,
    completed_at: timeOf(row.completed_at) ?? started ?? '1970-01-01 00:00:00.000',
  }
}

interface TakenPresets {
  taken: number
  /** The id of the one that was the default there. */
  chosen: string | null
  notes: string[]
}

async function takePresets(db: Db, rows: Foreign[]): Promise<TakenPresets> {
  const notes: string[] = []
  let taken = 0
  let chosen: string | null = null
  for (const row of rows) {
    const { document, unknown } = presetOf(row)
    if (builtinPresets.some(({ id }) => id === document.id) || (await findPreset(db, document.id))) continue
    try {
      await savePreset(db, document)
      taken += 1
      if (Number(row.is_default ?? 0) === 1) chosen = document.id
      if (unknown.length > 0)
        notes.push(
          `The preset “${document.name}” also said ${unknown.join(', ')}, which has no counterpart here.`,
        )
    } catch (error) {
      if (!(error instanceof PresetError)) throw error
      notes.push(`The preset “${text(row.preset_name)}” was left out: ${error.message}`)
    }
  }
  return { taken, chosen, notes }
}

/** The program's own, not a person's. */
const ours = ['app_version', 'db_version']

/** After a first import only those that were changed there since: what was set here meanwhile stays. */
async function takeSettings(db: Db, rows: Foreign[], since: string | null, notes: string[]): Promise<number> {
  let taken = 0
  for (const row of rows) {
    const key = text(row.key)
    const changed = timeOf(row.modified_at)
    if (ours.includes(key) || (since !== null && (changed === null || changed <= since))) continue
    const value = repaired(text(row.value))
    const known = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
    if (known?.value === value) continue
    try {
      await setSetting(db, key, value)
      taken += 1
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      notes.push(`The setting “${key}” was left out: ${error.message}`)
    }
  }
  return taken
}

/** That tool's own default was stored in the wrong encoding. */
const repaired = (value: string) => value.replace('Â©', '©')

interface State {
  /** All rows of a table in their order, read a few hundred at a time; none where there is no such table. */
  read(table: string): Promise<Foreign[]>
  close(): void
}

/** Rows that are read at once. */
const pageRows = 500

/** @throws DatabaseError `not_a_database`. */
function openState(file: string): State {
  const handle = opened(file)
  const tables = inWords(file, () =>
    handle.prepare<[], string>(`select name from sqlite_master where type = 'table'`).pluck().all(),
  )
  if (!tables.includes('project_history') || !tables.includes('processing_state')) {
    handle.close()
    throw notState(file, new Error('it has no tables of that tool'))
  }
  return {
    async read(table) {
      if (!tables.includes(table)) return []
      const page = inWords(file, () =>
        handle.prepare<[number, number], Foreign & { place: number }>(
          `select rowid as place, * from "${table}" where rowid > ? order by rowid limit ?`,
        ),
      )
      const rows: Foreign[] = []
      for (let last = Number.MIN_SAFE_INTEGER; ; await pause()) {
        const more = inWords(file, () => page.all(last, pageRows))
        rows.push(...more)
        if (more.length < pageRows) return rows
        last = more.at(-1)?.place ?? last
      }
    },
    close: () => handle.close(),
  }
}

const opened = (file: string) =>
  inWords(file, () => new Sqlite(file, { readonly: true, fileMustExist: true }))

function inWords<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw notState(file, error as Error)
  }
}

const notState = (file: string, cause: Error) =>
  new DatabaseError(
    'not_a_database',
    `“${file}” is no state.db of the Video Archive Tool: ${cause.message}.`,
    { cause },
  )

async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
