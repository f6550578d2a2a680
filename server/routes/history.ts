/**
 * The history: searched, sorted, a page at a time.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { allTotals, historyStates, monthTotals, searchHistory } from '../../db/overview.ts'
import { sessionsByWeek, sizeByPreset, timeByOperation } from '../../db/statistics.ts'
import { HistoryPage, historySorts, HistoryTable } from '../../templates/history_page.tsx'
import { may, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const pageSize = 50
const [weeksDrawn, presetsDrawn] = [12, 6]

/** What cannot be used is what it would be if it were not there: a link may be old. */
const query = z.object({
  q: z.string().max(200).catch('').default(''),
  sort: z.enum(historySorts).catch('completed').default('completed'),
  order: z.enum(['asc', 'desc']).catch('desc').default('desc'),
  state: z
    .union([z.literal(''), z.enum(historyStates)])
    .catch('')
    .default(''),
  archived: z.literal('1').optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
})

export const history = ({ db }: Pick<Services, 'db'>) =>
  new Hono().get('/history', may('anyone'), takesQuery(query), async (c) => {
    const { archived, ...rest } = c.get('taken')
    const asked = { ...rest, archived: archived !== undefined }
    const eventId = await lastEventId(db)
    const list = {
      query: asked,
      pageSize,
      ...(await searchHistory(db, {
        words: asked.q,
        sort: asked.sort,
        order: asked.order,
        state: asked.state || undefined,
        archived: asked.archived,
        limit: pageSize,
        offset: (asked.page - 1) * pageSize,
      })),
    }
    c.header('vary', 'HX-Request')
    if (c.req.header('hx-request') === 'true') return c.html(HistoryTable(list))
    const [totals, month] = [await allTotals(db), await monthTotals(db)]
    const drawn = {
      weeks: await sessionsByWeek(db, weeksDrawn),
      times: await timeByOperation(db),
      sizes: await sizeByPreset(db, presetsDrawn),
    }
    return c.html(HistoryPage({ eventId, totals, month, drawn, ...list }))
  })
