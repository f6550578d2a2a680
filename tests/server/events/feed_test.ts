/**
 * The feed over real HTTP: what a browser hears, in which order, and what it hears when it comes late.
 */

import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Event, lastEventId } from '../../../db/events.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Db } from '../../../db/schema.ts'
import { createFeed, type FeedOptions } from '../../../server/events/feed.ts'
import { events } from '../../../server/routes/events.ts'
import { freshDatabase } from '../../db/fixture.ts'
import { folder } from '../../media.ts'

const feeds = suite('event feed')

feeds('tells a change within half a second, also one made by another process’s connection', async () => {
  const { file, listen, close } = await setUp()
  const stream = await listen('/events')
  const other = openDatabase(file)
  const begun = Date.now()
  await set(other, 'a', 1)
  await stream.until(() => stream.messages.length === 1)
  assert.ok(Date.now() - begun < 500, `${Date.now() - begun} ms`)
  assert.equal(stream.messages[0]?.html, '<hx-partial>setting a=1</hx-partial>')
  await other.destroy()
  await close()
})

feeds(
  'makes one message of a burst, renders each change once, and gives all listeners the same',
  async () => {
    const { db, listen, close, rendered } = await setUp({ pollMs: 200 })
    const streams = await Promise.all([1, 2, 3].map(() => listen('/events')))
    for (let value = 1; value <= 50; value++) await set(db, 'a', value)
    await set(db, 'b', 1)
    for (const stream of streams) await stream.until(() => stream.last?.html.includes('b=1'))
    assert.ok(rendered.length <= 4, `rendered ${rendered.join()}`)
    assert.equal(streams[1]?.text, streams[0]?.text)
    assert.equal(streams[2]?.text, streams[0]?.text)
    assert.equal(streams[0]?.last?.id, await lastEventId(db))
    await close()
  },
)

feeds('tells who comes late what changed since, and Last-Event-ID goes before the address', async () => {
  const { db, listen, close } = await setUp()
  await set(db, 'a', 1)
  const early = await lastEventId(db)
  await set(db, 'b', 1)
  const between = await lastEventId(db)
  await set(db, 'c', 1)
  const all = await listen(`/events?after=${early}`)
  const some = await listen(`/events?after=${early}`, { 'last-event-id': String(between) })
  await all.until(() => all.messages.length === 1)
  await some.until(() => some.messages.length === 1)
  assert.equal(all.messages[0]?.from, early)
  assert.match(all.last?.html ?? '', /b=1.*c=1/)
  assert.equal(some.messages[0]?.from, between)
  assert.not.match(some.last?.html ?? '', /b=1/)
  await close()
})

feeds('leaves no gap and no disorder between what was missed and what is live', async () => {
  const { db, listen, close } = await setUp({ pollMs: 5 })
  const start = await lastEventId(db)
  let writing = true
  const writer = (async () => {
    for (let value = 1; writing; value++) {
      await set(db, `k${value % 7}`, value)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  })()
  const streams = []
  for (let index = 0; index < 20; index++) {
    streams.push(await listen(`/events?after=${start + index}`))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  writing = false
  await writer
  const end = await lastEventId(db)
  for (const [index, stream] of streams.entries()) {
    await stream.until(() => stream.last?.id === end)
    let at = start + index
    for (const { from, id } of stream.messages) {
      assert.ok(from <= at, `a gap from ${at} to ${from}`)
      assert.ok(id >= at, `${id} after ${at}`)
      at = id
    }
  }
  await close()
})

feeds('sends a page that is from the future, or too far behind, to be read anew', async () => {
  const { db, listen, close, get } = await setUp()
  await set(db, 'a', 1)
  const last = await lastEventId(db)
  const future = await listen(`/events?after=${last + 1000}`)
  await future.until(() => future.text.includes('event: reload'))
  assert.match(future.text, new RegExp(`id: ${last}\\nevent: reload`))
  assert.equal(await get(`/changes?after=${last + 1000}`), { id: last, html: '' })
  for (let value = 0; value < 1000; value++) await set(db, `many${value}`, value)
  const behind = await listen(`/events?after=${last}`)
  await behind.until(() => behind.text.includes('event: reload'))
  assert.equal(await get(`/changes?after=${last}`), { id: -1, html: '' })
  await close()
})

feeds('answers /changes with the same fragments, once', async () => {
  const { db, close, get } = await setUp()
  const start = await lastEventId(db)
  await set(db, 'a', 1)
  await set(db, 'a', 2)
  const id = await lastEventId(db)
  assert.equal(await get(`/changes?after=${start}`), { id, html: '<hx-partial>setting a=2</hx-partial>' })
  assert.equal(await get(`/changes?after=${id}`), { id, html: '' })
  await close()
})

feeds('asks caches and proxies to let the stream through, and ends no HEAD in a leak', async () => {
  const { url, feed, listen, close } = await setUp()
  const stream = await listen('/events')
  assert.match(stream.headers['content-type'] ?? '', /^text\/event-stream/)
  assert.equal(stream.headers['cache-control'], 'no-cache, no-transform')
  assert.equal(stream.headers['x-accel-buffering'], 'no')
  const head = await fetch(`${url}/events`, { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(feed.listeners(), 1)
  stream.leave()
  await until(() => feed.listeners() === 0)
  await close()
})

feeds('gives a sign of life while nothing changes', async () => {
  const { listen, close } = await setUp({ beatMs: 50, pollMs: 20 })
  const stream = await listen('/events')
  await stream.until(() => stream.text.includes('event: beat'))
  await close()
})

feeds('ends a reader that reads nothing, and no one else notices', async () => {
  const { db, url, feed, listen, close } = await setUp({ pollMs: 5, render: async () => 'x'.repeat(500_000) })
  const healthy = await listen('/events')
  const stuck = http.get(`${url}/events`)
  const [response] = (await once(stuck, 'response')) as [http.IncomingMessage]
  response.pause()
  await until(() => feed.listeners() === 2)
  for (let value = 0; value < 200 && feed.listeners() === 2; value++) {
    await set(db, 'a', value)
    const id = await lastEventId(db)
    await healthy.until(() => healthy.last?.id === id)
  }
  assert.equal(feed.listeners(), 1)
  stuck.destroy()
  await close()
})

feeds('goes on after a rendering that fails, and says so once', async () => {
  const errors: unknown[] = []
  let failing = true
  const { db, listen, close } = await setUp({
    pollMs: 10,
    onError: (error) => errors.push(error),
    render: async (changes, show) => {
      if (failing) throw new Error('no database')
      return show(changes)
    },
  })
  const stream = await listen('/events')
  await set(db, 'a', 1)
  await until(() => errors.length > 0)
  await new Promise((resolve) => setTimeout(resolve, 60))
  failing = false
  await stream.until(() => stream.messages.length === 1)
  assert.is(errors.length, 1)
  assert.match(stream.last?.html ?? '', /a=1/)
  await close()
})

feeds('ends its streams when it is closed, and takes no new ones', async () => {
  const { feed, listen, close } = await setUp()
  const stream = await listen('/events')
  await feed.close()
  await stream.until(() => stream.ended())
  const late = await listen('/events')
  await late.until(() => late.ended())
  await close()
})

feeds.run()

interface Message {
  id: number
  from: number
  html: string
}

interface Options extends Partial<Omit<FeedOptions, 'render'>> {
  render?: (changes: Event[], show: (changes: Event[]) => Promise<string>) => Promise<string>
}

async function setUp({ render, ...options }: Options = {}) {
  const file = path.join(folder(), 'feed.db')
  const db = await freshDatabase(file)
  const rendered: string[] = []
  const show = async (changes: Event[]) => {
    const parts = await Promise.all(
      changes.map(async ({ topic, subject }) => {
        rendered.push(subject)
        const row = await db
          .selectFrom('setting')
          .where('key', '=', subject)
          .select('value')
          .executeTakeFirst()
        return `<hx-partial>${topic} ${subject}=${row?.value}</hx-partial>`
      }),
    )
    return parts.join('')
  }
  const feed = createFeed({
    db,
    onError: (error) => console.error(error),
    pollMs: 50,
    ...options,
    render: async (changes) => (render ? render(changes, show) : show(changes)),
  })
  const server = createAdaptorServer({ fetch: events({ db, feed }).fetch }) as http.Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    db,
    file,
    url,
    feed,
    rendered,
    listen: (at: string, headers = {}) => listen(url + at, headers),
    get: async (at: string) => (await fetch(url + at)).json(),
    async close() {
      await feed.close()
      server.closeAllConnections()
      server.close()
      await db.destroy()
    },
  }
}

/** Reads a stream as a browser would. */
async function listen(url: string, headers: Record<string, string>) {
  const request = http.get(url, { headers, agent: false })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const heard = {
    headers: response.headers,
    text: '',
    get messages(): Message[] {
      return [...heard.text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)].map(([, id, data = '']) => ({
        id: Number(id),
        ...(JSON.parse(data) as { from: number; html: string }),
      }))
    },
    get last(): Message | undefined {
      return heard.messages.at(-1)
    },
    ended: () => response.complete || response.destroyed,
    leave: () => void request.destroy(),
    until: (what: () => unknown) => until(what),
  }
  response.setEncoding('utf8')
  response.on('data', (text: string) => (heard.text += text))
  response.on('error', () => {})
  await until(() => heard.text.startsWith(': '))
  return heard
}

async function set(db: Db, key: string, value: number): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value: String(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(value) }))
    .execute()
}

async function until(what: () => unknown, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (what()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`It did not come true within ${ms} ms: ${what.toString()}`)
}
