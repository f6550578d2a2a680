/**
 * What can be seen and heard of each output, as one hash a file: metadata tell when it was made, frames do not.
 */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { State } from './state.ts'

/** By path in the project folder. */
export type Prints = Record<string, string>

const run = promisify(execFile)

/** @throws Error where an output cannot be decoded to its end. */
export async function printsOf({ outputs }: State, project: string, ffmpeg: string): Promise<Prints> {
  const seen = outputs.filter(({ role }) => role !== 'log' && role !== 'sheet')
  const prints: Prints = {}
  for (const { place } of seen) prints[path.relative(project, place)] = await printOf(place, ffmpeg)
  return prints
}

async function printOf(file: string, ffmpeg: string): Promise<string> {
  const streams = ['-map', '0:v', '-map', '0:a?', '-vsync', '0', '-f', 'framemd5', '-']
  const args = ['-v', 'error', '-xerror', '-nostdin', '-i', `file:${file}`, ...streams]
  const { stdout } = await run(ffmpeg, args, { maxBuffer: 1 << 28 })
  return createHash('sha256').update(stdout).digest('hex').slice(0, 16)
}

/** SHA-256 of the bytes of a file, in hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
