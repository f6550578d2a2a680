/**
 * What changes, as it changes: the stream, and the same messages asked for once.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { may, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const eventId = z.coerce.number().int().min(0)
const place = z.object({ after: eventId.optional() })

const streaming = {
  'Content-Type': 'text/event-stream',
  // Neither kept nor held back, nor gathered into larger pieces, by anything on the way.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
}

export function events({ db, feed }: Pick<Services, 'db' | 'feed'>) {
  return new Hono()
    .get('/events', may('anyone'), takesQuery(place), async (c) => {
      const known = eventId.safeParse(c.req.header('last-event-id') || undefined)
      // The address stays the same when a browser comes back by itself; the header says how far it got.
      const after = known.success ? known.data : (c.get('taken').after ?? (await lastEventId(db)))
      // The answer to HEAD is thrown away: nobody would ever end its stream.
      if (c.req.method === 'HEAD') return c.body(null, 200, streaming)
      return c.body(feed.stream(after), 200, streaming)
    })
    .get('/changes', may('anyone'), takesQuery(place), async (c) => {
      const after = c.get('taken').after ?? (await lastEventId(db))
      return c.json(await feed.since(after), 200, { 'Cache-Control': 'no-store' })
    })
}
