/**
 * Dresses pages as the setting says.
 */

import type { MiddlewareHandler } from 'hono'
import type { Db } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { wearTheme } from '../../templates/theme.ts'

/** Parts of pages and files have no theme of their own: nothing is asked for them. */
export function themed(db: Db): MiddlewareHandler {
  return async (c, next) => {
    const isPage = c.req.header('accept')?.includes('text/html') && c.req.header('hx-request') !== 'true'
    if (isPage) wearTheme((await settings(db)).ui_theme)
    await next()
  }
}
