/**
 * Rows about the event stream: many browsers that all listen, against bare node:http writing the same bytes.
 */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { setSetting } from '../../db/settings.ts'
import { createFeed } from '../../server/events/feed.ts'
import { changed, opening } from '../../server/events/messages.ts'
import { events } from '../../server/routes/events.ts'
import { freshDatabase } from './database.ts'
import { median } from './measure.ts'
import type { Bench, Row } from './row.ts'

interface Load {
  browsers: number
  perSecond: number
  seconds: number
}

interface Delivery {
  /** Messages that arrived, of all browsers, a second. */
  perSecond: number
  /** Messages that were sent and did not arrive. */
  lost: number
  /** From rendering to reading, ms. */
  p99: number
}

interface Side {
  url: string
  /** Called `perSecond` times a second. */
  tell(): void
  /** Messages sent so far. */
  sent(): number
  close(): Promise<void>
}

const load: Load = { browsers: 200, perSecond: 50, seconds: 2 }

/** Both rows read the same runs. */
const measured = new WeakMap<Bench, Promise<Record<'ours' | 'bare', Delivery[]>>>()

function deliveries(bench: Bench) {
  const known = measured.get(bench) ?? measure(bench.rounds)
  measured.set(bench, known)
  return known
}

/** By turns, each in a process of listeners of its own. */
async function measure(rounds: number) {
  const found = { ours: [] as Delivery[], bare: [] as Delivery[] }
  for (let round = 0; round < rounds; round++) {
    found.bare.push(await play(await bareSide(), load))
    found.ours.push(await play(await ourSide(load), load))
  }
  return found
}

const medianOf = (all: Delivery[], figure: keyof Delivery) => median(all.map((delivery) => delivery[figure]))

const what = `event stream, ${load.browsers} browsers, ${load.perSecond} messages/s`

export const rows: Row[] = [
  {
    name: 'events-delivered',
    measure: `${what}: delivered`,
    against: 'bare node:http',
    reach: 0.9,
    moreIsBetter: true,
    bound: 0.5,
    async run(bench) {
      const { ours, bare } = await deliveries(bench)
      const lost = ours.reduce((sum, delivery) => sum + delivery.lost, 0)
      const figures = { ours: medianOf(ours, 'perSecond'), against: medianOf(bare, 'perSecond') }
      return { ...figures, unit: '/s', note: lost === 0 ? 'none lost' : `${lost} lost` }
    },
  },
  {
    name: 'events-p99',
    measure: `${what}: p99`,
    against: 'bare node:http',
    reach: 1.2,
    async run(bench) {
      const { ours, bare } = await deliveries(bench)
      return { ours: medianOf(ours, 'p99'), against: medianOf(bare, 'p99'), unit: 'ms' }
    },
  },
]

async function ourSide({ perSecond }: Load): Promise<Side> {
  const { db, close } = await freshDatabase()
  let sent = 0
  let turn = 0
  const feed = createFeed({
    db,
    pollMs: 1000 / perSecond / 4,
    onError: (error) => console.error(error),
    render: async () => (sent++, fragment()),
  })
  const server = createAdaptorServer({ fetch: events({ db, feed }).fetch }) as http.Server
  return {
    url: `${await listen(server)}/events`,
    tell: () => void setSetting(db, 'parallel_workers', 1 + (++turn % 2)),
    sent: () => sent,
    async close() {
      await feed.close()
      await end(server)
      await close()
    },
  }
}

/** Nothing cheaper writes to many sockets. */
async function bareSide(): Promise<Side> {
  const responses = new Set<http.ServerResponse>()
  let sent = 0
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(opening)
    responses.add(response)
  })
  return {
    url: await listen(server),
    tell() {
      const bytes = changed(sent, ++sent, fragment())
      for (const response of responses) response.write(bytes)
    },
    sent: () => sent,
    close: () => end(server),
  }
}

async function play(side: Side, { browsers, perSecond, seconds }: Load): Promise<Delivery> {
  const child = fork(path.join(import.meta.dirname, 'listeners.mjs'), [side.url, String(browsers)], {
    execArgv: [],
  })
  await once(child, 'message')
  await pause(200)
  const timer = setInterval(side.tell, 1000 / perSecond)
  await pause(seconds * 1000)
  clearInterval(timer)
  await pause(500)
  child.send('tell')
  const [heard] = (await once(child, 'message')) as [{ messages: number; p99: number }]
  const lost = side.sent() * browsers - heard.messages
  await side.close()
  return { perSecond: heard.messages / seconds, lost, p99: heard.p99 }
}

/** As large as what a running session sends, about 6 kB. */
const fragment = () =>
  `<hx-partial hx-target="#x" hx-swap="outerMorph">at=${performance.timeOrigin + performance.now()} ${'a step with its figures, '.repeat(220)}</hx-partial>`

async function listen(server: http.Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function end(server: http.Server): Promise<void> {
  server.closeAllConnections()
  server.close()
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
