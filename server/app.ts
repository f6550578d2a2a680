/**
 * The application: a function from Request to Response, given what it needs.
 */

import { Hono } from 'hono'
import { raw } from 'hono/html'
import { HTTPException } from 'hono/http-exception'
import { versionAssets } from '../templates/asset.ts'
import { problemNotice, ProblemPage } from '../templates/problem_page.tsx'
import { AppError } from './errors.ts'
import { requestLog } from './http/request_log.ts'
import { headers, knownHost, sameOrigin, smallBody } from './http/guard.ts'
import { themed } from './http/theme.ts'
import { browse } from './routes/browse.ts'
import { events } from './routes/events.ts'
import { files } from './routes/files.ts'
import { archives } from './routes/archives.ts'
import { handoff } from './routes/handoff.ts'
import { history } from './routes/history.ts'
import { home } from './routes/home.ts'
import { room } from './routes/room.ts'
import { lineage } from './routes/lineage.ts'
import { registry } from './routes/registry.ts'
import { presets } from './routes/presets.ts'
import { settings } from './routes/settings.ts'
import { sessions } from './routes/sessions.ts'
import { assets } from './routes/static.ts'
import { stills } from './routes/stills.ts'
import { upkeep } from './routes/upkeep.ts'
import { upkeepDatabase } from './routes/upkeep_database.ts'
import type { Services } from './services.ts'

export function createApp(services: Services) {
  versionAssets(services.assets.version)
  return new Hono()
    .use(
      requestLog(services.log),
      headers(),
      knownHost(services.hosts),
      sameOrigin(),
      smallBody(),
      themed(services.db),
    )
    .route('/', home(services))
    .route('/', archives(services))
    .route('/', sessions(services))
    .route('/', room(services))
    .route('/', handoff(services))
    .route('/', stills(services))
    .route('/', history(services))
    .route('/', presets(services))
    .route('/', settings(services))
    .route('/', browse(services))
    .route('/', lineage(services))
    .route('/', registry(services))
    .route('/', files(services))
    .route('/', events(services))
    .route('/', upkeep(services))
    .route('/', upkeepDatabase(services))
    .route('/', assets(services))
    .notFound((c) => {
      const { message, status } = new AppError('page_not_found')
      return c.html(ProblemPage({ title: titleOf(status), message }), status)
    })
    .onError((thrown, c) => {
      if (thrown instanceof HTTPException) return thrown.getResponse()
      const problem = AppError.from(thrown)
      if (problem.code === 'unexpected') services.onError(problem.cause)
      // A page that asked for a part of itself stays, and says what went wrong.
      if (c.req.header('hx-request') === 'true')
        return c.html(raw(problemNotice(problem.message)), problem.status)
      return c.html(
        ProblemPage({
          title: titleOf(problem.status),
          message: problem.message,
          ours: problem.status >= 500,
        }),
        problem.status,
      )
    })
}

const titleOf = (status: number) =>
  status === 404 ? '404: nothing here' : status >= 500 ? '500: our fault' : 'That did not work'
