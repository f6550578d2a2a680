/**
 * Browsing the media root for a master or an R&D folder, and looking at a master before the start.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { BrowserPage, FolderBrowser } from '../../templates/browser.tsx'
import { MasterLook, ResearchLook } from '../../templates/master_look.tsx'
import { answer, partial } from '../../templates/partial.tsx'
import { may, takesQuery } from '../http/route.ts'
import { lookAtMaster } from '../master_look.ts'
import type { Services } from '../services.ts'

const browsing = z.object({
  for: z.enum(['master', 'rd'], 'browse for a master or for rd'),
  path: z.string().default(''),
  /** What is picked already, by the field's own name. */
  master: z.string().default(''),
  rd: z.string().default(''),
  /** What was typed to narrow the folder. */
  q: z.string().default(''),
})

const looking = z.object({
  for: z.enum(['master', 'rd']).default('master'),
  path: z.string(),
  preset: z.string().max(100).default(''),
  /** What is picked already, besides. */
  master: z.string().default(''),
  rd: z.string().default(''),
})

export function browse(services: Pick<Services, 'db' | 'disk' | 'roots' | 'estimates'>) {
  const { disk, roots } = services
  return new Hono()
    .get('/browse', may('anyone'), takesQuery(browsing), async (c) => {
      const { for: purpose, path, q, ...picks } = c.get('taken')
      const listing = await disk.list(roots.media, path)
      const props = { purpose, listing, root: roots.media, picked: picks[purpose], narrow: q }
      const isPart = c.req.header('hx-request') === 'true'
      c.header('vary', 'HX-Request')
      return c.html(isPart ? FolderBrowser(props) : BrowserPage(props))
    })
    .get('/look', may('anyone'), takesQuery(looking), async (c) => {
      const { for: purpose, path, preset, master, rd } = c.get('taken')
      if (purpose === 'master')
        return c.html(MasterLook({ look: await lookAtMaster(services, path, { preset, rd }) }))
      const look = path === '' ? null : { path, ...(await disk.lookAtResearch(roots.media, path)) }
      const told = partial('look-rd', ResearchLook({ look }), 'outerHTML')
      if (master === '') return c.html(answer(told))
      const needs = await lookAtMaster(services, master, { preset, rd: path })
      return c.html(answer(told, partial('look', MasterLook({ look: needs }))))
    })
}
