/**
 * How an output comes to be there whole or not at all: made in the work folder, flushed, checked, renamed.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import type { EmittedFile, Job } from './operation.ts'

/** What the maker of a file knows of it; the rest is read from the file itself. */
export type FileFacts = Omit<EmittedFile, 'path' | 'bytes' | 'sha256' | 'format' | 'seconds'>

export const readChunk = 1 << 22

/** A path in the operation's own work folder, for a file that will be called `name` in the end. */
export const workPath = ({ folders }: Pick<Job, 'folders'>, name: string) =>
  path.join(folders.work, path.basename(name))

/**
 * Moves a file that is complete under `made` to its final name, and says what a row needs to know of it.
 * @param made a path in the work folder, on the file system of `target`.
 * @param target absolute; its folder is made where it is missing, and what has the name already is replaced.
 * @param how `startedAt`: `performance.now()` when its making began; `sha256` where it is known already, in hex.
 * @throws the signal's reason, with nothing moved.
 */
export async function place(
  made: string,
  target: string,
  facts: FileFacts,
  how: { startedAt: number; signal: AbortSignal; sha256?: string },
): Promise<EmittedFile> {
  const { signal, startedAt } = how
  const digest = how.sha256 ?? (await sha256(made, signal))
  await flush(made)
  await mkdir(path.dirname(target), { recursive: true })
  signal.throwIfAborted()
  await rename(made, target)
  await flush(path.dirname(target))
  return finished(target, facts, { sha256: digest, startedAt })
}

/** What a row needs to know of a file that lies under its final name. `sha256` in hex. */
export async function finished(
  file: string,
  facts: FileFacts,
  { sha256, startedAt }: { sha256: string; startedAt: number },
): Promise<EmittedFile> {
  return {
    ...facts,
    path: file,
    bytes: (await stat(file)).size,
    sha256,
    format: path.extname(file).slice(1).toLowerCase(),
    seconds: (performance.now() - startedAt) / 1000,
  }
}

/** SHA-256 in hex, read as a stream: memory does not grow with the file. `onBytes` is told each chunk's size. */
export async function sha256(
  file: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  signal.throwIfAborted()
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: readChunk, signal })) {
    hash.update(chunk as Buffer)
    onBytes((chunk as Buffer).length)
  }
  return hash.digest('hex')
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
