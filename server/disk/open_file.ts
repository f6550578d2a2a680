/**
 * Opens a file under a root and gives stretches of it as streams.
 */

import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors.ts'
import type { OpenFile, StoredFile } from '../services.ts'
import { isAbsence, placeUnder } from './paths.ts'

/** Larger saves little, and every reader holds two. */
const chunkBytes = 1 << 18

/**
 * Opens the file once; everything told and streamed is of what was opened, whatever happens to the name.
 * @throws AppError `file_not_found` where it is gone, is no ordinary file, or does not lie under its root.
 */
export async function openFile(file: Pick<StoredFile, 'root_path' | 'path'>): Promise<OpenFile> {
  const gone = () => new AppError('file_not_found', { detail: path.posix.basename(file.path) })
  const real = await placeUnder(file.root_path, file.path)
  const handle = real && (await openPlainly(real))
  if (!handle) throw gone()
  try {
    const facts = await handle.stat()
    if (!facts.isFile() || !(await isTheOne(handle, real))) throw gone()
    return opened(handle, facts)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** O_NOFOLLOW_ANY of macOS: no link anywhere on the way is followed. */
const noLinks = process.platform === 'darwin' ? 0x20000000 : constants.O_NOFOLLOW

/** No link is followed, and no pipe is waited for. */
async function openPlainly(real: string): Promise<FileHandle | null> {
  try {
    return await open(real, constants.O_RDONLY | constants.O_NONBLOCK | noLinks)
  } catch (error) {
    if (isAbsence(error)) return null
    throw error
  }
}

/** A folder on the way may have become a link between looking and opening: Linux tells what was opened. */
const isTheOne = async ({ fd }: FileHandle, real: string): Promise<boolean> =>
  process.platform !== 'linux' || (await readlink(`/proc/self/fd/${fd}`)) === real

function opened(handle: FileHandle, { size, mtimeMs }: Stats): OpenFile {
  let closing: Promise<void> | undefined
  const close = () => (closing ??= handle.close())
  return {
    bytes: size,
    modified: mtimeMs,
    close,
    stream(start, end) {
      let at = start
      const next = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        const chunk = await read(handle, at, end)
        if (closing) return // cancelled meanwhile
        at += chunk.length
        controller.enqueue(chunk)
        if (at <= end) return
        await close()
        controller.close()
      }
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
        next(controller).catch(async (error: unknown) => {
          await close()
          throw error
        })
      return new ReadableStream({ pull, cancel: close }, { highWaterMark: 1 })
    },
  }
}

async function read(handle: FileHandle, at: number, end: number): Promise<Uint8Array> {
  const length = Math.min(chunkBytes, end + 1 - at)
  // A buffer of its own each time: the network may hold the last one for long.
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, at)
  if (bytesRead === 0) throw new Error('The file became shorter while it was read.')
  return buffer.subarray(0, bytesRead)
}
