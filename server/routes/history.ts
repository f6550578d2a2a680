/**
 * The history: searched, sorted, a page at a time.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { allTotals, monthTotals, searchHistory } from '../../db/overview.ts'
import { HistoryPage, historySorts, HistoryTable } from '../../templates/history_page.tsx'
import { may, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const pageSize = 50

/** What cannot be used is what it would be if it were not there: a link may be old. */
const query = z.object({
  q: z.string().max(200).catch('').default(''),
  sort: z.enum(historySorts).catch('completed').default('completed'),
  order: z.enum(['asc', 'desc']).catch('desc').default('desc'),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
})

export const history = ({ db }: Pick<Services, 'db'>) =>
  new Hono().get('/history', may('anyone'), takesQuery(query), async (c) => {
    const asked = c.get('taken')
    const eventId = await lastEventId(db)
    const list = {
      query: asked,
      pageSize,
      ...(await searchHistory(db, {
        words: asked.q,
        sort: asked.sort,
        order: asked.order,
        limit: pageSize,
        offset: (asked.page - 1) * pageSize,
      })),
    }
    c.header('vary', 'HX-Request')
    if (c.req.header('hx-request') === 'true') return c.html(HistoryTable(list))
    const [totals, month] = [await allTotals(db), await monthTotals(db)]
    return c.html(HistoryPage({ eventId, totals, month, ...list }))
  })
