/**
 * What a person may do with a session that exists: look, resume, retry, pause, cancel, delete.
 */

import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { isReopened, leaveChoice } from '../../db/choice_again.ts'
import { estimatesOf, type Said } from '../../db/estimates.ts'
import { damageOf, filesOf, filesOfOthers, type ProofCounts, proofOf } from '../../db/files.ts'
import { operationsOf, resetOperations } from '../../db/operations.ts'
import type { Db, Operation, OperationStatus, Session } from '../../db/schema.ts'
import { scenesOf } from '../../db/scenes.ts'
import { deleteSession, findSession, hasEnded, listSessions, updateSession, wish } from '../../db/sessions.ts'
import { rootById } from '../../db/roots.ts'
import { settings } from '../../db/settings.ts'
import type { LineageReport } from '../../workers/media/lineage.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { absolutePath, projectFolder } from '../engine/job.ts'
import { isOwned } from '../engine/owner.ts'
import { withDependants } from '../engine/plan.ts'
import { endOrphans, sweep } from '../engine/recover.ts'
import { AppError, found } from '../errors.ts'
import { whileClaimed } from './claimed.ts'
import { reportLineage } from './lineage.ts'

export interface SessionReport {
  session: string
  status: string
  /** Absolute; null before a folder was claimed. */
  output: string | null
  error?: string | null
  scenes: {
    number: number
    startFrame: number
    endFrame: number
    start: number
    end: number
    ticked: boolean
  }[]
  files: {
    role: string
    path: string
    bytes: number | null
    sha256: string | null
    scene: number | null
    frame: number | null
    /** How it was made, where that is asked for; null where nothing is known of it. */
    lineage?: LineageReport | null
  }[]
  /** What was expected of it, and what came of that so far. Seconds and bytes. */
  estimates: Said[]
  /** How many outputs are known to be whole, and how many not. */
  proof: ProofCounts
  operations: {
    name: string
    status: string
    seconds: number | null
    error: string | null
    warnings: string[]
  }[]
}

/** The one shape in which the shell shows a session as JSON. `lineage`: with how each file was made. */
export async function reportSession(db: Db, key: string, { lineage = false } = {}): Promise<SessionReport> {
  const session = found(await findSession(db, key), 'session_not_found')
  const all = await filesOf(db, session.id)
  const files = all.filter(({ role }) => role !== 'source')
  const lineages = new Map<number, LineageReport | null>()
  if (lineage) for (const file of files) lineages.set(file.id, await reportLineage(db, file, all))
  return {
    session: session.key,
    status: session.status,
    output: session.output_path === null ? null : await projectFolder(db, session),
    error: session.error_message,
    scenes: (await scenesOf(db, session.id)).map((scene) => ({
      number: scene.number,
      startFrame: scene.start_frame,
      endFrame: scene.end_frame,
      start: scene.start_time,
      end: scene.end_time,
      ticked: scene.ticked === 1,
    })),
    files: files.map((file) => ({
      role: file.role,
      path: absolutePath(file),
      bytes: file.bytes,
      sha256: file.sha256,
      scene: file.scene,
      frame: file.frame,
      ...(lineage && { lineage: lineages.get(file.id) ?? null }),
    })),
    estimates: await estimatesOf(db, session.key),
    proof: await proofOf(db, session.id),
    operations: (await operationsOf(db, session.id)).map((operation) => ({
      name: operation.name,
      status: operation.status,
      seconds: operation.seconds,
      error: operation.error_message,
      warnings: JSON.parse(operation.warnings) as string[],
    })),
  }
}

export const listForShell = async (db: Db) =>
  (await listSessions(db)).map(({ key, pipeline, artwork, status, created_at }) => ({
    session: key,
    pipeline,
    artwork,
    status,
    created: created_at,
  }))

/**
 * Lets a session go on from its proven outputs: what failed, was skipped for it or was cancelled starts again, and so does
 * what made outputs that are torn or missing now.
 * @throws AppError `session_not_found`, `too_old_to_resume`.
 */
export async function resumeSession(db: Db, key: string): Promise<Session> {
  const session = found(await findSession(db, key), 'session_not_found')
  if (!(await isRepair(db, session))) await refuseTooOld(db, session)
  const operations = await operationsOf(db, session.id)
  const open = operations.filter(({ status }) => openStatuses.includes(status))
  await startAgain(
    db,
    session,
    open.map(({ name }) => name),
  )
  return found(await findSession(db, key), 'session_not_found')
}

const openStatuses: OperationStatus[] = ['failed', 'cancelled', 'skipped']

/** An archive is verified for years: what is found not to be whole is made again at any age. */
async function isRepair(db: Db, { id, status }: Session): Promise<boolean> {
  const { torn, missing } = await damageOf(db, id)
  return status === 'completed' && torn + missing > 0
}

/** What has ended or is paused can be taken up for a while; what crashed goes on whenever Cutroom starts. 0 days: always. */
async function refuseTooOld(db: Db, { status, updated_at }: Session): Promise<void> {
  const { max_resume_age_days: days } = await settings(db)
  const rested = Date.now() - Date.parse(`${updated_at.replace(' ', 'T')}Z`)
  if (days > 0 && (hasEnded(status) || status === 'paused') && rested > days * 86_400_000)
    throw new AppError('too_old_to_resume', { detail: `it has rested since ${updated_at.slice(0, 10)}` })
}

/**
 * Performs one operation of a session anew, and what was skipped because of it.
 * @throws AppError `session_not_found`, `bad_input`, `too_old_to_resume`.
 */
export async function retryOperation(db: Db, key: string, name: string): Promise<void> {
  const session = found(await findSession(db, key), 'session_not_found')
  await refuseTooOld(db, session)
  const operation = (await operationsOf(db, session.id)).find((candidate) => candidate.name === name)
  if (operation?.status !== 'failed' && operation?.status !== 'cancelled') {
    throw new AppError('bad_input', { detail: `“${name}” has not failed in this session` })
  }
  await startAgain(db, session, [name])
}

async function startAgain(db: Db, session: Session, names: string[]): Promise<void> {
  const pipeline = pipelineNamed(session.pipeline)
  const operations = await operationsOf(db, session.id)
  const wanted = hasChanged(operations, names) ? ['probe', ...names] : names
  await db.transaction().execute(async (tx) => {
    const again = wanted.length > 0 ? withDependants(pipeline, operations, wanted) : []
    await resetOperations(
      tx,
      again.map(({ id }) => id),
    )
    const works = isOwned(session) && !hasEnded(session.status)
    const reopened = works ? {} : { status: 'processing' as const, error_code: null, error_message: null }
    const chosen = again.some(wasRefused) ? { choice: null } : {}
    await updateSession(tx, session.id, { wanted: 'run', ...reopened, ...chosen })
  })
}

/** A choice given beforehand that names scenes which are not there: it would be refused for ever. */
const wasRefused = ({ error_code }: Operation) => error_code === 'bad_choice'

/** A master that is not as it was is looked at anew, before it is copied. */
const hasChanged = (operations: Operation[], names: string[]) =>
  operations.some(({ name, error_code }) => names.includes(name) && error_code === 'source_changed')

/** Finishes what runs, starts nothing new. */
export async function pauseSession(db: Db, key: string): Promise<void> {
  await wish(db, (await openOne(db, key)).id, 'pause')
}

/** Ends what runs within a second. What was all made, and only opened again, is left as it was. */
export async function cancelSession(db: Db, key: string): Promise<void> {
  const { id } = await openOne(db, key)
  if (await isReopened(db, id)) await leaveChoice(db, id)
  else await wish(db, id, 'cancel')
}

async function openOne(db: Db, key: string): Promise<Session> {
  const session = found(await findSession(db, key), 'session_not_found')
  if (hasEnded(session.status)) throw new AppError('session_ended', { detail: `it is ${session.status}` })
  return session
}

/** Removes a session that does not run; its outputs only where that is asked for. Its history stays. */
export async function removeSession(
  db: Db,
  key: string,
  { withOutputs }: { withOutputs: boolean },
): Promise<void> {
  const session = found(await findSession(db, key), 'session_not_found')
  await whileClaimed(db, session, () => removeAll(db, session, withOutputs))
}

async function removeAll(db: Db, session: Session, withOutputs: boolean): Promise<void> {
  await endOrphans(db, session.id)
  await sweep(db, session)
  if (session.output_path !== null && withOutputs)
    await removeOutputs(db, session, await projectFolder(db, session))
  await deleteSession(db, session.id)
}

/** Only what this session made goes, and no other made anew; a folder goes when nothing else lies in it. */
async function removeOutputs(db: Db, session: Session, project: string): Promise<void> {
  const root = await rootById(db, session.output_root_id)
  const outputs = (await filesOf(db, session.id)).filter(
    ({ root_id, operation_id }) => root_id === root.id && operation_id !== null,
  )
  const others = await filesOfOthers(db, session.id, root.id)
  for (const file of outputs) if (!others.has(file.path)) await rm(absolutePath(file), { force: true })
  await removeEmptyFolders(project, path.resolve(root.path))
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  if (path.resolve(folder) === root) return
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeEmptyFolders(path.join(folder, entry.name), root)
  }
  await rmdir(folder).catch(() => undefined) // a person's own files keep it
}
