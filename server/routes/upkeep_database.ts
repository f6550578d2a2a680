/**
 * The database for people: looked into, asked, carried out as CSV and JSON, backed up and put back.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { BackupsPage, RestorePage } from '../../templates/upkeep_backups_page.tsx'
import { TablePage } from '../../templates/database_table_page.tsx'
import { AnswerPage, ImportedPage, LookPage } from '../../templates/upkeep_database_page.tsx'
import { AppError } from '../errors.ts'
import { disposition } from '../http/content_type.ts'
import { nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const pageSize = 50

/** What cannot be used is what it would be if it were not there: a link may be old. */
const place = z.object({
  sort: z.string().max(100).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).catch('asc').default('asc'),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1).default(1),
})
const form = z.object({ format: z.enum(['csv', 'json']).catch('csv').default('csv') })
const asked = z.object({
  sql: z.string().trim().min(1, 'type a query').max(20_000, 'a query has 20,000 letters at most'),
})

const taken = z.object({ path: z.string().trim().min(1, 'say where it lies').max(4000) })

const table = '/upkeep/database/:name{[A-Za-z0-9_]+}'

/** `counted=1`: every row and page is counted. */
const looked = z.object({ counted: z.string().max(10).catch('').default('') })

type Kept = Pick<Services, 'db' | 'keeping' | 'upkeep'>

export const upkeepDatabase = (services: Kept) =>
  new Hono().route('/', looking(services)).route('/', keeping(services))

const looking = ({ db, keeping }: Kept) =>
  new Hono()
    .get('/upkeep/database', may('anyone'), takesQuery(looked), async (c) =>
      c.html(
        LookPage({
          eventId: await lastEventId(db),
          look: c.get('taken').counted === '1' ? await keeping.look() : keeping.glance(),
          imports: await keeping.imports(),
        }),
      ),
    )
    .post('/upkeep/database', may('anyone'), takesForm(asked), async (c) => {
      const { sql } = c.get('taken')
      const answer = await keeping.query(sql).catch(complaint)
      return c.html(AnswerPage({ eventId: await lastEventId(db), sql, answer }))
    })
    .post('/upkeep/database/import', may('anyone'), takesForm(taken), async (c) => {
      const { path } = c.get('taken')
      const report = await keeping.importState(path, nameOf(c))
      return c.html(ImportedPage({ eventId: await lastEventId(db), path, report }))
    })
    .get(table, may('anyone'), takesQuery(place), async (c) => {
      const [name, query] = [c.req.param('name'), c.get('taken')]
      const offset = (query.page - 1) * pageSize
      const rows = await keeping.browse({ name, ...query, limit: pageSize, offset })
      return c.html(TablePage({ eventId: await lastEventId(db), name, query, rows, pageSize }))
    })
    .get(`${table}/export`, may('anyone'), takesQuery(form), async (c) => {
      const [name, { format }] = [c.req.param('name'), c.get('taken')]
      await keeping.browse({ name, limit: 0, offset: 0 }) // what is not there is said before anything is sent
      const body = c.req.method === 'HEAD' ? null : keeping.export(name, format)
      return new Response(body, {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
          'content-disposition': disposition('attachment', `${name}.${format === 'csv' ? 'csv' : 'jsonl'}`),
          'cache-control': 'private, no-store',
        },
      })
    })

/** What was wrong with a query is told beside it, for the next try. */
function complaint(error: unknown): string {
  if (error instanceof AppError && error.code === 'not_answered') return error.detail ?? error.message
  throw error
}

const backup = '/upkeep/backups/:name{[a-z_0-9]+\\.db(\\.gz)?}/restore'

const keeping = ({ db, keeping, upkeep }: Kept) =>
  new Hono()
    .get('/upkeep/backups', may('anyone'), takesNothing(), async (c) =>
      c.html(BackupsPage({ eventId: await lastEventId(db), ...(await keeping.backups()) })),
    )
    .post('/upkeep/backups', may('anyone'), takesNothing(), async (c) => {
      await upkeep.run('backup', nameOf(c)) // on a large database it goes on behind the answer
      return toBackups(c)
    })
    .get(backup, may('anyone'), takesNothing(), async (c) => {
      const { list } = await keeping.backups()
      const found = list.find(({ name }) => name === c.req.param('name'))
      if (!found) throw new AppError('backup_not_found')
      return c.html(RestorePage({ eventId: await lastEventId(db), backup: found }))
    })
    .post(backup, may('anyone'), takesNothing(), async (c) => {
      await keeping.restore(c.req.param('name'))
      return toBackups(c)
    })

const toBackups = (c: Context) => c.redirect('/upkeep/backups', 303)
