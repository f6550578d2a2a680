/**
 * The review room: its page, what its timeline is drawn from, and cuts put right by hand.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { markCut, removeCut } from '../../db/cuts.ts'
import { redo, undo } from '../../db/room_edits.ts'
import { lastEventId } from '../../db/events.ts'
import { filesInRoles } from '../../db/files.ts'
import type { Session } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import { ProxyNotice } from '../../templates/player.tsx'
import { answer, partial } from '../../templates/partial.tsx'
import { RecutDialog, recutId, RecutPage } from '../../templates/recut_question.tsx'
import { RoomPage } from '../../templates/room_page.tsx'
import { ScenePanel } from '../../templates/scene_panel.tsx'
import { scorePicture } from '../../templates/score_picture.tsx'
import { noNotice } from '../../templates/problem_page.tsx'
import { plotTop, scoreColumns } from '../../workers/media/score_plot.ts'
import {
  frameTimes,
  moveTo,
  recutRoom,
  scenesByDetector,
  searchOf,
  splitAt,
  thresholdCurve,
  tryCuts,
} from '../commands/room.ts'
import { found } from '../errors.ts'
import { sessionData } from '../gather.ts'
import { choosing, isPartial, rechosen } from '../http/answers.ts'
import { keepName, nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'
import { send } from './files.ts'

const base = '/sessions/:key'

export function room(services: Services) {
  return new Hono()
    .route('/', pages(services))
    .route('/', scores(services))
    .route('/', cuts(services))
    .route('/', edits(services))
    .route('/', proxies(services))
}

const whole = z.coerce.number().int().min(0)
const shown = z.object({ scene: whole.optional() })
const shownCut = z.object({ cut: whole })
const called = z.object({ name: z.string().max(60, 'a name has 60 letters at most') })

function pages(services: Services) {
  return new Hono()
    .get(`${base}/scenes`, may('anyone'), takesQuery(shown), async (c) => {
      // Read before the rows: what changes in between is then told twice rather than never.
      const eventId = await lastEventId(services.db)
      const data = await sessionData(services, c.req.param('key'))
      const { scene: number = 1 } = c.get('taken')
      const scene = data.scenes[number - 1] ?? data.scenes[0]
      const proxy = await services.proxies.state(data.session)
      await services.measures.pause()
      return c.html(RoomPage({ data, eventId, scene, proxy, name: nameOf(c) }))
    })
    .post(`${base}/name`, may('anyone'), takesForm(called), (c) => {
      keepName(c, c.get('taken').name)
      return c.redirect(`/sessions/${c.req.param('key')}/scenes`, 303)
    })
    .get(`${base}/scene`, may('anyone'), takesQuery(shownCut), async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      const scene = found(
        data.scenes.find(({ cut_id }) => cut_id === c.get('taken').cut),
        'scene_not_found',
      )
      return c.html(ScenePanel({ data, scene }))
    })
}

/** A field that was left empty asks for nothing. */
const orEmpty = <T extends z.ZodType>(number: T) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(number.optional())
const search = z.object({
  detector: z.string().optional(),
  threshold: orEmpty(z.coerce.number()),
  shortest: orEmpty(whole.max(100_000)),
})
const stretch = search.extend({
  from: whole.optional(),
  to: whole.optional(),
  width: whole.min(1).max(4000).default(1000),
})
const picture = stretch.extend({
  height: whole.min(1).max(1000).default(132),
  line: z.unknown().optional(),
})

/** All are read from what was measured; none decodes anything. */
function scores(services: Services) {
  const { db, measures } = services
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  return new Hono()
    .get(`${base}/scores`, may('anyone'), takesQuery(stretch), async (c) => {
      const session = await existing(c.req.param('key'))
      const { from = 0, to = Infinity, width, ...given } = c.get('taken')
      const { detector } = await searchOf(services.db, session, given)
      const film = await measures.of(session.id, detector)
      const end = Math.min(to, film.frames)
      const begin = Math.min(from, end - 1)
      return c.json({ from: begin, to: end, ...scoreColumns(detector.scores(film), begin, end, width) })
    })
    .get(`${base}/scores.svg`, may('anyone'), takesQuery(picture), async (c) => {
      const session = await existing(c.req.param('key'))
      const { width, height, line, ...given } = c.get('taken')
      const { detector, threshold } = await searchOf(services.db, session, given)
      const film = await measures.of(session.id, detector)
      const values = detector.scores(film)
      const columns = scoreColumns(values, 0, film.frames, width)
      const top = plotTop(values, detector.threshold, threshold)
      const drawn = { columns, top, width, height, threshold: line === undefined ? undefined : threshold }
      return c.body(scorePicture(drawn), 200, { 'content-type': 'image/svg+xml' })
    })
    .get(`${base}/curve`, may('anyone'), takesQuery(search), async (c) => {
      const session = await existing(c.req.param('key'))
      return c.json(
        await thresholdCurve(services, session, await searchOf(services.db, session, c.get('taken'))),
      )
    })
    .get(`${base}/recut`, may('anyone'), takesQuery(search), async (c) => {
      const session = await existing(c.req.param('key'))
      const trial = await tryCuts(services, session, await searchOf(services.db, session, c.get('taken')))
      return c.json({ frames: trial.frames, losses: trial.losses.length })
    })
    .get(`${base}/detectors`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      return c.json(Object.fromEntries(await scenesByDetector(services, session)))
    })
    .get(`${base}/film`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      const { rate, even, times } = await frameTimes(services, session)
      const files = await filesInRoles(db, session.id, ['sheet'])
      const sheets = files.flatMap(({ key, metadata }) =>
        metadata === null ? [] : [{ url: `/files/${key}`, ...(JSON.parse(metadata) as object) }],
      )
      return c.json({ rate, even, frames: times.length, end: times.at(-1) ?? 0, sheets })
    })
    .get(`${base}/times`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      const { times } = await frameTimes(services, session)
      return c.body(new Float32Array(times).buffer, 200, { 'content-type': 'application/octet-stream' })
    })
}

const seen = z.coerce.number().int().optional()
const split = z.object({ frame: whole, seen })
const move = z.object({ from: whole, by: z.coerce.number().int().optional(), to: whole.optional() })
const mark = z.object({
  starred: z.enum(['0', '1']).optional(),
  note: z.string().max(2000, 'a note has 2,000 letters at most').optional(),
  was: z.string().optional(),
})
const recutting = search.extend({ seen, sure: z.string().optional() })

function cuts(services: Services) {
  const { db } = services
  const by = (c: Context) => ({ ...services, db: actingAs(db, nameOf(c)) })
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  return new Hono()
    .post(`${base}/cuts/find`, may('anyone'), takesForm(recutting), async (c) => {
      const session = await existing(c.req.param('key'))
      const { sure, seen, ...given } = c.get('taken')
      const search = await searchOf(services.db, session, given)
      const options = { sure: sure !== undefined, seen }
      const trial = await choosing(() => recutRoom(by(c), session, search, options))
      if (!trial) return rechosen(c, services, session.key, true)
      const { edits } = await sessionData(services, session.key)
      const asked = {
        ...{ detector: search.detector.name, threshold: search.threshold, shortest: search.shortest },
        ...{ scenes: trial.frames.length, losses: trial.losses },
      }
      const question = { session, seen: edits.seen, asked }
      if (!isPartial(c)) return c.html(RecutPage(question))
      return c.html(answer(partial(recutId(session.key), RecutDialog(question)), noNotice))
    })
    .post(`${base}/cuts`, may('anyone'), takesForm(split), async (c) => {
      const session = await existing(c.req.param('key'))
      const { frame, seen } = c.get('taken')
      await choosing(() => splitAt(by(c), session, frame, seen))
      return rechosen(c, services, session.key, true)
    })
    .post(`${base}/cuts/:cut/merge`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await choosing(() => removeCut(by(c).db, session.id, Number(c.req.param('cut'))))
      return rechosen(c, services, session.key, true)
    })
    .post(`${base}/cuts/:cut/move`, may('anyone'), takesForm(move), async (c) => {
      const session = await existing(c.req.param('key'))
      const { from, by: step = 0, to = from + step } = c.get('taken')
      await choosing(() => moveTo(by(c), session, Number(c.req.param('cut')), { from, to }))
      return rechosen(c, services, session.key, true)
    })
    .on(['PATCH', 'POST'], `${base}/cuts/:cut`, may('anyone'), takesForm(mark), async (c) => {
      const session = await existing(c.req.param('key'))
      const { starred, note, was } = c.get('taken')
      const marked = { starred: starred === undefined ? undefined : starred === '1', note, was }
      const cut = Number(c.req.param('cut'))
      await choosing(() => markCut(by(c).db, session.id, cut, marked))
      return rechosen(c, services, session.key, [cut])
    })
}

const turned = z.object({ edit: whole })

function edits(services: Services) {
  const { db } = services
  const routes = new Hono()
  for (const [verb, turn] of [
    ['undo', undo],
    ['redo', redo],
  ] as const) {
    routes.post(`${base}/${verb}`, may('anyone'), takesForm(turned), async (c) => {
      const session = found(await findSession(db, c.req.param('key')), 'session_not_found')
      await choosing(() => turn(db, session.id, c.get('taken').edit))
      return rechosen(c, services, session.key, true)
    })
  }
  return routes
}

/** A light copy of a master that browsers do not play. */
function proxies(services: Services) {
  const { db } = services
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  const notice = async (c: Context, session: Session) => {
    const [source] = await filesInRoles(db, session.id, ['source'])
    const proxy = await services.proxies.state(session)
    return c.html(ProxyNotice({ session, codec: source?.codec ?? null, proxy, needed: true }))
  }
  return new Hono()
    .get(`${base}/proxy`, may('anyone'), takesNothing(), async (c) =>
      notice(c, await existing(c.req.param('key'))),
    )
    .post(`${base}/proxy`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await services.proxies.start(session)
      return isPartial(c) ? notice(c, session) : c.redirect(`/sessions/${session.key}/scenes`, 303)
    })
    .get(`${base}/proxy.mp4`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      const file = { path: 'proxy.mp4', sha256: null }
      return send(c, file, await services.proxies.open(session), false)
    })
}
