/**
 * Proves outputs: what is whole counts as done; what is gone or torn is marked, and what made it starts again.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { filesOf, type Found, type LocatedFile, markFiles } from '../../db/files.ts'
import { operationsOf, resetOperations } from '../../db/operations.ts'
import type { Db, Operation, Session } from '../../db/schema.ts'
import { asOwner, type Claim } from '../../db/sessions.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { absolutePath } from './job.ts'
import { withDependants } from './plan.ts'

/** `size`: a look at each, which tells what is gone or cut short. `bytes`: reads what may have changed. */
export type Depth = 'size' | 'bytes'

/**
 * Holds every output of a session against its row.
 * @param signal ends it early: what was not looked at counts as before.
 */
export async function proveOutputs(
  db: Db,
  sessionId: number,
  depth: Depth,
  signal: AbortSignal,
): Promise<Found> {
  const found: Found = { whole: [], missing: [], torn: [] }
  for (const file of (await filesOf(db, sessionId)).filter(isOutput)) {
    const state = await prove(file, depth, signal)
    if (signal.aborted) break
    if (state !== 'as before') found[state].push(file.id)
  }
  return found
}

/** What is outdated does not count as made, whatever has become of it. */
const isOutput = ({ operation_id, bytes, outdated_at }: LocatedFile) =>
  operation_id !== null && bytes !== null && outdated_at === null

/**
 * Nothing has touched a file whose size is as recorded and whose inode did not change after its checksum was last
 * verified: it need not be read again. A clock that differs on another machine's disk makes it be read.
 */
async function prove(
  file: LocatedFile,
  depth: Depth,
  signal: AbortSignal,
): Promise<keyof Found | 'as before'> {
  try {
    const { size, ctimeMs } = await stat(absolutePath(file))
    if (size !== file.bytes) return 'torn'
    if (depth === 'size' || (!isMarked(file) && Math.floor(ctimeMs) <= verifiedMs(file))) return 'as before'
    return (await checksum(absolutePath(file), signal)) === file.sha256 ? 'whole' : 'torn'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'torn'
  }
}

const isMarked = ({ missing_at, torn_at }: LocatedFile) => missing_at !== null || torn_at !== null

const verifiedMs = ({ verified_at }: LocatedFile) =>
  verified_at === null ? -Infinity : Date.parse(`${verified_at.replace(' ', 'T')}Z`)

async function checksum(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal })
  return hash.digest('hex')
}

/**
 * Marks what was found, and puts back the operations that made what is not whole, with those that tell of them.
 * @param isOpen an operation that starts again whatever was found.
 * @returns whether anything starts again.
 * @throws Fenced once somebody else has claimed the session.
 */
export async function putRight(
  db: Db,
  claim: Claim,
  session: Session,
  found: Found,
  isOpen: (operation: Operation) => boolean = () => false,
): Promise<boolean> {
  const [operations, files] = [await operationsOf(db, session.id), await filesOf(db, session.id)]
  const bad = new Set([...found.missing, ...found.torn])
  const makers = new Set(files.filter(({ id }) => bad.has(id)).map((file) => file.operation_id))
  const again = operations.filter(
    (operation) => isOpen(operation) || (operation.status === 'completed' && makers.has(operation.id)),
  )
  const names = again.map(({ name }) => name)
  const redo = names.length > 0 ? withDependants(pipelineNamed(session.pipeline), operations, names) : []
  await asOwner(db, claim, async (tx) => {
    await markFiles(tx, found)
    await resetOperations(
      tx,
      redo.map((operation) => operation.id),
    )
  })
  return redo.length > 0
}

/** A file that goes again and again is not made for ever: it is told of as missing. */
const mostAttempts = 5

/**
 * Before a session counts as completed: what was made is still there. Sizes alone are looked at, so that thousands of
 * outputs take a moment.
 * @returns whether something has to be made again.
 */
export async function isShort(db: Db, claim: Claim, session: Session): Promise<boolean> {
  const marked = (await filesOf(db, session.id)).filter(isMarked).map(({ id }) => id)
  const isNews = (id: number) => !marked.includes(id)
  const all = await proveOutputs(db, session.id, 'size', new AbortController().signal)
  // What was not made anew when its operation ran again is not wanted any more.
  const found = { whole: [], missing: all.missing.filter(isNews), torn: all.torn.filter(isNews) }
  if (found.missing.length + found.torn.length === 0) return false
  const tries = Math.max(...(await operationsOf(db, session.id)).map(({ attempt }) => attempt))
  if (tries < mostAttempts) return putRight(db, claim, session, found)
  await asOwner(db, claim, (tx) => markFiles(tx, found))
  return false
}
