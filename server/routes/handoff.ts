/**
 * Handing off: scenes as files for other programs, contact sheets, and lists of cuts that come back.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { lastEventId } from '../../db/events.ts'
import { findSession } from '../../db/sessions.ts'
import type { Session } from '../../db/schema.ts'
import { contactEnd, contactItem, contactTop } from '../../templates/contact_sheet.tsx'
import { HandOffPage } from '../../templates/handoff_page.tsx'
import { countingOf, frameTimecode } from '../../workers/media/handoff/frame_timecode.ts'
import { clock } from '../../workers/media/timecode.ts'
import type { HandOff } from '../../workers/media/handoff/hand_off.ts'
import { chosen, formatNamed, handOffOf, importList, type Which } from '../commands/handoff.ts'
import { AppError, found } from '../errors.ts'
import { sessionData } from '../gather.ts'
import { choosing } from '../http/answers.ts'
import { disposition } from '../http/content_type.ts'
import { nameOf } from '../http/person.ts'
import { may, takesFile, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const base = '/sessions/:key'

const which = z.object({
  what: z.enum(['scenes', 'selection', 'group']).default('scenes'),
  group: z.string().max(64).optional(),
})
const told = z.object({
  scenes: z.coerce.number().int().min(0).optional(),
  added: z.coerce.number().int().min(0).optional(),
})

export function handoff(services: Services) {
  const { db } = services
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  return new Hono()
    .get(`${base}/handoff`, may('anyone'), takesQuery(told), async (c) => {
      const eventId = await lastEventId(db)
      const data = await sessionData(services, c.req.param('key'))
      return c.html(HandOffPage({ data, eventId, imported: c.get('taken') }))
    })
    .get(`${base}/export/:format`, may('anyone'), takesQuery(which), async (c) => {
      const session = await existing(c.req.param('key'))
      const asked = whichOf(c.get('taken'))
      const name = c.req.param('format')
      if (name === 'sheet.jpg' || name === 'sheet.html') return sheet(services, session, asked, name)
      const format = formatNamed(name)
      const handOff = await someScenes(handOffOf(db, session, asked))
      return download(format.write(handOff), format.type, `${session.artwork}.${format.ending}`)
    })
    .post(`${base}/import`, may('anyone'), takesFile('list'), async (c) => {
      const session = await existing(c.req.param('key'))
      try {
        const { scenes, added } = await choosing(() =>
          importList(actingAs(db, nameOf(c)), session, c.get('taken').text),
        )
        return c.redirect(`/sessions/${session.key}/handoff?scenes=${scenes}&added=${added}`, 303)
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'bad_input')) throw error
        const eventId = await lastEventId(db)
        const data = await sessionData(services, session.key)
        return c.html(HandOffPage({ data, eventId, refused: error.detail ?? error.message }), 422)
      }
    })
}

function whichOf({ what, group }: z.infer<typeof which>): Which {
  if (what !== 'group') return { what }
  if (group === undefined) throw new AppError('bad_input', { field: 'group', detail: 'name the group' })
  return { what, group }
}

/** An empty list helps nobody. */
async function someScenes(reading: Promise<HandOff>): Promise<HandOff> {
  const handOff = await reading
  if (handOff.scenes.length === 0)
    throw new AppError('bad_input', {
      detail: 'there is no scene in it yet: let the session find its cuts, or tick some',
    })
  return handOff
}

const download = (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  type: string,
  name: string,
) =>
  new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': disposition('attachment', name),
      'cache-control': 'private, no-store',
    },
  })

async function sheet(services: Services, session: Session, asked: Which, name: 'sheet.jpg' | 'sheet.html') {
  const { db, pictures } = services
  const handOff = await someScenes(handOffOf(db, session, asked))
  const scenes = await chosen(db, session, asked)
  const counting = countingOf(handOff.rate, handOff.startTimecode)
  const timecodes = handOff.scenes.map(({ startFrame, start }) =>
    handOff.variable ? clock(start) : frameTimecode(startFrame, handOff.startTimecode, counting),
  )
  if (name === 'sheet.html')
    return download(
      htmlSheet(services, session, handOff, timecodes),
      'text/html; charset=utf-8',
      `${session.artwork}_contact-sheet.html`,
    )
  const jpeg = await pictures.contactSheet(session, scenes, timecodes)
  return download(jpeg as Uint8Array<ArrayBuffer>, 'image/jpeg', `${session.artwork}_contact-sheet.jpg`)
}

/** Picture by picture, so that a film of thousands of scenes takes no more memory than one of ten. */
function htmlSheet(
  { pictures }: Services,
  session: Session,
  { title, master, scenes }: HandOff,
  timecodes: string[],
) {
  const encoder = new TextEncoder()
  const length = scenes.reduce((sum, { start, end }) => sum + end - start, 0)
  let next = -1
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next < 0)
        controller.enqueue(encoder.encode(contactTop({ title, master, scenes: scenes.length, length })))
      const scene = scenes[++next]
      if (!scene) {
        controller.enqueue(encoder.encode(contactEnd))
        return controller.close()
      }
      const picture = await pictures.ofScene(session, scene.number)
      const { number, note, start, end } = scene
      const shown = { number, note, length: end - start, timecode: timecodes[next] ?? '' }
      controller.enqueue(encoder.encode(contactItem({ ...shown, picture: picture && base64(picture) })))
    },
  })
}

/** In pieces: a call with too many arguments fails. */
function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
