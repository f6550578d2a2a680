/**
 * A small server for the tests of what is live: one page that shows settings, the event routes, and the real assets.
 * `REFUSE` makes it answer so many requests for /events with 503 first.
 */

import path from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { type Event, lastEventId } from '../../db/events.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { createAssets } from '../../server/disk/assets.ts'
import { createFeed } from '../../server/events/feed.ts'
import { headers } from '../../server/http/guard.ts'
import { events } from '../../server/routes/events.ts'
import { assets } from '../../server/routes/static.ts'

const db = openDatabase(path.join(process.env.CUTROOM_DATA ?? '', 'live.db'))
await migrate(db)
let refusals = Number(process.env.REFUSE ?? 0)
let streams = 0

const feed = createFeed({
  db,
  onError: console.error,
  pollMs: 50,
  render: async (changes) => (await Promise.all(changes.map(renderChange))).join(''),
})
const counted = {
  ...feed,
  stream(after: number) {
    streams++
    return feed.stream(after)
  },
}

const app = new Hono()
  .use(headers())
  .use('/events', async (c, next) => {
    if (refusals-- > 0) return c.text('Not now.', 503)
    return next()
  })
  .route('/', events({ db, feed: counted }))
  .route('/', assets({ assets: createAssets(path.resolve(import.meta.dirname, '../../static')) }))
  .get('/listeners', (c) => c.json({ now: feed.listeners(), ever: streams }))
  .get('/', async (c) => {
    // Read before the rows: what comes between is asked for again, never missed.
    const eventId = await lastEventId(db)
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta name="htmx-config" content='{"includeIndicatorCSS":false}' />
            <title>Live</title>
            <script src="/static/vendor/htmx.js" defer></script>
            <script src="/static/live.js" type="module"></script>
          </head>
          <body data-event-id="${eventId}">
            <p class="live" role="status"></p>
            ${raw(await counter())} ${raw(await form())}
          </body>
        </html>`,
    )
  })

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 0), hostname: '0.0.0.0' },
  ({ port }) => console.log(`http://127.0.0.1:${port}`),
)
process.once('SIGTERM', () => void feed.close().then(() => server.close()))

async function renderChange({ subject }: Event): Promise<string> {
  const [id, fragment] = subject === 'test.form' ? ['form', await form()] : ['counter', await counter()]
  return `<hx-partial hx-target="#${id}" hx-swap="outerMorph">${fragment}</hx-partial>`
}

async function valueOf(key: string): Promise<string | undefined> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}

/** Every number that was counted to, so that a missed one shows. */
async function counter(): Promise<string> {
  return `<p id="counter">${(await valueOf('test.counter')) ?? '0'}</p>`
}

async function form(): Promise<string> {
  const {
    name = 'one',
    on = false,
    choice = 'a',
    lines = 1,
  } = JSON.parse((await valueOf('test.form')) ?? '{}') as {
    name?: string
    on?: boolean
    choice?: string
    lines?: number
  }
  const option = (value: string) =>
    `<option value="${value}"${value === choice ? ' selected' : ''}>${value}</option>`
  const line = (_: unknown, number: number) => `<li id="line-${number}">Line ${number} of ${lines}</li>`
  return `<form id="form">
    <h2 id="title">About ${name}</h2>
    <label>Name <input id="name" name="name" value="${name}"></label>
    <label>Note <textarea id="note" name="note">${name}</textarea></label>
    <label>On <input type="checkbox" id="on" name="on"${on ? ' checked' : ''}></label>
    <label>Choice <select id="choice" name="choice">${['a', 'b', 'c'].map(option).join('')}</select></label>
    <details id="more"><summary>More</summary><p id="steady">These words stay as they are.</p></details>
    <dialog id="question"><button type="button" id="yes">Yes</button></dialog>
    <ol id="lines">${Array.from({ length: lines }, line).join('')}</ol>
  </form>`
}
