/**
 * How well the event stream keeps up: many browsers that all listen, against bare node:http writing the same bytes.
 */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { setSetting } from '../db/settings.ts'
import { createFeed } from '../server/events/feed.ts'
import { changed, opening } from '../server/events/messages.ts'
import { events } from '../server/routes/events.ts'

export interface Load {
  browsers: number
  perSecond: number
  seconds: number
}

export interface Delivery {
  /** Of all that should have arrived, 0 to 1. */
  delivered: number
  /** From rendering to reading, ms. */
  p50: number
  p99: number
  /** The server's own, per message and browser, microseconds. */
  cpu: number
}

interface Side {
  url: string
  /** Called `perSecond` times a second. */
  tell(): void
  /** Messages sent so far. */
  sent(): number
  close(): Promise<void>
}

/** Runs both sides, one after the other, each for `seconds`. */
export async function benchEvents(load: Load): Promise<{ ours: Delivery; bare: Delivery }> {
  return { ours: await play(await ourSide(load), load), bare: await play(await bareSide(), load) }
}

async function ourSide({ perSecond }: Load): Promise<Side> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-bench-'))
  const db = openDatabase(path.join(folder, 'cutroom.db'))
  await migrate(db)
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
      await db.destroy()
      rmSync(folder, { recursive: true })
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
  const child = fork(path.join(import.meta.dirname, 'bench_listeners.mjs'), [side.url, String(browsers)], {
    execArgv: [],
  })
  await once(child, 'message')
  await pause(200)
  const before = process.cpuUsage()
  const timer = setInterval(side.tell, 1000 / perSecond)
  await pause(seconds * 1000)
  clearInterval(timer)
  const { user, system } = process.cpuUsage(before)
  await pause(500)
  child.send('tell')
  const [heard] = (await once(child, 'message')) as [{ messages: number; p50: number; p99: number }]
  const due = side.sent() * browsers
  await side.close()
  return { delivered: heard.messages / due, p50: heard.p50, p99: heard.p99, cpu: (user + system) / due }
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
