/**
 * How an output comes to be there whole or not at all: made in the work folder, flushed, checked, renamed.
 */

import { createHash } from 'node:crypto'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { findGap } from './media/mp4.ts'
import { readBytes } from './read_bytes.ts'
import { type EmittedFile, type Job, OperationError } from './operation.ts'

/** What the maker of a file knows of it; the rest is read from the file itself. */
export type FileFacts = Omit<EmittedFile, 'path' | 'bytes' | 'sha256' | 'format' | 'seconds'>

export const readChunk = 1 << 22

/** A path in the operation's own work folder, for a file that will be called `name` in the end. */
export const workPath = ({ folders }: Pick<Job, 'folders'>, name: string) =>
  path.join(folders.work, path.basename(name))

/** What a file holds, in bytes, and their SHA-256 in hex. */
export interface Content {
  bytes: number
  sha256: string
}

/**
 * Moves a file that is complete under `made` to its final name, and says what a row needs to know of it.
 * @param made a path in the work folder, on the file system of `target`.
 * @param target absolute; its folder is made where it is missing, and what has the name already is replaced.
 * @param how `startedAt`: `performance.now()` when its making began; `content` where it is known already.
 * @throws the signal's reason, or OperationError `not_whole`, with nothing moved.
 */
export async function place(
  made: string,
  target: string,
  facts: FileFacts,
  how: { startedAt: number; signal: AbortSignal; content?: Content },
): Promise<EmittedFile> {
  const { signal, startedAt } = how
  // What is copied was compared with its original, whatever that is.
  const content = how.content ?? (await contentOfWhole(made, target, facts, signal))
  await flush(made)
  await mkdir(path.dirname(target), { recursive: true })
  signal.throwIfAborted()
  // Whatever was cut short meanwhile, the row would tell of bytes that are not there.
  if ((await stat(made)).size !== content.bytes) throw notWhole(made, 'its end is missing')
  await rename(made, target)
  await flush(path.dirname(target))
  const format = path.extname(target).slice(1).toLowerCase()
  return { ...facts, ...content, path: target, format, seconds: (performance.now() - startedAt) / 1000 }
}

/** Reads what was made here, and only then looks whether it is whole. @throws OperationError `not_whole` where some of it is not there. */
async function contentOfWhole(
  made: string,
  target: string,
  { frames, settings }: FileFacts,
  signal: AbortSignal,
): Promise<Content> {
  const isVideo = target.endsWith('.mp4')
  // Others may fill up their streams with zeros; x264 and AAC as it is encoded here never do.
  const mayHoldZeros = !isVideo || settings?.copied !== undefined
  let bytes = 0
  const digest = await sha256(made, signal, (chunk) => {
    bytes += chunk.length
    if (!mayHoldZeros && chunk.includes(hole)) throw notWhole(made, 'a part of it was never written')
  })
  await (isVideo ? refuseGaps(made, frames ?? null) : refuseShort(made))
  return { bytes, sha256: digest }
}

/** As many bytes of 0 as no H.264 may hold, and no table of ours does. */
const hole = Buffer.alloc(512)

/** How images end. */
const ends: Record<string, Buffer> = {
  '.jpg': Buffer.from([0xff, 0xd9]),
  '.png': Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]),
}

/** @throws OperationError `not_whole` where an image does not end as its kind does. */
async function refuseShort(file: string): Promise<void> {
  const end = ends[path.extname(file)]
  if (!end) return
  const { size } = await stat(file)
  const last = await readBytes(file, Math.max(0, size - end.length), end.length)
  if (!end.equals(last)) throw notWhole(file, 'its end is missing')
}

/** Of what whoever made it thinks to be all there. */
export const notWhole = (file: string, gap: string) =>
  new OperationError(
    'not_whole',
    `${path.basename(file)} is not whole: ${gap}. The disk may be full or failing: check it, then retry.`,
  )

/** @throws OperationError `not_whole` where an MP4 is not all there, though whoever made it ended well. */
async function refuseGaps(file: string, frames: number | null): Promise<void> {
  const gap = await gapIn(file, frames)
  if (gap !== null) throw notWhole(file, gap)
}

/** What is missing in an MP4, as `findGap` tells it; null where all is there. */
export async function gapIn(file: string, frames: number | null = null): Promise<string | null> {
  const handle = await open(file, 'r')
  try {
    const read = async (offset: number, length: number) => {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    }
    return await findGap(read, (await handle.stat()).size, frames)
  } finally {
    await handle.close()
  }
}

/**
 * SHA-256 in hex. All is read into the same few megabytes: a film of gigabytes would else leave as much to be cleared
 * away. `onChunk` is told each piece, which is gone when it returns.
 */
export async function sha256(
  file: string,
  signal: AbortSignal,
  onChunk: (chunk: Buffer) => void = () => undefined,
): Promise<string> {
  signal.throwIfAborted()
  const hash = createHash('sha256')
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(readChunk, size)))
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
      signal.throwIfAborted()
      if (bytesRead === 0) return hash.digest('hex')
      const chunk = buffer.subarray(0, bytesRead)
      hash.update(chunk)
      onChunk(chunk)
    }
  } finally {
    await handle.close()
  }
}

/** Makes sure that what was written to a file, or the names in a folder, will survive a power cut. */
export async function flush(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
