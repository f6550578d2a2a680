/**
 * How an output came to be, told in one shape: to the shell, as JSON, and to the pages.
 */

import type { LocatedFile } from '../../db/files.ts'
import { lineageOf } from '../../db/lineage.ts'
import type { Db } from '../../db/schema.ts'
import { commandText, type LineageReport, rangesText } from '../../workers/media/lineage.ts'

/** Null where nothing is known: it was read, not made, or made before this was kept. `all`: the session's files. */
export async function reportLineage(
  db: Db,
  file: LocatedFile,
  all: readonly Pick<LocatedFile, 'id' | 'key' | 'role' | 'path'>[],
): Promise<LineageReport | null> {
  const lineage = await lineageOf(db, file.id)
  if (!lineage) return null
  const isResearch = file.role === 'rd_hq' || file.role === 'rd_web'
  const master = isResearch ? undefined : all.find(({ role }) => role === 'source')
  const from = all.find(({ id }) => id === file.source_file_id)
  const isFromMaster = from === undefined || from.role === 'source' || from.role === 'master'
  return {
    master: master ? (master.path.split('/').at(-1) ?? null) : null,
    research: isResearch ? sourceName(file) : null,
    from: isFromMaster ? null : { key: from.key, path: from.path },
    scene: file.scene,
    ranges: lineage.ranges,
    frame: lineage.ranges === null ? file.frame : null,
    preset: lineage.presetKey,
    presetVersion: lineage.presetVersion,
    wanted: lineage.wanted,
    settings: file.settings === null ? null : (JSON.parse(file.settings) as Record<string, unknown>),
    commands: lineage.commands,
    made: file.created_at,
    seconds: file.seconds,
  }
}

/** What the file itself says, as every output does. */
const sourceName = ({ metadata }: LocatedFile): string | null =>
  (JSON.parse(metadata ?? '{}') as { source?: string }).source ?? null

/** The same in lines of text. */
export function lineageLines(lineage: LineageReport): string[] {
  const { master, research, from, scene, ranges, frame, preset, presetVersion, commands } = lineage
  const shows = ranges ? rangesText(ranges) : frame === null ? null : `frame ${frame}`
  return [
    `from ${[research ?? master, from?.path].filter(Boolean).join(', by way of ')}`,
    ...(scene === null ? [] : [`scene ${scene}${shows ? `, ${shows}` : ''}`]),
    `preset ${preset}${presetVersion === null ? '' : `, version ${presetVersion}`}`,
    ...commands.map(commandText),
  ]
}
