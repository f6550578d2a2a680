/**
 * The routes that serve files, on a real disk and database, with one session that has a project folder.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Hono } from 'hono'
import { ensureRoot } from '../../../db/roots.ts'
import type { Db, NewFile, Root, Session } from '../../../db/schema.ts'
import { newKey } from '../../../db/keys.ts'
import { createAssets } from '../../../server/disk/assets.ts'
import { createDisk } from '../../../server/disk/disk.ts'
import { createPictures } from '../../../server/disk/pictures.ts'
import { createEstimates } from '../../../server/estimates.ts'
import { AppError } from '../../../server/errors.ts'
import { browse } from '../../../server/routes/browse.ts'
import { files } from '../../../server/routes/files.ts'
import { assets } from '../../../server/routes/static.ts'
import { addSession, freshDatabase } from '../../db/fixture.ts'
import { folder, tools } from '../../media.ts'

export interface FilesRig {
  db: Db
  app: Hono
  session: Session
  roots: { media: Root; output: Root }
  /** Writes a file into the project folder and adds its row. @returns its key. */
  add(name: string, content: string | Uint8Array, values?: Partial<NewFile>): Promise<string>
  ask(url: string, headers?: Record<string, string>, method?: string): Promise<Response>
  errors: unknown[]
  close(): Promise<void>
}

export async function createFilesRig(): Promise<FilesRig> {
  const data = folder()
  const db = await freshDatabase()
  const roots = {
    media: await ensureRoot(db, 'media', path.join(data, 'media')),
    output: await ensureRoot(db, 'output', path.join(data, 'output')),
  }
  const project = '26-11-20_Tide'
  for (const made of [roots.media.path, path.join(roots.output.path, project)])
    mkdirSync(made, { recursive: true })
  const session = await addSession(db, { output_root_id: roots.output.id, output_path: project })
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const found = await tools()
  const pictures = await createPictures({ db, tools: found, cache: path.join(data, 'cache'), onError })
  const services = {
    db,
    estimates: createEstimates(db, 2),
    disk: createDisk(found),
    pictures,
    roots,
    assets: createAssets(statics),
  }
  const app = new Hono()
    .route('/', files(services))
    .route('/', browse(services))
    .route('/', assets(services))
    .onError((thrown, c) => {
      const { code, status, cause } = AppError.from(thrown)
      if (code === 'unexpected') onError(cause)
      return c.text(code, status)
    })
  return {
    db,
    app,
    session,
    roots,
    errors,
    async add(name, content, values = {}) {
      const place = path.join(roots.output.path, project, name)
      mkdirSync(path.dirname(place), { recursive: true })
      writeFileSync(place, content)
      const key = newKey()
      const row = { key, session_id: session.id, root_id: roots.output.id, path: `${project}/${name}` }
      await db
        .insertInto('file')
        .values({ ...row, role: 'clip', ...values })
        .execute()
      return key
    },
    ask: async (url, headers = {}, method = 'GET') => app.request(url, { method, headers }),
    async close() {
      pictures.close()
      await db.destroy()
    },
  }
}

const statics = path.resolve(import.meta.dirname, '../../../static')
