/**
 * What a dead owner left behind is put in order before a session goes on: its children are ended, its
 * half-written files swept, and every output proven before it counts.
 */

import { forgetProcess, processesOf } from '../../db/operations.ts'
import type { Db, Session } from '../../db/schema.ts'
import type { Claim } from '../../db/sessions.ts'
import { endProcess } from '../../workers/processes.ts'
import { sweepUnclaimed, sweepWork } from './folders.ts'
import { projectFolder } from './job.ts'
import { host } from './owner.ts'
import { proveOutputs, putRight } from './proof.ts'

/**
 * @param proving ends the proof early; outputs that were not looked at count as whole until the next claim.
 * @throws Fenced once somebody else has claimed the session.
 */
export async function recover(db: Db, claim: Claim, session: Session, proving: AbortSignal): Promise<void> {
  await endOrphans(db, session.id)
  await sweep(db, session)
  const found = await proveOutputs(db, session.id, 'bytes', proving)
  await putRight(db, claim, session, found, ({ status }) => status === 'processing')
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
