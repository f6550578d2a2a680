/**
 * What the package itself serves: style, icons, islands, htmx.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { found } from '../errors.ts'
import { isKnown } from '../http/range.ts'
import { may, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const version = z.object({ v: z.unknown().optional() })

/** Asked for with `?v=` and its own hash, an asset never changes; else the browser asks each time. */
export const assets = ({ assets }: Pick<Services, 'assets'>) =>
  new Hono().get('/static/:name{.+}', may('anyone'), takesQuery(version), async (c) => {
    const { body, type, etag } = found(
      (await assets.open(c.req.param('name'))) ?? undefined,
      'page_not_found',
    )
    const { method } = c.req
    const isLasting = c.get('taken').v === etag.replaceAll('"', '')
    const headers = { etag, 'cache-control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache' }
    if (isKnown({ method, header: (name) => c.req.header(name) }, { etag, modified: Infinity }))
      return c.body(null, 304, headers)
    return c.body(body as Uint8Array<ArrayBuffer>, 200, {
      ...headers,
      'content-type': type,
      'x-content-type-options': 'nosniff',
    })
  })
