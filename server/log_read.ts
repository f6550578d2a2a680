/**
 * Reads the log from its end, so that a page costs what it shows and not what was ever written.
 */

import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { logFileName } from './log_file.ts'
import { type LogEntry, logLevels } from '../templates/data.ts'
import type { LogPage, LogSearch } from './services.ts'

const chunkBytes = 64 * 1024
/** More than this is not read for one answer; the next page goes on from there. */
const mostBytes = 32 * 1024 * 1024
/** As many as are kept, and one that is being set aside. */
const mostFiles = 6

/** Newest first. `before` is what the last page ended with; one that is not known any more begins at the end. */
export async function readLog(folder: string, search: LogSearch): Promise<LogPage> {
  const matches = matcher(search)
  const from = placeOf(search.before)
  const entries: LogEntry[] = []
  let read = 0
  let begun = from === null || !(await isThere(folder, from.file))
  for (let n = 0; n < mostFiles; n++) {
    const file = await openFile(path.join(folder, logFileName(n)))
    if (!file) continue
    try {
      const { ino, size } = await file.stat()
      if (!begun && ino !== from?.file) continue
      const end = !begun && from ? from.offset : size
      begun = true
      for await (const { line, offset, bytes } of linesBackwards(file, end)) {
        read += bytes
        const entry = matches(line) ? parse(line) : undefined
        if (entry) entries.push(entry)
        if (entries.length === search.limit || read > mostBytes)
          return { entries, before: `${ino}-${offset}` }
      }
    } finally {
      await file.close()
    }
  }
  return { entries, before: null }
}

/** The lines before `end`, the last one first, each with where it begins. */
async function* linesBackwards(file: FileHandle, end: number) {
  let held: Buffer = Buffer.alloc(0)
  for (let start = end; start > 0;) {
    const size = Math.min(chunkBytes, start)
    start -= size
    const { buffer } = await file.read(Buffer.alloc(size), 0, size, start)
    let rest = held.length === 0 ? buffer : Buffer.concat([buffer, held])
    for (let feed = lastFeed(rest); feed >= 0; feed = lastFeed(rest)) {
      const line = rest.subarray(feed + 1)
      yield { line: line.toString('utf8').trimEnd(), offset: start + feed + 1, bytes: line.length }
      rest = rest.subarray(0, feed + 1)
    }
    held = rest
  }
  if (held.length > 0) yield { line: held.toString('utf8').trimEnd(), offset: 0, bytes: held.length }
}

/** Of the feed that ends the line before; the one at the very end belongs to the last line. */
const lastFeed = (text: Buffer) => text.subarray(0, Math.max(0, text.length - 1)).lastIndexOf(10)

/** Tells by a line's text, so that few are parsed. */
export function matcher({ session, level }: Pick<LogSearch, 'session' | 'level'>): (line: string) => boolean {
  const shown = level === undefined ? logLevels : logLevels.slice(logLevels.indexOf(level))
  const named = session === undefined ? '' : `"session":${JSON.stringify(session)}`
  return (line) => line.includes(named) && shown.some((name) => line.startsWith(`{"level":"${name}"`))
}

/** A line that was cut short by a crash is none. */
export function parse(line: string): LogEntry | undefined {
  try {
    const { level, time, message, session, operation, ...facts } = JSON.parse(line) as Line
    return { at: time, level, message, session: session ?? null, operation: operation ?? null, facts }
  } catch {
    return undefined
  }
}

interface Line extends Record<string, unknown> {
  level: LogEntry['level']
  time: string
  message: string
  session?: string
  operation?: string
}

/** The file by its inode, which it keeps when it is set aside. */
function placeOf(before: string | undefined): { file: number; offset: number } | null {
  const [, file = '', offset = ''] = /^(\d+)-(\d+)$/.exec(before ?? '') ?? []
  return file === '' ? null : { file: Number(file), offset: Number(offset) }
}

async function isThere(folder: string, inode: number): Promise<boolean> {
  for (let n = 0; n < mostFiles; n++) {
    const file = await openFile(path.join(folder, logFileName(n)))
    const found = (await file?.stat())?.ino
    await file?.close()
    if (found === inode) return true
  }
  return false
}

const openFile = (file: string): Promise<FileHandle | undefined> =>
  open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
