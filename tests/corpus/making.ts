/**
 * Ways to make the corpus: the bundled ffmpeg's own sources, and surgery on the bytes of what it made.
 */

import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { bundledFfmpeg } from '../../workers/tools.ts'
import { scratch } from '../media.ts'
import type { Maker } from './specimen.ts'

const run = promisify(execFile)

/** Runs the bundled ffmpeg; the output's name is put last. */
async function ffmpeg(args: string[], file: string): Promise<void> {
  // Without these a film would carry the time and the build that made it.
  const flags = args.includes('-flags') ? [] : ['-flags:v', '+bitexact', '-flags:a', '+bitexact']
  const same = ['-fflags', '+bitexact', ...flags]
  await run(bundledFfmpeg(), ['-v', 'error', '-nostdin', '-y', ...args, ...same, `file:${file}`])
}

/** A second of moving picture, 96x54 at 25 frames a second unless said otherwise. */
export const picture = (filter = 'null', { size = '96x54', rate = '25', seconds = 1 } = {}): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds},${filter}`],
]

/** Its sound. */
export const tone = (seconds = 1, rate = 48000): string[] => [
  ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}:duration=${seconds}`],
]

export const film =
  (...args: string[]): Maker =>
  (place) =>
    ffmpeg(args, place)

const bases = new Map<string, Promise<string>>()

/** A film that others are made of; made once. `name` gives its container. */
export function base(name: string, args: string[]): Promise<string> {
  const file = path.join(scratch, 'bases', name)
  const known = bases.get(name)
  if (known) return known
  const made = mkdir(path.dirname(file), { recursive: true })
    .then(() => ffmpeg(args, file))
    .then(() => file)
  bases.set(name, made)
  return made
}

/** What most of the corpus is a copy of. */
export const plain = (): Promise<string> =>
  base('plain.mp4', [...picture(), ...tone(), '-c:v', 'libx264', '-bf', '2', '-c:a', 'aac'])

/** The plain film under another name. */
export const copied: Maker = async (place) => copyFile(await plain(), place)

/** The plain film's streams in another wrapping. */
export const wrapped = (...args: string[]): Maker => filmOf(plain, [], '-c', 'copy', ...args)

/** A film with its bytes changed. */
export const operated =
  (source: () => Promise<string>, surgery: (bytes: Buffer) => Uint8Array): Maker =>
  async (place) =>
    writeFileSync(place, surgery(readFileSync(await source())))

/** Films one after the other, byte by byte. */
export const joined =
  (...sources: (() => Promise<string>)[]): Maker =>
  async (place) =>
    writeFileSync(
      place,
      Buffer.concat((await Promise.all(sources.map((source) => source()))).map((file) => readFileSync(file))),
    )

/** What ffmpeg makes of another film. */
export const filmOf =
  (source: () => Promise<string>, before: string[], ...args: string[]): Maker =>
  async (place) =>
    ffmpeg([...before, '-i', await source(), ...args], place)

/** @param share of the bytes that is kept, from the front. */
export const truncated = (share: number) => (bytes: Buffer) =>
  bytes.subarray(0, Math.round(bytes.length * share))

/** Turns one bit in every so many bytes, at places that a seed decides. */
export const flipped =
  (every: number, seed = 1) =>
  (bytes: Buffer) => {
    const random = lcg(seed)
    for (let n = 0; n < bytes.length / every; n++) {
      const at = random(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    }
    return bytes
  }

/** Numbers that look random and are the same every time (Numerical Recipes' generator). */
export function lcg(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export const written =
  (content: string | Uint8Array): Maker =>
  (place) =>
    writeFileSync(place, content)

/** Several films in one, each by its number as ffmpeg counts inputs. */
export const combined =
  (sources: (() => Promise<string>)[], ...args: string[]): Maker =>
  async (place) => {
    const files = await Promise.all(sources.map((source) => source()))
    await ffmpeg([...files.flatMap((file) => ['-i', file]), ...args], place)
  }
