/**
 * Files as one ZIP, made while it is sent: memory does not grow with it, and its size is known before.
 */

import { stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { StoredFile, ZipStream } from '../services.ts'
import { openFile } from './open_file.ts'
import { placeUnder } from './paths.ts'
import {
  centralHeader,
  descriptor,
  ending,
  localHeader,
  type Placed,
  zipBytes,
  type ZipEntry,
} from './zip_format.ts'

export type NamedFile = StoredFile & { name: string }

interface Part extends ZipEntry {
  body: () => AsyncIterable<Uint8Array>
}

/**
 * Of two files with one name the first is taken. Those that are gone are named in a note inside the archive;
 * one that goes or changes while it is sent breaks the stream, so that nobody takes a torn archive for a whole one.
 */
export async function zipFiles(files: NamedFile[]): Promise<ZipStream> {
  const unique = [...new Map(files.toReversed().map((file) => [file.name, file])).values()].toReversed()
  const found = await Promise.all(unique.map(partOf))
  const gone = unique.filter((_, index) => found[index] === null)
  const parts = [...found.filter((part) => part !== null), ...(gone.length > 0 ? [noteOf(gone)] : [])]
  return { bytes: zipBytes(parts), stream: () => ReadableStream.from(archive(parts)) }
}

async function partOf(file: NamedFile): Promise<Part | null> {
  const real = await placeUnder(file.root_path, file.path)
  const facts = real === null ? null : await stat(real)
  if (!facts?.isFile()) return null
  const { name } = file
  return { name, bytes: facts.size, modified: facts.mtimeMs, body: () => bytesOf(file, facts.size) }
}

async function* bytesOf(file: NamedFile, expected: number): AsyncGenerator<Uint8Array> {
  const opened = await openFile(file)
  try {
    if (opened.bytes !== expected) throw new Error(`${file.name} changed while the ZIP was made.`)
    if (expected > 0) yield* opened.stream(0, expected - 1)
  } finally {
    await opened.close()
  }
}

function noteOf(gone: NamedFile[]): Part {
  const lines = [
    'These files were not there any more when this ZIP was made:',
    '',
    ...gone.map(({ name }) => name),
  ]
  const text = new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
  const body = async function* () {
    yield text
  }
  return { name: 'MISSING FILES.txt', bytes: text.length, modified: Date.now(), body }
}

async function* archive(parts: Part[]): AsyncGenerator<Uint8Array> {
  const placed: Placed[] = []
  let offset = 0
  for (const { body, ...entry } of parts) {
    const header = localHeader(entry)
    yield header
    let crc = 0
    for await (const chunk of body()) {
      crc = crc32(chunk, crc)
      yield chunk
    }
    const tail = descriptor({ ...entry, crc })
    yield tail
    placed.push({ ...entry, offset, crc })
    offset += header.length + entry.bytes + tail.length
  }
  let size = 0
  for (const entry of placed) {
    const line = centralHeader(entry)
    size += line.length
    yield line
  }
  yield ending({ count: placed.length, size, offset })
}
