/**
 * Every request as a line of the log, at its finest level: what was asked, and what became of it.
 */

import type { MiddlewareHandler } from 'hono'
import type { Log } from '../services.ts'

/** Without the query: people search for what is nobody else's business. */
export function requestLog(log: Log): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const { method, path } = c.req
    const session = /^\/sessions\/([^/]+)/.exec(path)?.[1]
    const milliseconds = Math.round(performance.now() - began)
    log.debug(`${method} ${path} ${c.res.status}`, { milliseconds, ...(session && { session }) })
  }
}
