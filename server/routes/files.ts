/**
 * Files by their key, the pictures of scenes, and everything a session made as one ZIP.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { filesOf, findFile, type LocatedFile } from '../../db/files.ts'
import { sceneNumbered } from '../../db/scenes.ts'
import type { Session } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import { found } from '../errors.ts'
import { contentType, disposition, isShown } from '../http/content_type.ts'
import { answerTo, isKnown } from '../http/range.ts'
import { may, takesNothing, takesQuery } from '../http/route.ts'
import type { OpenFile, Services } from '../services.ts'

const download = z.object({ download: z.unknown().optional() })
const version = z.object({ v: z.unknown().optional() })

export const files = ({ db, disk, pictures }: Pick<Services, 'db' | 'disk' | 'pictures'>) =>
  new Hono()
    .get('/files/:key', may('anyone'), takesQuery(download), async (c) => {
      const row = found(await findFile(db, c.req.param('key')), 'file_not_found')
      return send(c, row, await disk.open(row), c.get('taken').download !== undefined)
    })
    .get('/sessions/:key/files.zip', may('anyone'), takesNothing(), async (c) => {
      const session = found(await findSession(db, c.req.param('key')), 'session_not_found')
      const outputs = outputsOf(session, await filesOf(db, session.id))
      const zip = await disk.zip(outputs)
      return respond(c.req.method === 'HEAD' ? null : zip.stream(), 200, {
        'content-type': 'application/zip',
        'content-length': String(zip.bytes),
        'content-disposition': disposition('attachment', `${nameOf(session)}.zip`),
        'cache-control': 'private, no-store',
      })
    })
    .get(
      '/sessions/:key/scenes/:picture{[0-9]{1,9}\\.jpg}',
      may('anyone'),
      takesQuery(version),
      async (c) => {
        const session = found(await findSession(db, c.req.param('key')), 'session_not_found')
        const number = Number.parseInt(c.req.param('picture'))
        const scene = found(await sceneNumbered(db, session.id, number), 'scene_not_found')
        // The frame in its middle: a re-cut that moves it makes another picture.
        const frame = Math.floor((scene.start_frame + scene.end_frame) / 2)
        const etag = `"${session.key}-${frame}"`
        const cache = c.get('taken').v === String(frame) ? forever : askAgain
        const headers = { etag, 'cache-control': cache }
        if (isKnown(asking(c), { etag, modified: Infinity })) return c.body(null, 304, headers)
        const picture = found((await pictures.ofScene(session, number)) ?? undefined, 'file_not_found')
        return c.body(bytes(picture), 200, { ...headers, 'content-type': 'image/jpeg' })
      },
    )

const askAgain = 'private, no-cache'
const forever = 'private, max-age=31536000, immutable'

const respond = (
  body: ReadableStream<Uint8Array> | null,
  status: number,
  headers: Record<string, string>,
): Response => new Response(body, { status, headers })

const asking = ({ req }: Context) => ({ method: req.method, header: (name: string) => req.header(name) })

/** Whole or in part; the file is closed whatever becomes of the answer. */
export async function send(
  c: Context,
  row: Pick<LocatedFile, 'path' | 'sha256'>,
  file: OpenFile,
  asDownload: boolean,
): Promise<Response> {
  const { status, span, headers } = answerTo(asking(c), { ...file, etag: tagOf(row, file) })
  if (!span) await file.close()
  return respond(span && file.stream(span.start, span.end), status, {
    ...(status === 304 ? {} : kindHeaders(row.path, asDownload)),
    ...headers,
    'cache-control': askAgain,
  })
}

/** By the bytes as they are on disk now; the checksum tells apart what has the same size and time. */
const tagOf = ({ sha256 }: Pick<LocatedFile, 'sha256'>, { bytes, modified }: OpenFile) =>
  `"${bytes.toString(36)}-${Math.round(modified * 1000).toString(36)}-${sha256?.slice(0, 12) ?? ''}"`

function kindHeaders(path: string, asDownload: boolean) {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const type = contentType(name)
  const shown = isShown(type)
  return {
    'content-type': shown ? type : 'application/octet-stream',
    'content-disposition': disposition(shown && !asDownload ? 'inline' : 'attachment', name),
    'x-content-type-options': 'nosniff',
  }
}

/** What lies in the project folder, by its name in there; Cutroom's own sheets are nobody's output. */
function outputsOf({ output_path, output_root_id }: Session, rows: LocatedFile[]) {
  const folder = `${output_path}/`
  return rows
    .filter(
      ({ root_id, path, role }) => root_id === output_root_id && path.startsWith(folder) && role !== 'sheet',
    )
    .map(({ key, root_path, path }) => ({ key, root_path, path, name: path.slice(folder.length) }))
}

const nameOf = ({ output_path, artwork }: Session) => output_path?.split('/').at(-1) ?? artwork

/** Typed as the body of a response wants it. */
const bytes = (data: Uint8Array) => data as Uint8Array<ArrayBuffer>
