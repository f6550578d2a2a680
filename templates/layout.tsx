/**
 * The page around every page.
 */

import { html } from 'hono/html'
import type { Child } from 'hono/jsx'

export function Layout({ title, children }: { title: string; children?: Child }) {
  return html`<!doctype html>${(
      <html lang='en'>
        <head>
          <meta charset='utf-8' />
          <meta name='viewport' content='width=device-width, initial-scale=1' />
          <title>{title} · Cutroom</title>
        </head>
        <body>
          <main>{children}</main>
        </body>
      </html>
    )}`
}
