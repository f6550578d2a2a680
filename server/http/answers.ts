/**
 * What commands about a session answer: the fragments that changed or, without JavaScript, the page again.
 */

import type { Context } from 'hono'
import { lastEventId } from '../../db/events.ts'
import { renderChange, renderScenes, renderSomeScenes } from '../../templates/changes.tsx'
import { answer } from '../../templates/partial.tsx'
import { noNotice } from '../../templates/problem_page.tsx'
import { ChoiceError } from '../../db/choosing.ts'
import { AppError } from '../errors.ts'
import { gatherHome, sessionData } from '../gather.ts'
import type { Services } from '../services.ts'

export const isPartial = (c: Context) => c.req.header('hx-request') === 'true'

/** After a command: what of the session's pages it changed. */
export async function changed(c: Context, services: Services, key: string) {
  if (!isPartial(c)) return c.redirect(`/sessions/${key}`, 303)
  await stamp(c, services)
  const data = { session: await sessionData(services, key), home: await gatherHome(services.db) }
  return c.html(answer(renderChange({ topic: 'session', subject: key }, data), noNotice))
}

/**
 * After a change of the choice.
 * @param scenes whether other scenes are shown now, or which look different, by the ids of their cuts; none where the
 * form itself shows what they now are.
 */
export async function rechosen(
  c: Context,
  services: Services,
  key: string,
  scenes: boolean | readonly number[] = [],
) {
  if (!isPartial(c)) return c.redirect(`/sessions/${key}${placeOf(c, key)}`, 303)
  await stamp(c, services)
  const data = await sessionData(services, key)
  // A film of thousands of scenes takes a while to read, and another to write.
  await services.measures.pause()
  return c.html(answer(scenes === true ? renderScenes(data) : renderSomeScenes(data, scenes || []), noNotice))
}

/** The page that the form stood on. */
function placeOf(c: Context, key: string): string {
  const from = new URL(c.req.header('referer') ?? 'http://nowhere/').pathname
  return from === `/sessions/${key}/scenes` ? '/scenes' : `#scenes-${key}`
}

/** How new the answer is, for the page to tell which of two came late. Read before the rows, as everywhere. */
export const stamp = async (c: Context, { db }: Services) =>
  c.header('cutroom-event', String(await lastEventId(db)))

/** What the database refuses, in the words of the table of problems. */
export async function choosing<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof ChoiceError)) throw error
    if (error.code === 'group_too_small')
      throw new AppError('bad_input', { detail: error.message, cause: error })
    if (error.code === 'cut_not_possible' || error.code === 'changed_meanwhile')
      throw new AppError(error.code, { detail: error.message, cause: error })
    throw new AppError(error.code, { cause: error })
  }
}
