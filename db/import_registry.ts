/**
 * The registry of the Video Archive Tool: sessions and their files, as far as they lie under an output folder of ours.
 * A file elsewhere is not registered, or a stranger's state.db could make us serve whatever it names.
 */

import path from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import { builtinPresets } from '../workers/media/presets.ts'
import { count, encoderOf, type Foreign, real, text, timeOf } from './foreign_rows.ts'
import { newKey } from './keys.ts'
import { listRoots } from './roots.ts'
import type { Database, Db, FileRole, Root } from './schema.ts'

/** @param notes told what was left out, and why. */
export async function registerSessions(
  db: Db,
  sessions: Foreign[],
  files: Foreign[],
  notes: string[],
): Promise<{ sessions: number; files: number }> {
  const roots = (await listRoots(db)).filter(({ kind }) => kind === 'output')
  const filesOf = new Map(sessions.map(({ session_id }) => [text(session_id), [] as Foreign[]]))
  for (const file of files) filesOf.get(text(file.session_id))?.push(file)
  const done = { sessions: 0, files: 0 }
  let outside = 0
  for (const row of sessions) {
    const own = filesOf.get(text(row.session_id)) ?? []
    const placed = own.flatMap((file) => placeOf(file, roots))
    outside += own.length - placed.length
    const root = placeUnder(text(row.output_path), roots)
    if (placed.length === 0 || root === null || (await isHere(db, text(row.session_id)))) continue
    await db.transaction().execute((tx) => register(tx, row, root, placed))
    await pause()
    done.sessions += 1
    done.files += placed.length
  }
  if (outside > 0)
    notes.push(
      `${outside} files lie outside the output folders of this Cutroom (${roots.map((one) => one.path).join(', ')}) and were not registered. ` +
        'Move them there, or archive something with --out to that folder first.',
    )
  return done
}

/** So many rows at once; others have a turn between. */
const rowsAtOnce = 50

/** A session and all of its files, or nothing. */
async function register(
  db: Db,
  row: Foreign,
  at: { root: Root; relative: string },
  placed: Placed[],
): Promise<void> {
  const id = await addSession(db, row, at)
  for (let from = 0; from < placed.length; from += rowsAtOnce, await pause())
    for (const { file, root, relative, role } of placed.slice(from, from + rowsAtOnce))
      await db
        .insertInto('file')
        .values({ session_id: id, root_id: root.id, path: relative, role, ...factsOf(file) })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
}

const isHere = async (db: Db, key: string) =>
  (await db.selectFrom('session').select('id').where('key', '=', key).executeTakeFirst()) !== undefined

interface Placed {
  file: Foreign
  root: Root
  relative: string
  role: FileRole
}

function placeOf(file: Foreign, roots: Root[]): Placed[] {
  const [place, role] = [placeUnder(text(file.file_path), roots), roleOf(file)]
  return place === null || role === null ? [] : [{ file, role, ...place }]
}

function placeUnder(absolute: string, roots: Root[]): { root: Root; relative: string } | null {
  if (!path.isAbsolute(absolute)) return null
  for (const root of roots) {
    const relative = path.relative(root.path, absolute)
    if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)) return { root, relative }
  }
  return null
}

function roleOf({ file_type, file_path }: Foreign): FileRole | null {
  const type = text(file_type)
  if (type === 'rd_image' || type === 'rd_video')
    return /compressed/i.test(text(file_path)) ? 'rd_web' : 'rd_hq'
  if (type === 'master') return /_master\.mp4$/i.test(text(file_path)) ? 'master_web' : 'master'
  if (type === 'clip') return /_group(ed)?_/i.test(path.basename(text(file_path))) ? 'group' : 'clip'
  return type === 'still_hq' || type === 'still_web' || type === 'thumbnail' ? type : null
}

async function addSession(db: Db, row: Foreign, at: { root: Root; relative: string }): Promise<number> {
  const preset = builtinPresets.find(({ id }) => id === text(row.preset_id)) ?? builtinPresets[0]
  const date = text(row.project_date)
  const completed = text(row.status) === 'completed'
  const ended = timeOf(row.completed_at) ?? timeOf(row.updated_at)
  const { id } = await db
    .insertInto('session')
    .values({
      key: text(row.session_id),
      pipeline: 'archive',
      artwork: text(row.artwork_name) || text(row.session_id),
      project_date: /^\d\d-\d\d-\d\d$/.test(date) ? date : (ended ?? '1970-01-01').slice(2, 10),
      output_root_id: at.root.id,
      output_path: at.relative,
      preset_key: text(row.preset_id) || (preset?.id ?? ''),
      preset_settings: JSON.stringify(preset?.settings ?? {}),
      encoder: encoderOf(row.encoder_type),
      threshold: real(row.scene_threshold) ?? 30,
      min_scene_length: count(row.min_scene_length),
      status: completed ? 'completed' : 'failed',
      error_message: completed
        ? null
        : text(row.error_message) || 'It ended in the Video Archive Tool and cannot go on here.',
      started_at: timeOf(row.created_at),
      completed_at: ended,
      ...(timeOf(row.created_at) !== null && { created_at: timeOf(row.created_at) ?? '' }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

type Facts = Omit<Insertable<Database['file']>, 'session_id' | 'root_id' | 'path' | 'role'>

function factsOf(file: Foreign): Facts {
  const [, width = 0, height = 0] = (/^(\d+)\s*[x×]\s*(\d+)$/.exec(text(file.resolution)) ?? []).map(Number)
  const created = timeOf(file.created_at)
  return {
    key: newKey(),
    bytes: real(file.file_size_bytes) === null ? null : count(file.file_size_bytes),
    format: text(file.file_format) || null,
    width: width || null,
    height: height || null,
    duration: real(file.duration_seconds),
    frame: real(file.frame_number) === null ? null : count(file.frame_number),
    aspect: text(file.aspect_ratio) || null,
    seconds: real(file.processing_time_ms) === null ? null : count(file.processing_time_ms) / 1000,
    missing_at: Number(file.file_exists ?? 1) === 0 ? created : null,
    ...(created !== null && { created_at: created }),
  }
}
