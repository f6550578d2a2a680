/**
 * A file that lines are appended to, and that is set aside when it has grown: `cutroom.log`, `cutroom.1.log`…
 */

import { appendFileSync } from 'node:fs'
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'

export interface LogFile {
  /** Takes a line with its line feed; it is on its way to the disk when this returns. */
  write(line: string): void
  /** Waits until all that was taken is written. */
  close(): Promise<void>
}

export interface LogFileOptions {
  /** A file that has reached this is set aside. */
  mostBytes?: number
  /** How many are kept beside the one that is written. */
  kept?: number
  /** Told once when lines cannot be written, and again after they could. */
  onError(error: unknown): void
}

/** Lines that wait for a disk which does not take them: the oldest of more are lost. */
const mostWaiting = 10_000

/** The nth file set aside, the youngest first; 0 is the one that is written. */
export const logFileName = (n: number) => (n === 0 ? 'cutroom.log' : `cutroom.${n}.log`)

/** Writes in the background, in order, as one of any number of processes that share the folder. */
export function createLogFile(
  folder: string,
  { mostBytes = 5_000_000, kept = 4, onError }: LogFileOptions,
): LogFile {
  const file = path.join(folder, logFileName(0))
  let waiting: string[] = []
  let writing: Promise<void> | undefined
  let failing = false

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const text = waiting.join('')
      waiting = []
      try {
        await mkdir(folder, { recursive: true })
        if ((await sizeOf(file)) >= mostBytes) await setAside(folder, kept)
        await appendFile(file, text)
        failing = false
      } catch (error) {
        if (!failing) onError(error)
        failing = true
      }
    }
    writing = undefined
  }

  /** A process that ends has no time left for anything else. */
  function writeNow(): void {
    if (waiting.length > 0 && !failing) appendFileSync(file, waiting.join(''))
    waiting = []
  }

  process.on('exit', writeNow)
  return {
    write(line) {
      waiting.push(line)
      if (waiting.length > mostWaiting) waiting.shift()
      writing ??= writeAll()
    },
    async close() {
      await writing
      process.off('exit', writeNow)
    },
  }
}

/** Each file takes the next number; the last one goes. */
async function setAside(folder: string, kept: number): Promise<void> {
  await rm(path.join(folder, logFileName(kept)), { force: true })
  for (let n = kept - 1; n >= 0; n--)
    await rename(path.join(folder, logFileName(n)), path.join(folder, logFileName(n + 1))).catch(
      ignoreAbsence,
    )
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
