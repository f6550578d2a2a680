/**
 * The registry of files: searched, verified, and held against what lies on disk.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastSurvey, registryRow, searchRegistry } from '../../db/registry.ts'
import { fileRoles } from '../../db/schema.ts'
import { FileRow, FilesPage, FilesTable } from '../../templates/files_page.tsx'
import { SurveyPanel } from '../../templates/files_survey.tsx'
import { found } from '../errors.ts'
import { may, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const pageSize = 50

const text = z.string().trim().max(200).catch('').default('')
const megabytes = z.string().trim().max(20).catch('').default('')
/** What cannot be used is what it would be if it were not there: a link may be old. */
const query = z.object({
  q: text,
  role: z
    .union([z.literal(''), z.enum(fileRoles)])
    .catch('')
    .default(''),
  codec: text,
  session: text,
  least: megabytes,
  most: megabytes,
  missing: z.literal('1').optional().catch(undefined),
  before: z.coerce.number().int().min(1).optional().catch(undefined),
})

export function registry({ db, registry: disk }: Pick<Services, 'db' | 'registry'>) {
  return new Hono()
    .get('/files', may('anyone'), takesQuery(query), async (c) => {
      const { missing, before, ...asked } = c.get('taken')
      const search = {
        words: asked.q,
        role: asked.role || undefined,
        codec: asked.codec || undefined,
        session: asked.session || undefined,
        least: bytesOf(asked.least),
        most: bytesOf(asked.most),
        missing: missing !== undefined,
        before,
      }
      const list = {
        query: { ...asked, missing: missing !== undefined, before },
        ...(await searchRegistry(db, search, pageSize, disk.pause)),
      }
      c.header('vary', 'HX-Request')
      if (c.req.header('hx-request') === 'true') return c.html(FilesTable(list))
      return c.html(FilesPage({ ...list, survey: await lastSurvey(db) }))
    })
    .get('/files/survey', may('anyone'), takesNothing(), async (c) => {
      if (c.req.header('hx-request') !== 'true') return c.redirect('/files', 303)
      return c.html(SurveyPanel({ survey: await lastSurvey(db) }))
    })
    .post('/files/survey', may('anyone'), takesNothing(), async (c) => {
      await disk.survey()
      if (c.req.header('hx-request') !== 'true') return c.redirect('/files', 303)
      return c.html(SurveyPanel({ survey: await lastSurvey(db) }))
    })
    .get('/files/:key/row', may('anyone'), takesNothing(), async (c) => {
      const row = found(await registryRow(db, c.req.param('key')), 'file_not_found')
      if (c.req.header('hx-request') !== 'true') return c.redirect(`/files?session=${row.session_key}`, 303)
      return c.html(FileRow({ row }))
    })
    .post('/files/:key/verify', may('anyone'), takesNothing(), async (c) => {
      await disk.verify(c.req.param('key'))
      const row = found(await registryRow(db, c.req.param('key')), 'file_not_found')
      if (c.req.header('hx-request') !== 'true') return c.redirect(`/files?session=${row.session_key}`, 303)
      return c.html(FileRow({ row }))
    })
}

/** Decimal megabytes, as sizes are told; undefined where it is no number. */
function bytesOf(megabytes: string): number | undefined {
  const value = Number(megabytes.replace(',', '.'))
  return megabytes === '' || !Number.isFinite(value) || value < 0 ? undefined : Math.round(value * 1e6)
}
