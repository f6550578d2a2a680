/**
 * What a dead owner left behind is put in order before a session goes on: its children are ended, its
 * half-written files swept, and every output proven before it counts.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { filesOf, forgetFiles, type LocatedFile } from '../../db/files.ts'
import { forgetProcess, operationsOf, processesOf, resetOperations } from '../../db/operations.ts'
import type { Db, Session } from '../../db/schema.ts'
import { asOwner, type Claim } from '../../db/sessions.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { endProcess } from '../../workers/processes.ts'
import { sweepUnclaimed, sweepWork } from './folders.ts'
import { absolutePath, projectFolder } from './job.ts'
import { host } from './owner.ts'
import { withDependants } from './plan.ts'

/**
 * @param proving ends the proof early; outputs that were not looked at count as whole until the next claim.
 * @throws Fenced once somebody else has claimed the session.
 */
export async function recover(db: Db, claim: Claim, session: Session, proving: AbortSignal): Promise<void> {
  await endOrphans(db, session.id)
  await sweep(db, session)
  const torn = await tornFiles(db, session.id, proving)
  const operations = await operationsOf(db, session.id)
  const again = operations.filter(
    ({ id, status }) =>
      status === 'processing' || (status === 'completed' && torn.some((file) => file.operation_id === id)),
  )
  const names = again.map(({ name }) => name)
  const redo = names.length > 0 ? withDependants(pipelineNamed(session.pipeline), operations, names) : []
  await asOwner(db, claim, async (tx) => {
    await forgetFiles(
      tx,
      torn.map((file) => file.id),
    )
    await resetOperations(
      tx,
      redo.map((operation) => operation.id),
    )
  })
}

/** Removes what a session left half-made. */
export async function sweep(db: Db, session: Session): Promise<void> {
  const folder = await projectFolder(db, session)
  await (session.output_path === null ? sweepUnclaimed(folder, session.key) : sweepWork(folder))
}

/** Ends the recorded children of a session on this machine, and forgets them. */
export async function endOrphans(db: Db, sessionId: number): Promise<void> {
  for (const child of await processesOf(db, sessionId)) {
    if (child.host === host) endProcess(child.pid, child.started)
    await forgetProcess(db, child.operation_id, child.pid)
  }
}

/** Outputs that are gone, or are not what was recorded. */
async function tornFiles(db: Db, sessionId: number, proving: AbortSignal): Promise<LocatedFile[]> {
  const outputs = (await filesOf(db, sessionId)).filter(
    ({ operation_id, bytes }) => operation_id !== null && bytes !== null,
  )
  const torn: LocatedFile[] = []
  for (const file of outputs) {
    const proven = await isProven(file, proving)
    if (proving.aborted) break
    if (!proven) torn.push(file)
  }
  return torn
}

async function isProven(file: LocatedFile, signal: AbortSignal): Promise<boolean> {
  try {
    if ((await stat(absolutePath(file))).size !== file.bytes) return false
    const hash = createHash('sha256')
    await pipeline(createReadStream(absolutePath(file), { highWaterMark: 1 << 20 }), hash, { signal })
    return hash.digest('hex') === file.sha256
  } catch {
    return false // gone, or not readable: either way it proves nothing
  }
}
