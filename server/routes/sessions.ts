/**
 * Sessions: their pages, what can be done with them, and the choice of scenes.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { leaveChoice, reopenChoice } from '../../db/choice_again.ts'
import {
  addGroup,
  addGroupOfCuts,
  addToGroup,
  changeTicks,
  confirmChoice,
  fillGroup,
  moveGroup,
  placeGroup,
  removeGroup,
  renameGroup,
  setTicks,
} from '../../db/choices.ts'
import { lastEventId } from '../../db/events.ts'
import { filesInRoles } from '../../db/files.ts'
import { scenesOf } from '../../db/scenes.ts'
import type { Scene } from '../../db/schema.ts'
import { findSession } from '../../db/sessions.ts'
import type { SessionData } from '../../templates/data.ts'
import { LogPage } from '../../templates/log_page.tsx'
import { OutputsPage } from '../../templates/outputs_page.tsx'
import { QuestionPage } from '../../templates/questions.tsx'
import { tickRules } from '../../templates/scene_grid.tsx'
import { SessionPage } from '../../templates/session_page.tsx'
import { AppError, found } from '../errors.ts'
import { sessionData } from '../gather.ts'
import { changed, choosing, rechosen } from '../http/answers.ts'
import { nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const base = '/sessions/:key'

export function sessions(services: Services) {
  return new Hono().route('/', pages(services)).route('/', commands(services)).route('/', choices(services))
}

const gallery = z.object({ page: z.coerce.number().int().min(1).max(100_000).default(1) })

function pages(services: Services) {
  const read = async (key: string) => {
    // Read before the rows: what changes in between is then told twice rather than never.
    const eventId = await lastEventId(services.db)
    return { eventId, data: await sessionData(services, key) }
  }
  return new Hono()
    .get(base, may('anyone'), takesNothing(), async (c) =>
      c.html(SessionPage(await read(c.req.param('key')))),
    )
    .get(`${base}/outputs`, may('anyone'), takesQuery(gallery), async (c) =>
      c.html(OutputsPage({ ...(await read(c.req.param('key'))), page: c.get('taken').page })),
    )
    .get(`${base}/log`, may('anyone'), takesNothing(), async (c) => {
      const page = await read(c.req.param('key'))
      return c.html(LogPage({ ...page, log: await readLog(services, page.data) }))
    })
    .get(`${base}/cancel`, may('anyone'), takesNothing(), async (c) =>
      c.html(QuestionPage({ question: 'cancel', ...(await read(c.req.param('key'))).data })),
    )
    .get(`${base}/delete`, may('anyone'), takesNothing(), async (c) =>
      c.html(QuestionPage({ question: 'delete', ...(await read(c.req.param('key'))).data })),
    )
}

/** The process log's text; null while there is none, or where the file has gone. */
async function readLog({ db, disk }: Services, { session }: SessionData) {
  const [file] = await filesInRoles(db, session.id, ['log'])
  if (!file) return null
  try {
    const open = await disk.open(file)
    if (open.bytes === 0) return { file, text: '' }
    return { file, text: await new Response(open.stream(0, open.bytes - 1)).text() }
  } catch (error) {
    if (error instanceof AppError && error.code === 'file_not_found') return null
    throw error
  }
}

const deletion = z.object({ outputs: z.string().optional() })

function commands(services: Services) {
  const { sessions: run } = services
  return new Hono()
    .post(`${base}/pause`, may('anyone'), takesNothing(), async (c) => {
      await run.pause(c.req.param('key'))
      return changed(c, services, c.req.param('key'))
    })
    .post(`${base}/resume`, may('anyone'), takesNothing(), async (c) => {
      await run.resume(c.req.param('key'))
      return changed(c, services, c.req.param('key'))
    })
    .post(`${base}/cancel`, may('anyone'), takesNothing(), async (c) => {
      await run.cancel(c.req.param('key'))
      return changed(c, services, c.req.param('key'))
    })
    .post(`${base}/delete`, may('anyone'), takesForm(deletion), async (c) => {
      await run.remove(c.req.param('key'), { withOutputs: c.get('taken').outputs === 'delete' })
      return c.redirect('/', 303)
    })
    .post(`${base}/operations/:name/retry`, may('anyone'), takesNothing(), async (c) => {
      await run.retry(c.req.param('key'), c.req.param('name'))
      return changed(c, services, c.req.param('key'))
    })
}

const number = z.coerce.number().int().min(1)
/** None, one or several fields of one name. */
const numbers = z
  .union([z.array(number), number.transform((one) => [one])])
  .optional()
  .transform((given) => given ?? [])
const list = z
  .string()
  .regex(/^[\d,]*$/, 'ids of cuts, with commas between')
  .transform((ids) => (ids === '' ? [] : ids.split(',').map(Number)))
const seconds = z.coerce.number().min(0)
const seen = z.coerce.number().int().optional()

/**
 * What static/scenes.js sends is what changed, by the ids of cuts (`ticked`, `unticked`), so that two who tick at once do
 * not undo each other. A plain form sends the numbers of all that are ticked, and how much of it was `seen`.
 */
const ticks = z.object({
  scene: numbers,
  tick: z.enum(tickRules).optional(),
  seconds: seconds.optional(),
  ticked: list.optional(),
  unticked: list.optional(),
  seen,
})
/** `ticks` says that the form shows the ticks; without it nothing is said about them. */
const chosen = z.object({
  scene: numbers,
  ticks: z.string().optional(),
  cuts: list.optional(),
  ticked: list.optional(),
  unticked: list.optional(),
  seen,
})
const groupChange = z.object({
  name: z.string().trim().max(100, 'a name has 100 letters at most').optional(),
  move: z.enum(['up', 'down']).optional(),
  place: z.coerce.number().int().min(1).optional(),
  cuts: list.optional(),
  /** The name, or the cuts, as they stood where this was asked for. */
  was: z.string().max(100_000).optional(),
})

function choices(services: Services) {
  const { db } = services
  const by = (c: Context) => actingAs(db, nameOf(c))
  const existing = async (key: string) => found(await findSession(db, key), 'session_not_found')
  const tick = takesForm(ticks)
  const change = takesForm(groupChange)
  return new Hono()
    .on(['PATCH', 'POST'], `${base}/scenes`, may('anyone'), tick, async (c) => {
      const session = await existing(c.req.param('key'))
      const { scene, tick: rule, seconds = 0, ticked, unticked, seen } = c.get('taken')
      await choosing(async () => {
        if (rule) await setTicks(by(c), session.id, allOf(await scenesOf(db, session.id), rule, seconds))
        else if (ticked || unticked)
          await changeTicks(by(c), session.id, { tick: ticked ?? [], untick: unticked ?? [] })
        else await setTicks(by(c), session.id, scene, seen)
      })
      return rechosen(c, services, session.key, rule !== undefined)
    })
    .post(`${base}/groups`, may('anyone'), takesForm(chosen), async (c) => {
      const session = await existing(c.req.param('key'))
      const { cuts, scene } = c.get('taken')
      await choosing(() =>
        cuts ? addGroupOfCuts(by(c), session.id, cuts) : addGroup(by(c), session.id, scene),
      )
      return rechosen(c, services, session.key)
    })
    .on(['PATCH', 'POST'], `${base}/groups/:group`, may('anyone'), change, async (c) => {
      const session = await existing(c.req.param('key'))
      const { name, move, place, cuts, was } = c.get('taken')
      await choosing(async () => {
        if (name !== undefined) await renameGroup(by(c), session.id, c.req.param('group'), name, was)
        if (move !== undefined) await moveGroup(by(c), session.id, c.req.param('group'), move)
        if (place !== undefined) await placeGroup(by(c), session.id, c.req.param('group'), place)
        if (cuts !== undefined)
          await fillGroup(
            by(c),
            session.id,
            c.req.param('group'),
            cuts,
            was === undefined ? was : list.parse(was),
          )
      })
      return rechosen(c, services, session.key)
    })
    .post(`${base}/groups/:group/scenes`, may('anyone'), takesForm(chosen), async (c) => {
      const session = await existing(c.req.param('key'))
      const { cuts, scene } = c.get('taken')
      const scenes = cuts ? [] : await scenesOf(db, session.id)
      const ids = cuts ?? scenes.filter(({ number }) => scene.includes(number)).map(({ cut_id }) => cut_id)
      await choosing(() => addToGroup(by(c), session.id, c.req.param('group'), ids))
      return rechosen(c, services, session.key)
    })
    .delete(`${base}/groups/:group`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await choosing(() => removeGroup(by(c), session.id, c.req.param('group')))
      return rechosen(c, services, session.key)
    })
    .post(`${base}/groups/:group/delete`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await choosing(() => removeGroup(by(c), session.id, c.req.param('group')))
      return rechosen(c, services, session.key)
    })
    .post(`${base}/choice`, may('anyone'), takesForm(chosen), async (c) => {
      const session = await existing(c.req.param('key'))
      const { scene, ticks: shown, ticked, unticked } = c.get('taken')
      const last =
        ticked || unticked
          ? { tick: ticked ?? [], untick: unticked ?? [] }
          : shown === undefined
            ? undefined
            : scene
      const isMade = await choosing(() => confirmChoice(by(c), session.id, last))
      if (isMade) await remakeStale(services, session.key)
      return changed(c, services, session.key)
    })
    .post(`${base}/choice/again`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await choosing(() => reopenChoice(by(c), session.id))
      return c.redirect(`/sessions/${session.key}/scenes`, 303)
    })
    .post(`${base}/choice/leave`, may('anyone'), takesNothing(), async (c) => {
      const session = await existing(c.req.param('key'))
      await choosing(() => leaveChoice(by(c), session.id))
      return c.redirect(`/sessions/${session.key}/scenes`, 303)
    })
}

/** What the new choice has made out of date; often nothing. */
async function remakeStale({ sessions }: Services, key: string): Promise<void> {
  try {
    await sessions.remake(key, { leftovers: false })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'nothing_to_remake')) throw error
  }
}

function allOf(scenes: Scene[], rule: (typeof tickRules)[number], seconds: number): number[] {
  const wanted: Record<typeof rule, (scene: Scene) => boolean> = {
    all: () => true,
    none: () => false,
    invert: ({ ticked }) => ticked === 0,
    starred: ({ starred }) => starred === 1,
    longer: ({ start_time, end_time }) => end_time - start_time >= seconds,
    shorter: ({ start_time, end_time }) => end_time - start_time < seconds,
  }
  return scenes.filter(wanted[rule]).map(({ number }) => number)
}
