/**
 * Takes one picture out of a film: a short seek of ffmpeg, two at a time, kept on disk for the next who asks.
 */

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { LocatedFile } from '../../db/files.ts'
import { decode, input } from '../../workers/ffmpeg.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { planSheets, tileFilters } from '../../workers/media/sheets.ts'
import type { Tools } from '../../workers/operation.ts'
import { isAbsence } from './paths.ts'

export interface FilmOptions {
  tools: Tools
  /** Absolute. */
  cache: string
  onError(error: unknown): void
  /** Whether pictures are to be kept on disk, as things stand. */
  mayKeep(): Promise<boolean>
  /** Ends what runs. */
  signal: AbortSignal
}

/**
 * Gives the first frame from a time on.
 * @param seek asked for the seconds from the film's beginning where the picture is not kept yet.
 * @param name under which it is kept, relative to the cache.
 */
export type Film = (
  files: LocatedFile[],
  seek: () => Promise<number>,
  name: string,
) => Promise<Uint8Array | null>

const [mostAtOnce, longestSeconds] = [2, 15]

/** Pictures of 320 px from the copy of the master or, failing it, the master; null where that cannot be done. */
export function createFilm({ tools, cache, onError, mayKeep, signal }: FilmOptions): Film {
  const inTurn = limit(mostAtOnce)
  return async (files, seek, name) => {
    const kept = path.join(cache, name)
    const known = await readFile(kept).catch(unlessGone)
    if (known) return known
    const film = filmOf(files)
    if (!film) return null
    try {
      const at = await seek()
      const taken = await inTurn(() => take(film, at, tools, signal))
      if (taken && (await mayKeep())) await keep(kept, taken).catch(onError)
      return taken
    } catch (error) {
      onError(error)
      return null
    }
  }
}

function unlessGone(error: unknown): null {
  if (isAbsence(error)) return null
  throw error
}

interface MasterFilm {
  path: string
  probe: Probe
}

function filmOf(files: LocatedFile[]): MasterFilm | null {
  const source = files.find(({ role }) => role === 'source')
  const copy = files.find(({ role, missing_at }) => role === 'master' && missing_at === null)
  const [file, probe] = [copy ?? source, source?.probe ?? copy?.probe]
  if (!file || !probe) return null
  return { path: path.join(file.root_path, file.path), probe: JSON.parse(probe) as Probe }
}

/** @param at seconds from the first frame. */
async function take(
  film: MasterFilm,
  at: number,
  tools: Tools,
  stop: AbortSignal,
): Promise<Uint8Array | null> {
  const { video } = film.probe
  const filters = tileFilters(video, planSheets(film.probe, film.probe.duration).tile, tools.filters)
  const args = [
    ...input(film.path, '-ss', at.toFixed(6), '-threads', '2'),
    ...['-map', `0:${video.index}`, '-an', '-sn', '-dn', '-frames:v', '1', '-vf', filters.join(',')],
    ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'],
  ]
  const signal = AbortSignal.any([stop, AbortSignal.timeout(longestSeconds * 1000)])
  const run = decode(tools, args, { signal, children })
  const [jpeg] = await Promise.all([buffer(run.stdout), run.finished])
  return jpeg.length > 0 ? jpeg : null
}

/** They are over in a moment: nobody needs to know of them. */
const children = { started: () => undefined, ended: () => undefined }

async function keep(file: string, picture: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const made = `${file}.${randomUUID()}`
  await writeFile(made, picture)
  await rename(made, file)
}

/** Lets so many run at a time; the others wait for their turn. */
function limit(most: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
