/**
 * The application: a function from Request to Response, given what it needs.
 */

import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { ProblemPage } from '../templates/problem_page.tsx'
import { AppError } from './errors.ts'
import { sessions } from './routes/sessions.ts'
import type { Services } from './services.ts'

export function createApp(services: Services) {
  return new Hono()
    .use(
      secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] }, strictTransportSecurity: false }),
      csrf(),
    )
    .route('/', sessions(services))
    .notFound((c) => c.html(ProblemPage({ title: 'Nothing here', message: 'There is no such page.' }), 404))
    .onError((thrown, c) => {
      if (thrown instanceof HTTPException) return thrown.getResponse()
      const { message, status, cause } = AppError.from(thrown)
      if (cause) console.error(cause)
      return c.html(ProblemPage({ title: 'A problem', message }), status)
    })
}
