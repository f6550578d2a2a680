/**
 * From emissions to rows: each is committed in one transaction, on behalf of the session's owner.
 */

import { createHash } from 'node:crypto'
import path from 'node:path'
import { saveFile, updateSource } from '../../db/files.ts'
import { saveLineage } from '../../db/lineage.ts'
import { listRoots, rootById } from '../../db/roots.ts'
import { saveCuts } from '../../db/scenes.ts'
import type { Db, Operation, Root, Session } from '../../db/schema.ts'
import { saveScores } from '../../db/scores.ts'
import { asOwner, type Claim } from '../../db/sessions.ts'
import { relativeArguments, settingsFor } from '../../workers/media/lineage.ts'
import { presetSettings } from '../../workers/media/presets.ts'
import { fractionText } from '../../workers/media/timecode.ts'
import type { Emission, EmittedFile } from '../../workers/operation.ts'

/** @throws Fenced, with nothing written, once the claim is void. */
export async function commit(
  db: Db,
  claim: Claim,
  session: Session,
  operation: Operation,
  emission: Emission,
) {
  const root = await rootById(db, session.output_root_id)
  const roots = emission.kind === 'file' && emission.file.commands ? await listRoots(db) : []
  await asOwner(db, claim, async (tx) => {
    if (emission.kind === 'file') {
      const id = await saveFile(tx, fileRow(session, operation, root.path, emission.file))
      return saveLineage(tx, session.id, id, lineageRow(session, emission.file, roots))
    }
    if (emission.kind === 'cuts') return saveCuts(tx, session.id, emission.cuts)
    if (emission.kind === 'scores') return saveScores(tx, session.id, emission.startFrame, emission.measures)
    const { kind: _kind, probe, timeBase, ...facts } = emission
    return updateSource(tx, session.id, {
      ...facts,
      ...(timeBase && { time_base: timeBase }),
      ...(probe && probeColumns(probe)),
    })
  })
}

function fileRow(session: Session, operation: Operation, root: string, file: EmittedFile) {
  return {
    session_id: session.id,
    operation_id: operation.id,
    root_id: session.output_root_id,
    path: path.relative(root, file.path).split(path.sep).join('/'),
    role: file.role,
    bytes: file.bytes,
    sha256: file.sha256,
    format: file.format,
    width: file.width ?? null,
    height: file.height ?? null,
    duration: file.duration ?? null,
    frames: file.frames ?? null,
    codec: file.codec ?? null,
    aspect: file.aspect ?? null,
    source_file_id: file.sourceFileId ?? null,
    scene: file.scene ?? null,
    frame: file.frame ?? null,
    settings: file.settings ? JSON.stringify(file.settings) : null,
    metadata: file.metadata ? JSON.stringify(file.metadata) : null,
    seconds: file.seconds,
  }
}

/** What it was made with, and from: paths as they stand under their roots. */
function lineageRow(session: Session, file: EmittedFile, roots: readonly Root[]) {
  const folders = roots.map(({ path }) => path)
  return {
    presetKey: session.preset_key,
    presetVersion: session.preset_version,
    wanted: settingsFor(file, presetSettings.parse(JSON.parse(session.preset_settings)), session.encoder),
    ranges: file.ranges ?? null,
    commands: (file.commands ?? []).map((args) => commandRow(relativeArguments(args, folders))),
  }
}

function commandRow(args: string[]) {
  const text = JSON.stringify(args)
  return { arguments: text, sha256: createHash('sha256').update(text).digest('hex') }
}

function probeColumns(probe: NonNullable<(Emission & { kind: 'source' })['probe']>) {
  const { video } = probe
  return {
    probe: JSON.stringify(probe),
    bytes: probe.bytes,
    format: probe.container,
    width: video.width,
    height: video.height,
    frame_rate: fractionText(video.frameRate),
    time_base: fractionText(video.timeBase),
    codec: video.codec,
    duration: probe.duration,
  }
}
