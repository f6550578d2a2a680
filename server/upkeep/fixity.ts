/**
 * Fixity: reads outputs again and compares them with the checksums they were made with, slowly enough to disturb nobody.
 */

import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { longestUnverified, type Recorded, saveVerdicts, type Verdict } from '../../db/fixity.ts'
import { queueCounts } from '../../db/overview.ts'
import type { Db } from '../../db/schema.ts'
import { bytesText, countText } from '../../templates/words.ts'
import { OperationError } from '../../workers/operation.ts'
import { placeUnder } from '../disk/paths.ts'

export interface FixityOptions {
  /** Ends it after the slice at hand; what was found until then is kept. */
  signal?: AbortSignal
  /** Whether somebody works just now: then each slice is followed by a rest three times as long as it took. */
  isBusy?: () => boolean
}

export interface Verified {
  files: number
  bytes: number
  /** Not what was recorded, or not to be read. */
  changed: number
  missing: number
}

/** About a millisecond of hashing. */
const sliceBytes = 512 * 1024
const restFactor = 3
const filesAtOnce = 50

/** Reads the files that nobody has verified for longest, until `mostBytes` were read or all were looked at. */
export async function verifyLongest(
  db: Db,
  mostBytes: number,
  options: FixityOptions = {},
): Promise<Verified> {
  const total: Verified = { files: 0, bytes: 0, changed: 0, missing: 0 }
  const since = new Date().toISOString().replace('T', ' ').replace('Z', '')
  while (total.bytes < mostBytes && !options.signal?.aborted) {
    const batch = await longestUnverified(db, since, filesAtOnce)
    if (batch.length === 0) break
    await verifyAll(db, batch, options, total, mostBytes)
  }
  return total
}

/** Reads these files, whatever they hold. */
export async function verifyFiles(
  db: Db,
  files: readonly Recorded[],
  options: FixityOptions = {},
): Promise<Verified> {
  const total: Verified = { files: 0, bytes: 0, changed: 0, missing: 0 }
  await verifyAll(db, files, options, total, Infinity)
  return total
}

async function verifyAll(
  db: Db,
  files: readonly Recorded[],
  options: FixityOptions,
  total: Verified,
  mostBytes: number,
): Promise<void> {
  const found: Verdict[] = []
  const save = async () => saveVerdicts(db, found.splice(0))
  try {
    for (const file of files) {
      if (total.bytes >= mostBytes || options.signal?.aborted) break
      const verdict = await verify(file, options)
      if (!verdict) break
      found.push(verdict)
      total.files++
      total.bytes += verdict.bytes ?? 0
      if (verdict.state === 'missing') total.missing++
      else if (verdict.state !== 'whole') total.changed++
      if (found.length >= filesAtOnce) await save()
    }
  } finally {
    await save()
  }
}

/** Undefined where it was ended on the way. */
async function verify(file: Recorded, options: FixityOptions): Promise<Verdict | undefined> {
  const began = performance.now()
  const verdict = (facts: Partial<Verdict> & Pick<Verdict, 'state'>): Verdict => ({
    id: file.id,
    bytes: null,
    sha256: null,
    message: null,
    seconds: (performance.now() - began) / 1000,
    ...facts,
  })
  let handle: FileHandle | undefined
  try {
    const place = await placeUnder(file.root_path, file.path)
    if (place === null) return verdict({ state: 'missing', message: 'It is not there.' })
    handle = await open(place, 'r')
    const { size } = await handle.stat()
    const sha256 = await hashOf(handle, options)
    if (sha256 === undefined) return undefined
    const facts = { bytes: size, sha256 }
    if (sha256 === file.sha256) return verdict({ state: 'whole', ...facts })
    return verdict({ state: 'changed', message: changeInWords(file, size), ...facts })
  } catch (error) {
    return verdict({ state: 'unreadable', message: `It cannot be read: ${(error as Error).message}.` })
  } finally {
    await handle?.close()
  }
}

const changeInWords = (file: Recorded, size: number) =>
  size === file.bytes
    ? 'It has the size it was made with, but not the same bytes.'
    : `It has ${size} bytes; it was made with ${file.bytes}.`

async function hashOf(handle: FileHandle, { signal, isBusy }: FixityOptions): Promise<string | undefined> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(sliceBytes)
  for (let place = 0; ;) {
    if (signal?.aborted) return undefined
    const began = performance.now()
    const { bytesRead } = await handle.read(buffer, 0, sliceBytes, place)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    place += bytesRead
    if (isBusy?.()) await sleep((performance.now() - began) * restFactor)
  }
}

/** What was found, in a sentence. @throws OperationError where an output is not as it was made. */
export function judged(verified: Verified): string {
  const said = inWords(verified)
  if (verified.changed + verified.missing > 0) throw new OperationError('not_as_made', said)
  return said
}

function inWords({ files, bytes, changed, missing }: Verified): string {
  const read = `Read ${countText(files, 'output')}, ${bytesText(bytes)}`
  if (changed + missing === 0) return `${read}: all as they were made.`
  const parts = [
    ...(missing > 0 ? [`${missing} not there`] : []),
    ...(changed > 0 ? [`${changed} not as ${changed === 1 ? 'it was' : 'they were'} made`] : []),
  ]
  return `${read}: ${parts.join(', ')}.`
}

const lookMs = 1000

/** Whether any step of any session runs, looked at once a second. */
export function watchWork(db: Db) {
  let busy = false
  const look = () =>
    queueCounts(db).then(
      ({ running }) => (busy = running > 0),
      () => undefined,
    )
  void look()
  const timer = setInterval(() => void look(), lookMs).unref()
  return { isBusy: () => busy, stop: () => clearInterval(timer) }
}
