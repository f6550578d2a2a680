/**
 * Sessions: the page that lists them.
 */

import { Hono } from 'hono'
import { listSessions, sessionProgress } from '../../db/sessions.ts'
import { SessionsPage } from '../../templates/sessions_page.tsx'
import type { Services } from '../services.ts'

export const sessions = ({ db }: Services) =>
  new Hono().get('/', async (c) => {
    const rows = await listSessions(db, 100)
    const progress = await Promise.all(rows.map(({ id }) => sessionProgress(db, id)))
    return c.html(SessionsPage({ sessions: rows.map((session, i) => ({ session, progress: progress[i] })) }))
  })
