/**
 * Reads a few bytes out of a file.
 */

import { open } from 'node:fs/promises'

/** Up to `length` bytes at `offset`: fewer where the file ends before. */
export async function readBytes(file: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
