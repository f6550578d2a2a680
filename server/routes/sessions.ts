/**
 * Sessions: their pages, what can be done with them, and the choice of scenes.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import {
  addGroup,
  ChoiceError,
  confirmChoice,
  moveGroup,
  removeGroup,
  renameGroup,
  setTicks,
} from '../../db/choices.ts'
import { lastEventId } from '../../db/events.ts'
import { filesOf, type LocatedFile } from '../../db/files.ts'
import { answer } from '../../templates/partial.tsx'
import { renderChange, renderChoice, renderScenes } from '../../templates/changes.tsx'
import type { SessionData } from '../../templates/data.ts'
import { LogPage } from '../../templates/log_page.tsx'
import { noNotice } from '../../templates/problem_page.tsx'
import { OutputsPage } from '../../templates/outputs_page.tsx'
import { QuestionPage } from '../../templates/questions.tsx'
import { SessionPage } from '../../templates/session_page.tsx'
import { AppError } from '../errors.ts'
import { gatherHome, sessionData } from '../gather.ts'
import { may, takesForm, takesNothing } from '../http/route.ts'
import type { Services } from '../services.ts'

const base = '/sessions/:key'

export function sessions(services: Services) {
  return new Hono().route('/', pages(services)).route('/', commands(services)).route('/', choices(services))
}

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
    .get(`${base}/outputs`, may('anyone'), takesNothing(), async (c) =>
      c.html(OutputsPage(await read(c.req.param('key')))),
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
  const rows = await filesOf(db, session.id)
  const file = rows.find((row): row is LocatedFile => row.role === 'log')
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
const ticks = z.object({ scene: numbers, tick: z.enum(['all', 'none', 'invert']).optional() })
/** `ticks` says that the form shows the ticks; without it nothing is said about them. */
const chosen = z.object({ scene: numbers, ticks: z.string().optional() })
const groupChange = z.object({
  name: z.string().trim().max(100, 'a name has 100 letters at most').optional(),
  move: z.enum(['up', 'down']).optional(),
})

function choices(services: Services) {
  const { db } = services
  const tick = takesForm(ticks)
  const change = takesForm(groupChange)
  return new Hono()
    .on(['PATCH', 'POST'], `${base}/scenes`, may('anyone'), tick, async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      const { scene, tick: all } = c.get('taken')
      await choosing(() => setTicks(db, data.session.id, all ? allOf(data, all) : scene))
      return rechosen(c, services, data.session.key, all !== undefined)
    })
    .post(`${base}/groups`, may('anyone'), takesForm(chosen), async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      await choosing(() => addGroup(db, data.session.id, c.get('taken').scene))
      return rechosen(c, services, data.session.key)
    })
    .on(['PATCH', 'POST'], `${base}/groups/:group`, may('anyone'), change, async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      const { name, move } = c.get('taken')
      await choosing(async () => {
        if (name !== undefined) await renameGroup(db, data.session.id, c.req.param('group'), name)
        if (move !== undefined) await moveGroup(db, data.session.id, c.req.param('group'), move)
      })
      return rechosen(c, services, data.session.key)
    })
    .delete(`${base}/groups/:group`, may('anyone'), takesNothing(), async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      await choosing(() => removeGroup(db, data.session.id, c.req.param('group')))
      return rechosen(c, services, data.session.key)
    })
    .post(`${base}/groups/:group/delete`, may('anyone'), takesNothing(), async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      await choosing(() => removeGroup(db, data.session.id, c.req.param('group')))
      return rechosen(c, services, data.session.key)
    })
    .post(`${base}/choice`, may('anyone'), takesForm(chosen), async (c) => {
      const data = await sessionData(services, c.req.param('key'))
      const { scene, ticks: shown } = c.get('taken')
      await choosing(() => confirmChoice(db, data.session.id, shown === undefined ? undefined : scene))
      return changed(c, services, data.session.key)
    })
}

function allOf({ scenes }: SessionData, which: 'all' | 'none' | 'invert'): number[] {
  if (which === 'none') return []
  return scenes.filter(({ ticked }) => which === 'all' || ticked === 0).map(({ number }) => number)
}

/** What the database refuses, in the words of the table of problems. */
async function choosing<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof ChoiceError)) throw error
    if (error.code === 'group_too_small')
      throw new AppError('bad_input', { detail: error.message, cause: error })
    throw new AppError(error.code, { cause: error })
  }
}

const isPartial = (c: Context) => c.req.header('hx-request') === 'true'

/** After a command: the fragments it changed, or, without JavaScript, the page again. */
async function changed(c: Context, services: Services, key: string) {
  if (!isPartial(c)) return c.redirect(`/sessions/${key}`, 303)
  await stamp(c, services)
  const data = { session: await sessionData(services, key), home: await gatherHome(services.db) }
  return c.html(answer(renderChange({ topic: 'session', subject: key }, data), noNotice))
}

/** After a change of the choice; the scenes themselves only where the form did not show what they now are. */
async function rechosen(c: Context, services: Services, key: string, scenes = false) {
  if (!isPartial(c)) return c.redirect(`/sessions/${key}#scenes-${key}`, 303)
  await stamp(c, services)
  const data = await sessionData(services, key)
  return c.html(answer(scenes ? renderScenes(data) : renderChoice(data), noNotice))
}

/** How new the answer is, for the page to tell which of two came late. Read before the rows, as everywhere. */
const stamp = async (c: Context, { db }: Services) => c.header('cutroom-event', String(await lastEventId(db)))
