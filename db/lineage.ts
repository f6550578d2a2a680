/**
 * How outputs were made: preset, settings, the master's frames, the commands of ffmpeg.
 */

import type { Transaction } from 'kysely'
import type { Ranges, Wanted } from '../workers/media/lineage.ts'
import type { Database, Db } from './schema.ts'

type Tx = Transaction<Database>

export interface Lineage {
  presetKey: string
  presetVersion: number | null
  wanted: Wanted
  /** Null where it shows all of the master, or one frame of it. */
  ranges: Ranges | null
  /** Arguments of each run of ffmpeg, in order. */
  commands: string[][]
}

/** One run of ffmpeg: its arguments as JSON, and their checksum, by which it is found again. */
export interface Command {
  sha256: string
  arguments: string
}

/** Replaces what was said of the file before. A command that many files come out of is kept once. */
export async function saveLineage(
  tx: Tx,
  sessionId: number,
  fileId: number,
  lineage: Omit<Lineage, 'commands'> & { commands: Command[] },
): Promise<void> {
  const row = {
    preset_key: lineage.presetKey,
    preset_version: lineage.presetVersion,
    wanted: JSON.stringify(lineage.wanted),
    ranges: lineage.ranges && JSON.stringify(lineage.ranges),
  }
  await tx
    .insertInto('lineage')
    .values({ file_id: fileId, ...row })
    .onConflict((oc) => oc.column('file_id').doUpdateSet(row))
    .execute()
  const before = await tx
    .deleteFrom('lineage_command')
    .where('file_id', '=', fileId)
    .returning('command_id')
    .execute()
  for (const [index, command] of lineage.commands.entries()) {
    const command_id = await commandId(tx, sessionId, command)
    await tx
      .insertInto('lineage_command')
      .values({ file_id: fileId, position: index + 1, command_id })
      .execute()
  }
  await forgetUnused(
    tx,
    before.map(({ command_id }) => command_id),
  )
}

async function forgetUnused(tx: Tx, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .deleteFrom('command')
    .where('id', 'in', ids)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('lineage_command')
            .select('file_id')
            .whereRef('lineage_command.command_id', '=', 'command.id'),
        ),
      ),
    )
    .execute()
}

async function commandId(tx: Tx, sessionId: number, command: Command): Promise<number> {
  const { id } = await tx
    .insertInto('command')
    .values({ session_id: sessionId, ...command })
    .onConflict((oc) => oc.columns(['session_id', 'sha256']).doUpdateSet({ sha256: command.sha256 }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** How one file was made; undefined for what was read, and what an earlier version made. */
export async function lineageOf(db: Db, fileId: number): Promise<Lineage | undefined> {
  const row = await db.selectFrom('lineage').selectAll().where('file_id', '=', fileId).executeTakeFirst()
  if (!row) return undefined
  const commands = await db
    .selectFrom('lineage_command')
    .innerJoin('command', 'command.id', 'lineage_command.command_id')
    .select('command.arguments')
    .where('lineage_command.file_id', '=', fileId)
    .orderBy('lineage_command.position')
    .execute()
  return { ...read(row), commands: commands.map((command) => JSON.parse(command.arguments) as string[]) }
}

/** What each file of a session was made with, by the file's id; without the commands, which are long. */
export async function wantedOf(
  db: Db | Tx,
  sessionId: number,
): Promise<Map<number, Omit<Lineage, 'commands'>>> {
  const rows = await db
    .selectFrom('file')
    .innerJoin('lineage', 'lineage.file_id', 'file.id')
    .selectAll('lineage')
    .where('file.session_id', '=', sessionId)
    .execute()
  return new Map(rows.map((row) => [row.file_id, read(row)]))
}

interface Row {
  preset_key: string
  preset_version: number | null
  wanted: string
  ranges: string | null
}

const read = (row: Row): Omit<Lineage, 'commands'> => ({
  presetKey: row.preset_key,
  presetVersion: row.preset_version,
  wanted: JSON.parse(row.wanted) as Wanted,
  ranges: row.ranges === null ? null : (JSON.parse(row.ranges) as Ranges),
})
