/**
 * Browsing the media root for a master or an R&D folder, and looking at a master before the start.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { BrowserPage, FolderBrowser } from '../../templates/browser.tsx'
import { MasterLook, ResearchLook } from '../../templates/master_look.tsx'
import { may, takesQuery } from '../http/route.ts'
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

const looking = z.object({ for: z.enum(['master', 'rd']).default('master'), path: z.string() })

export const browse = ({ disk, roots }: Pick<Services, 'disk' | 'roots'>) =>
  new Hono()
    .get('/browse', may('anyone'), takesQuery(browsing), async (c) => {
      const { for: purpose, path, q, ...picks } = c.get('taken')
      const listing = await disk.list(roots.media, path)
      const props = { purpose, listing, root: roots.media, picked: picks[purpose], narrow: q }
      const isPart = c.req.header('hx-request') === 'true'
      c.header('vary', 'HX-Request')
      return c.html(isPart ? FolderBrowser(props) : BrowserPage(props))
    })
    .get('/look', may('anyone'), takesQuery(looking), async (c) => {
      const { for: purpose, path } = c.get('taken')
      if (purpose === 'rd') {
        const look = path === '' ? null : { path, ...(await disk.lookAtResearch(roots.media, path)) }
        return c.html(ResearchLook({ look }))
      }
      const [look, free] = await Promise.all([disk.look(roots.media, path), disk.free(roots.output)])
      const name = path.slice(path.lastIndexOf('/') + 1)
      return c.html(MasterLook({ look: { ...look, name, needed: look.bytesNeeded, free } }))
    })
