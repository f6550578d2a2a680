/**
 * Remakes what cuts, stills or a preset have made stale, and nothing else.
 */

import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { type Damage, damageOf, filesOf, forgetFiles, type LocatedFile } from '../../db/files.ts'
import { wantedOf } from '../../db/lineage.ts'
import { operationsOf, resetOperations } from '../../db/operations.ts'
import { moveFiles, outdate } from '../../db/outdated.ts'
import { findPreset } from '../../db/presets.ts'
import { groupsOf, scenesOf } from '../../db/scenes.ts'
import type { Db, FileRole, Operation, Session } from '../../db/schema.ts'
import { asOwner, type Claim, findSession, hasEnded, updateSession } from '../../db/sessions.ts'
import { damageText } from '../../templates/words.ts'
import { mergeAdjacent } from '../../workers/media/clip_graph.ts'
import { type Ranges, settingsFor } from '../../workers/media/lineage.ts'
import { unclashed } from '../../workers/media/naming.ts'
import { withOverrides } from '../../workers/media/preset_text.ts'
import { type PresetSettings, presetSettings } from '../../workers/media/presets.ts'
import {
  compareOutputs,
  type Output,
  type Plan,
  type Rename,
  type Staleness,
} from '../../workers/media/staleness.ts'
import { chooseFrame } from '../../workers/media/stills.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { workFolderName } from '../engine/folders.ts'
import { absolutePath, framesOf, projectFolder } from '../engine/job.ts'
import { namedOf } from '../engine/naming.ts'
import { withDependants } from '../engine/plan.ts'
import { AppError, found } from '../errors.ts'
import { whileClaimed } from './claimed.ts'

export interface StaleOutputs extends Staleness {
  /** The preset's version now, where it is another than the session's outputs were made with. */
  presetVersion: number | null
  /** What is torn or missing: resuming the session makes it again. */
  damage: Damage
}

/** What is out of date in a session. @throws AppError `session_not_found`. */
export async function staleOutputs(db: Db, key: string): Promise<StaleOutputs> {
  const session = found(await findSession(db, key), 'session_not_found')
  return compare(db, session, await filesOf(db, session.id))
}

async function compare(db: Db, session: Session, files: LocatedFile[]): Promise<StaleOutputs> {
  const { settings, version } = await settingsNow(db, session)
  const plan = await planOf(db, session, settings, files)
  const damage = await damageOf(db, session.id)
  if (!plan) return { remake: [], renames: [], leftovers: [], presetVersion: null, damage }
  const known = await wantedOf(db, session.id)
  const outputs = files
    .filter(({ operation_id }) => operation_id !== null)
    .map((file): Output => {
      const { id, role, format, scene, frame, aspect } = file
      const lineage = known.get(id)
      const ranges = lineage?.ranges ?? rangesTold(file)
      return {
        id,
        role,
        format,
        path: file.path,
        scene,
        frame,
        aspect,
        ranges,
        wanted: lineage?.wanted ?? null,
      }
    })
  const changed = version !== session.preset_version ? version : null
  return { ...compareOutputs(outputs, plan), presetVersion: changed, damage }
}

/** What an earlier version kept of a clip: first and last frame of each stretch, both shown. */
function rangesTold({ role, metadata }: LocatedFile): Ranges | null {
  if (role !== 'clip' && role !== 'group') return null
  const { ranges } = JSON.parse(metadata ?? '{}') as { ranges?: [number, number][] }
  return ranges?.map(([first, last]) => [first, last + 1] as const) ?? null
}

/** The preset as it is now, with the session's own changes; the session's copy where the preset has gone. */
async function settingsNow(
  db: Db,
  session: Session,
): Promise<{ settings: PresetSettings; version: number | null }> {
  const own = presetSettings.parse(JSON.parse(session.preset_settings))
  const preset = await findPreset(db, session.preset_key)
  if (!preset || session.preset_version === null || preset.version === session.preset_version)
    return { settings: own, version: session.preset_version }
  const overrides = JSON.parse(session.overrides) as Record<string, unknown>
  const settings = withOverrides(presetSettings.parse(JSON.parse(preset.settings)), overrides)
  return { settings, version: preset.version }
}

/** Undefined before the choice is made: until then nothing was made of it. */
async function planOf(
  db: Db,
  session: Session,
  settings: PresetSettings,
  files: readonly LocatedFile[],
): Promise<Plan | undefined> {
  const operations = await operationsOf(db, session.id)
  const source = files.find(({ role }) => role === 'source')
  const frames = source && (await framesOf(db, source))
  const isChosen = operations.some(({ name, status }) => name === 'choose' && status === 'completed')
  if (!frames || !isChosen) return undefined
  const rows = await scenesOf(db, session.id)
  const scenes = rows.map((row) => {
    const { number, start_frame: startFrame, end_frame: endFrame } = row
    const ticked = row.ticked === 1
    const times = { startTime: row.start_time, endTime: row.end_time }
    const scene = { number, startFrame, endFrame, ...times, ticked, pickedFrame: row.still_frame }
    return { ...scene, still: chooseFrame(scene, frames).frame }
  })
  const groups = (await groupsOf(db, session.id)).map((group, index) => {
    const members = group.scenes.flatMap((number) => scenes.filter((scene) => scene.number === number))
    const stretches = mergeAdjacent(members)
    return { number: index + 1, ranges: stretches.map((one) => [one.startFrame, one.endFrame] as const) }
  })
  return {
    named: namedOf(session),
    scenes,
    groups,
    roles: new Set(rolesOf(settings, operations)),
    wanted: (output) => settingsFor(output, settings, session.encoder),
  }
}

function rolesOf({ stills_hq, thumbnails }: PresetSettings, operations: readonly Operation[]): FileRole[] {
  const has = (name: string) => operations.some((operation) => operation.name === name)
  return [
    ...(has('clips') ? (['clip', 'group'] as const) : []),
    ...(has('stills_hq') && stills_hq.enabled ? (['still_hq'] as const) : []),
    ...(has('stills_web') ? (['still_web'] as const) : []),
    ...(has('stills_web') && thumbnails.enabled ? (['thumbnail'] as const) : []),
  ]
}

/** The operation that makes files of a role. */
const makers: Partial<Record<FileRole, string>> = {
  clip: 'clips',
  group: 'clips',
  still_hq: 'stills_hq',
  still_web: 'stills_web',
  thumbnail: 'stills_web',
  master_web: 'optimise_master',
  rd_hq: 'research',
  rd_web: 'research',
}

/**
 * Lets a session that has ended make again what is stale, and only that. What is as it should be keeps its bytes, and
 * its name unless its number changed; what is replaced stays until the new one is whole. Files of scenes that are no
 * more stay unless `leftovers` says otherwise.
 * @throws AppError `session_not_found`, `session_running`, `nothing_to_remake`.
 */
export async function remakeSession(db: Db, key: string, { leftovers = false } = {}): Promise<void> {
  const session = found(await findSession(db, key), 'session_not_found')
  if (!hasEnded(session.status)) throw new AppError('session_running', { detail: 'it has not ended yet' })
  await whileClaimed(db, session, (ours) => remake(db, ours, session, leftovers))
}

async function remake(db: Db, ours: Claim, session: Session, removesLeftovers: boolean): Promise<void> {
  const files = await filesOf(db, session.id)
  const stale = await compare(db, session, files)
  const isIdle = stale.remake.length === 0 && stale.renames.length === 0
  if (isIdle && !(removesLeftovers && stale.leftovers.length > 0))
    throw nothingToRemake(session.key, stale.damage)
  const operations = await operationsOf(db, session.id)
  const names = [...new Set(stale.remake.flatMap(({ role }) => makers[role] ?? []))]
  const again = names.length > 0 ? withDependants(pipelineNamed(session.pipeline), operations, names) : []
  const { settings, version } = await settingsNow(db, session)
  // First what is to be done, then what is moved: should this process die half-way, the next engine proves every file, and
  // makes the rest. Until this is done the claim keeps every engine away.
  await asOwner(db, ours, async (tx) => {
    const outdated = [...stale.remake, ...stale.leftovers].flatMap(({ output }) => output?.id ?? [])
    await outdate(tx, session.id, outdated)
    await resetOperations(
      tx,
      again.map(({ id }) => id),
    )
    const going = again.length > 0 ? ({ status: 'processing', wanted: 'run' } as const) : {}
    const preset = { preset_settings: JSON.stringify(settings), preset_version: version }
    await updateSession(tx, session.id, { ...preset, ...going })
  })
  if (removesLeftovers) await removeLeftovers(db, ours, files, stale)
  await moveOutputs(db, ours, session, files, stale.renames)
}

/** What is torn or missing is not out of date, but whoever asks should not think that all is well. */
function nothingToRemake(key: string, damage: Damage): AppError {
  const told = damageText(damage)
  const way = `“Repair” on its page, or cutroom resume ${key}, makes what is not whole again`
  return new AppError('nothing_to_remake', told === '' ? {} : { detail: `${told}: ${way}` })
}

async function removeLeftovers(db: Db, ours: Claim, files: LocatedFile[], { leftovers }: Staleness) {
  const gone = leftovers.map(({ output }) => output.id)
  for (const file of files) if (gone.includes(file.id)) await rm(absolutePath(file), { force: true })
  await asOwner(db, ours, (tx) => forgetFiles(tx, gone))
}

/**
 * Moves outputs to their new names, by way of the work folder, since one may want the name of another. What has such a
 * name and is of no scene any more, or not of this session's making, is set aside.
 */
async function moveOutputs(
  db: Db,
  ours: Claim,
  session: Session,
  files: readonly LocatedFile[],
  renames: readonly Rename[],
): Promise<void> {
  if (renames.length === 0) return
  const aside = path.join(await projectFolder(db, session), workFolderName, 'renaming')
  await mkdir(aside, { recursive: true })
  const moves = renames.flatMap(({ output, number, name }): Move[] => {
    const file = files.find(({ id }) => id === output.id)
    return file ? [{ file, scene: number, target: beside(file.path, name) }] : []
  })
  const stays = files.filter((file) => !moves.some((move) => move.file.id === file.id))
  for (const { file } of moves) await moved(absolutePath(file), path.join(aside, String(file.id)))
  const displaced: Move[] = []
  for (const { file, target } of moves) {
    const to = path.join(file.root_path, target)
    if (await exists(to)) displaced.push(...(await setAside(to, target, stays)))
    await moved(path.join(aside, String(file.id)), to)
  }
  await rm(aside, { recursive: true, force: true })
  await asOwner(db, ours, (tx) =>
    moveFiles(
      tx,
      [...moves, ...displaced].map(({ file, target, scene }) => ({ id: file.id, path: target, scene })),
    ),
  )
}

interface Move {
  file: LocatedFile
  /** Relative to its root. */
  target: string
  scene: number | null
}

const beside = (file: string, name: string) => path.posix.join(path.posix.dirname(file), name)

/** Gives what lies at a name another, `…_old`. @returns how its row follows, where it has one. */
async function setAside(to: string, target: string, files: readonly LocatedFile[]): Promise<Move[]> {
  const ending = path.extname(target)
  const old = `${path.basename(target, ending)}_old${ending}`
  const taken = new Set(await readdir(path.dirname(to)))
  const name = unclashed(old, (candidate) => taken.has(candidate))
  await moved(to, path.join(path.dirname(to), name))
  const file = files.find((other) => other.path === target)
  return file ? [{ file, target: beside(target, name), scene: file.scene }] : []
}

/** What is gone already is found missing when the outputs are proven. */
const moved = (from: string, to: string) =>
  rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )
