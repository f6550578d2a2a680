/**
 * Copies the original into the project, and proves that the copy is the original.
 */

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, realpath, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { foldersOf } from '../media/file_names.ts'
import { originalName } from '../media/naming.ts'
import { type Context, type Job, type Operation, OperationError } from '../operation.ts'
import { place, readChunk, sha256, workPath } from '../outputs.ts'
import { originalOf } from '../source.ts'

export default {
  name: 'copy_master',
  title: 'Copy the master',
  async run(job: Job, context: Context) {
    if (job.done.some((file) => file.role === 'master')) return { bytesIn: 0 }
    const startedAt = performance.now()
    const original = originalOf(job)
    const name = originalName(path.basename(original.path))
    const target = path.join(job.folders.project, foldersOf(job.session.naming).masters, name)
    await refuseItself(original.path, target)
    const made = workPath(job, name)
    const before = await stampOf(original.path)
    refuseOther(original, before)
    await refuseFullDisk(before.size, path.dirname(made))
    const report = progress(before.size, context)
    const digest = await copy(original.path, made, report, context.signal)
    await refuseChange(original.path, before)
    await verify(made, digest, report, context.signal)
    const file = await place(made, target, factsOf(original), {
      startedAt,
      signal: context.signal,
      content: { bytes: before.size, sha256: digest },
    })
    await context.emit({ kind: 'source', sha256: digest, bytes: before.size })
    await context.emit({ kind: 'file', file })
    return { settings: { sha256: digest, verified: true }, bytesIn: before.size }
  },
} satisfies Operation

const factsOf = ({ id, probe }: Job['files'][number]) => ({
  role: 'master' as const,
  sourceFileId: id,
  width: probe?.video.width ?? null,
  height: probe?.video.height ?? null,
  codec: probe?.video.codec ?? null,
  duration: probe?.duration ?? null,
})

/** The bytes are gone through twice: once to copy, once to verify. */
function progress(bytes: number, context: Context) {
  let done = 0
  return (chunk: number) => context.report((done += chunk), bytes * 2, 'bytes')
}

async function refuseItself(source: string, target: string): Promise<void> {
  const [from, to] = await Promise.all([source, target].map((file) => realpath(file).catch(() => null)))
  if (!from || from !== to) return
  throw new OperationError(
    'same_file',
    `The master already lies at ${target}, where its copy would go: choose another output folder.`,
  )
}

interface Stamp {
  size: number
  mtimeMs: number
}

async function stampOf(file: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  return { size, mtimeMs }
}

async function refuseFullDisk(needed: number, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < needed) throw diskFull(needed, free)
}

const diskFull = (needed: number, free: number, cause?: unknown) =>
  new OperationError(
    'disk_full',
    `The copy of the master needs ${size(needed)}, and the output disk has ${size(free)} free: make room, then retry.`,
    { cause },
  )

/** "1.5 GB", and "813 bytes" where that says more. */
function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** Copies through one buffer, so memory does not grow with the file. @returns the SHA-256 of what was read, in hex. */
async function copy(
  source: string,
  target: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(path.dirname(target), { recursive: true })
  const from = await open(source, constants.O_RDONLY).catch((error: unknown) => {
    throw unreadable(source, error)
  })
  try {
    const to = await open(target, 'w')
    try {
      return await pump(from, to, onBytes, signal)
    } catch (error) {
      throw await explained(error, source, target)
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

type Handle = Awaited<ReturnType<typeof open>>

async function pump(from: Handle, to: Handle, onBytes: (bytes: number) => void, signal: AbortSignal) {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(readChunk)
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await from.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    for (let written = 0; written < bytesRead;) {
      written += (await to.write(chunk, written, bytesRead - written, null)).bytesWritten
    }
    onBytes(bytesRead)
  }
  await to.sync()
  return hash.digest('hex')
}

/** The disk may fill while the copy runs. */
async function explained(error: unknown, source: string, target: string): Promise<unknown> {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') return error
  const { bavail, bsize } = await statfs(path.dirname(target))
  const { size: needed } = await stat(source)
  return diskFull(needed, bavail * bsize, error)
}

/** What was found out about one file is not held against another. */
function refuseOther({ path: file, probe }: Job['files'][number], { size: bytes }: Stamp): void {
  if (!probe || probe.bytes === bytes) return
  throw new OperationError(
    'source_changed',
    `${path.basename(file)} has ${bytes} bytes, and had ${probe.bytes} when it was looked at: somebody changed it. Wait until it is as it should be, then resume, and it is looked at anew.`,
  )
}

async function refuseChange(file: string, before: Stamp): Promise<void> {
  const now = await stampOf(file)
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return
  throw new OperationError(
    'source_changed',
    `${path.basename(file)} changed while it was being copied; wait until it is finished, then resume.`,
  )
}

async function verify(made: string, digest: string, onBytes: (bytes: number) => void, signal: AbortSignal) {
  if ((await sha256(made, signal, ({ length }) => onBytes(length))) === digest) return
  throw new OperationError(
    'copy_differs',
    'The copy of the master, read back, is not what was written: the output disk may be failing. Check it, then retry.',
  )
}

const unreadable = (file: string, error: unknown) =>
  new OperationError(
    'unreadable',
    `${path.basename(file)} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    { cause: error },
  )
