/**
 * Unpacks the single executable into a cache folder, once for each content.
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { access, constants, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Packed, readPack } from './pack.ts'

const inflate = promisify(gunzip)

/** Lies in an unpacked folder: what is in it. Written last. */
const contents = 'contents.json'

type Environment = Record<string, string | undefined>

/**
 * Where caches are to lie, best first: as told, where the system keeps such things, beside the data, beside the
 * executable.
 * @param words the command line, of which `--data` counts.
 */
export function cacheFolders(environment: Environment, words: string[], home: string): string[] {
  const { CUTROOM_CACHE: told, XDG_CACHE_HOME: xdg, HOME: user, CUTROOM_DATA: data } = environment
  if (told) return [path.resolve(told)]
  const places = [
    xdg && path.join(xdg, 'cutroom'),
    user && path.join(user, '.cache', 'cutroom'),
    path.resolve(dataOf(words) ?? data ?? path.join(home, 'data'), 'cache', 'program'),
  ]
  return places.filter((place) => typeof place === 'string' && path.isAbsolute(place)) as string[]
}

function dataOf(words: string[]): string | undefined {
  const at = words.findIndex((word) => word === '--data' || word.startsWith('--data='))
  const word = words[at]
  return word === '--data' ? words[at + 1] : word?.slice('--data='.length)
}

/**
 * The folder of what `pack` holds: the one that is there already and whole, else unpacked into the first of `places`
 * that can be written. It appears whole; of two that unpack at once the later one uses what the first has made.
 * @param name of the content; another content has another.
 * @throws Error in words, where it can lie nowhere or the pack is damaged.
 */
export async function unpackOnce(places: string[], name: string, pack: () => Buffer): Promise<string> {
  const there = places.map((place) => path.join(place, name)).find(isWhole)
  if (there) return there
  const place = await firstWritable(places)
  const folder = path.join(place, name)
  const made = await mkdtemp(path.join(place, `.${name}-`))
  try {
    await unpack(pack(), made)
    await moveInto(folder, made)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  return folder
}

/** Another that started at the same time may have been quicker; what is not whole gives way. */
async function moveInto(folder: string, made: string): Promise<void> {
  if (isWhole(folder)) return
  await rm(folder, { recursive: true, force: true })
  await rename(made, folder).catch((error: unknown) => {
    if (!isWhole(folder)) throw error
  })
}

/** Sizes tell what a power cut or a tidy person has taken; contents were proven when they were written. */
function isWhole(folder: string): boolean {
  const list = path.join(folder, contents)
  if (!existsSync(list)) return false
  const files = JSON.parse(readFileSync(list, 'utf8')) as Packed[]
  return files.every(
    ({ path: file, bytes }) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.size === bytes,
  )
}

async function firstWritable(places: string[]): Promise<string> {
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true, mode: 0o700 })
      await access(place, constants.W_OK)
      return place
    } catch {
      // the next one may be better
    }
  }
  throw new Error(
    `it unpacks itself once, and can write to none of ${places.join(', ')}. Name a folder that can be written in CUTROOM_CACHE.`,
  )
}

async function unpack(pack: Buffer, folder: string): Promise<void> {
  const { list, part } = readPack(pack)
  for (const place of new Set(list.map((file) => path.dirname(file.path))))
    await mkdir(path.join(folder, place), { recursive: true })
  const queue = [...list].sort((a, b) => b.bytes - a.bytes).values()
  const lane = async () => {
    for (const file of queue) await unpackFile(file, part(file), folder)
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, lane))
  await write(path.join(folder, contents), Buffer.from(JSON.stringify(list)), 0o644)
}

async function unpackFile(file: Packed, part: Uint8Array, folder: string): Promise<void> {
  // In one piece, which takes a third of the time that many small ones do.
  const data = await inflate(part, { chunkSize: Math.max(64, file.bytes) })
  if (createHash('sha256').update(data).digest('hex') !== file.sha256)
    throw new Error(`${file.path} in it is damaged; copy the executable anew.`)
  await write(path.join(folder, file.path), data, file.mode)
}

async function write(file: string, data: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(data)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
