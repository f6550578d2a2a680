/**
 * Stills: three frames of a scene to pick from, any other, and their pictures.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { findSession } from '../../db/sessions.ts'
import { StillsPage, StillsPanel } from '../../templates/stills_panel.tsx'
import { pick, stillChoice } from '../commands/stills.ts'
import { seekAmong } from '../disk/seek.ts'
import { found } from '../errors.ts'
import { nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const whole = z.coerce.number().int().min(0)
const shown = z.object({ cut: whole })
/** An empty frame is the one in the middle; `by` steps from the frame. */
const picked = z.object({
  frame: z.literal('').or(whole),
  by: z.coerce.number().int().default(0),
})

export function stills(services: Pick<Services, 'db' | 'measures' | 'pictures'>) {
  const { db, measures, pictures } = services
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  return new Hono()
    .get('/sessions/:key/stills', may('anyone'), takesQuery(shown), async (c) => {
      const choice = await stillChoice(services, await existing(c.req.param('key')), c.get('taken').cut)
      c.header('vary', 'HX-Request')
      return c.html(c.req.header('hx-request') === 'true' ? StillsPanel(choice) : StillsPage(choice))
    })
    .on(
      ['PATCH', 'POST'],
      '/sessions/:key/cuts/:cut{[0-9]{1,15}}/still',
      may('anyone'),
      takesForm(picked),
      async (c) => {
        const session = await existing(c.req.param('key'))
        const cut = Number(c.req.param('cut'))
        const { frame, by } = c.get('taken')
        await pick(actingAs(db, nameOf(c)), session, cut, frame === '' ? null : frame + by)
        if (c.req.header('hx-request') === 'true')
          return c.html(StillsPanel(await stillChoice(services, session, cut)))
        return c.redirect(`/sessions/${session.key}/stills?cut=${cut}`, 303)
      },
    )
    .get('/sessions/:key/frames/:picture{[0-9]{1,9}\\.jpg}', may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      const frame = Number.parseInt(c.req.param('picture'))
      const before = found(seekAmong(await measures.of(session.id, { reads: [] }), frame), 'file_not_found')
      const taken = await pictures.ofFrame(session, frame, before)
      const jpeg = found(taken ?? undefined, 'file_not_found') as Uint8Array<ArrayBuffer>
      return c.body(jpeg, 200, {
        'content-type': 'image/jpeg',
        'cache-control': 'private, max-age=31536000, immutable',
      })
    })
}
