/**
 * The start page.
 */

import { Hono } from 'hono'
import { lastEventId } from '../../db/events.ts'
import { HomePage } from '../../templates/home_page.tsx'
import { gatherHome } from '../gather.ts'
import { may, takesNothing } from '../http/route.ts'
import type { Services } from '../services.ts'

export const home = ({ db, upkeep, onError }: Pick<Services, 'db' | 'upkeep' | 'onError'>) =>
  new Hono().get('/', may('anyone'), takesNothing(), async (c) => {
    // Read before the rows: what changes in between is then told twice rather than never.
    const eventId = await lastEventId(db)
    // The page stands without the disk's figures.
    const disk = await upkeep.room().catch((error: unknown) => (onError(error), null))
    return c.html(HomePage({ eventId, disk, ...(await gatherHome(db)) }))
  })
