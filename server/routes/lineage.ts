/**
 * How files were made, and which of them are out of date.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { filesOf, findFile } from '../../db/files.ts'
import { findSession, sessionById } from '../../db/sessions.ts'
import { StalePage, StalePanel } from '../../templates/stale.tsx'
import { LineageFacts, LineagePage } from '../../templates/lineage.tsx'
import { reportLineage } from '../commands/lineage.ts'
import { found } from '../errors.ts'
import { may, takesForm, takesNothing } from '../http/route.ts'
import type { Services } from '../services.ts'

const remaking = z.object({ leftovers: z.literal('remove').optional() })

export const lineage = ({ db, sessions, pictures }: Pick<Services, 'db' | 'sessions' | 'pictures'>) =>
  new Hono()
    .get('/files/:key/lineage', may('anyone'), takesNothing(), async (c) => {
      const file = found(await findFile(db, c.req.param('key')), 'file_not_found')
      const report = await reportLineage(db, file, await filesOf(db, file.session_id))
      c.header('vary', 'HX-Request')
      if (c.req.header('hx-request') === 'true') return c.html(LineageFacts({ report }))
      const session = found(await sessionById(db, file.session_id), 'session_not_found')
      return c.html(LineagePage({ file, session, report }))
    })
    .get('/sessions/:key/stale', may('anyone'), takesNothing(), async (c) => {
      const session = found(await findSession(db, c.req.param('key')), 'session_not_found')
      const stale = await sessions.stale(session.key)
      c.header('vary', 'HX-Request')
      const isPart = c.req.header('hx-request') === 'true'
      return c.html(isPart ? StalePanel({ session, stale }) : StalePage({ session, stale }))
    })
    .post('/sessions/:key/remake', may('anyone'), takesForm(remaking), async (c) => {
      const key = c.req.param('key')
      await sessions.remake(key, { leftovers: c.get('taken').leftovers !== undefined })
      return c.redirect(`/sessions/${key}/outputs`, 303)
    })
    .get(
      '/sessions/:key/compare/:side{master|web}/:picture{[0-9]{1,9}\\.jpg}',
      may('anyone'),
      takesNothing(),
      async (c) => {
        const session = found(await findSession(db, c.req.param('key')), 'session_not_found')
        const side = c.req.param('side') === 'web' ? 'web' : 'master'
        const frame = Number.parseInt(c.req.param('picture'))
        const picture = found(
          (await pictures.compared(session, { side, frame })) ?? undefined,
          'file_not_found',
        )
        const headers = { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=3600' }
        return c.body(picture as Uint8Array<ArrayBuffer>, 200, headers)
      },
    )
