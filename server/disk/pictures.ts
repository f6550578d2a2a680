/**
 * One picture of each scene: cut out of the sheets where they show it, else taken from the film.
 */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { filesInRoles, type LocatedFile } from '../../db/files.ts'
import { sceneNumbered } from '../../db/scenes.ts'
import type { Db, Scene, Session } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import type { Tools } from '../../workers/operation.ts'
import type { Pictures } from '../services.ts'
import { comparedFrame } from './compare.ts'
import { contactSheet } from './contact_sheet.ts'
import { createFilm } from './film.ts'
import { placeUnder } from './paths.ts'
import { seekTo } from './seek.ts'
import { sheetFacts, tileOf } from './tiles.ts'

export interface PicturesOptions {
  db: Db
  tools: Tools
  /** A folder of its own, absolute; what lies in it is forgotten at every start. */
  cache: string
  /** Told why a picture could not be taken. */
  onError(error: unknown): void
}

/** `close` ends what still runs. */
export async function createPictures(options: PicturesOptions): Promise<Pictures & { close(): void }> {
  const { db, cache, onError } = options
  const stop = new AbortController()
  const running = new Map<string, Promise<Uint8Array | null>>()
  const fromFilm = createFilm({
    ...options,
    mayKeep: async () => (await settings(db)).cache_thumbnails,
    signal: stop.signal,
  })
  await rm(cache, { recursive: true, force: true })
  const take = (session: Session, scene: Scene) => {
    const name = path.join(session.key, `${scene.start_frame}-${scene.end_frame}.jpg`)
    return once(running, name, async () => {
      const files = await filesInRoles(db, session.id, ['sheet', 'master', 'source'])
      const seek = () => seekToMiddle(db, files, scene)
      return (await fromSheets(files, scene, onError)) ?? (await fromFilm(files, seek, name))
    })
  }
  return {
    async ofScene(session, number) {
      const scene = await sceneNumbered(db, session.id, number)
      return scene ? take(session, scene) : null
    },
    async contactSheet(session, scenes, timecodes) {
      const [master] = await filesInRoles(db, session.id, ['master', 'source'])
      const aspect = (master?.width ?? 16) / (master?.height ?? 9)
      const cells = scenes.map((scene, i) => ({
        picture: () => take(session, scene),
        label: `${scene.number}  ${timecodes[i] ?? ''}`,
        length: `${(scene.end_time - scene.start_time).toFixed(1)} s`,
      }))
      return contactSheet(cells, aspect)
    },
    compared: (session, wanted) =>
      once(running, `${session.key}/${wanted.side}/${wanted.frame}`, () =>
        comparedFrame(db, session, wanted, options.tools, stop.signal).catch((error: unknown) => {
          onError(error)
          return null
        }),
      ),
    async ofFrame(session, frame, before) {
      const name = path.join(session.key, `frame-${frame}.jpg`)
      return once(running, name, async () => {
        const files = await filesInRoles(db, session.id, ['master', 'source'])
        return fromFilm(files, () => Promise.resolve(before), name)
      })
    },
    close: () => stop.abort(),
  }
}

/** Who asks while the work goes on waits for the same work. */
function once<T>(running: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  const known = running.get(name)
  if (known) return known
  const started = work().finally(() => running.delete(name))
  running.set(name, started)
  return started
}

/** To the frame in the middle, by number: half way in time there may be none, or one of the next scene. */
async function seekToMiddle(db: Db, files: LocatedFile[], scene: Scene): Promise<number> {
  const source = files.find(({ role }) => role === 'source')
  if (!source) return scene.start_time
  return seekTo(db, source, Math.floor((scene.start_frame + scene.end_frame) / 2))
}

async function fromSheets(
  files: LocatedFile[],
  scene: Scene,
  onError: (error: unknown) => void,
): Promise<Uint8Array | null> {
  const sheets = files.filter(({ role }) => role === 'sheet').flatMap(sheetOf)
  const found = tileOf(sheets, scene)
  const sheet = found && (await placeUnder(found.sheet.file.root_path, found.sheet.file.path))
  if (!sheet) return null
  try {
    const { default: sharp } = await import('sharp') // it takes a while to load, and the first page needs none
    return await sharp(sheet).extract(found.tile).jpeg({ quality: 80 }).toBuffer()
  } catch (error) {
    onError(error)
    return null
  }
}

function sheetOf(file: LocatedFile) {
  const { data: facts } = sheetFacts.safeParse(JSON.parse(file.metadata ?? 'null'))
  return facts ? [{ file, facts }] : []
}
