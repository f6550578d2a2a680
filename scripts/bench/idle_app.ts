/**
 * The whole application over a database of the bench, where nothing runs but its answers.
 */

import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { ensureRoot } from '../../db/roots.ts'
import { createApp } from '../../server/app.ts'
import { createRoom } from '../../server/disk/room.ts'
import { createServices } from '../../server/node_services.ts'
import type { FreshDatabase } from './database.ts'
import type { Bench } from './row.ts'

export interface IdleApp {
  /** Milliseconds to the first and to the last byte of an answer. @throws Error where it is not a good one. */
  ask(path: string, form?: Record<string, string>): Promise<{ first: number; last: number }>
  close(): Promise<void>
}

/** @param fresh is closed with it. */
export async function openIdleApp(fresh: FreshDatabase, { tools }: Bench): Promise<IdleApp> {
  const { db, folder } = fresh
  const output = path.join(folder, 'output')
  mkdirSync(output, { recursive: true })
  const roots = {
    media: await ensureRoot(db, 'media', folder),
    output: await ensureRoot(db, 'output', output),
  }
  const nothing = () => undefined
  const idle = {
    engine: { wake: nothing, sinceTurn: () => 0 },
    pool: { state: () => ({ open: true, threads: 0, queued: 0 }) },
    bound: 1,
    runner: { begin: async () => null, close: async () => undefined },
    room: createRoom({ db }),
    log: { debug: nothing, info: nothing, warn: nothing, error: (error: unknown) => console.error(error) },
  }
  const { services, close } = await createServices({ db, roots, tools, data: folder, hosts: [], ...idle })
  const server = createAdaptorServer({ fetch: createApp(services).fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ask: (path, form) => timed(port, path, form),
    async close() {
      server.close()
      await close()
      await fresh.close()
    },
  }
}

/** By the plainest client there is: it shares the event loop with the server. */
async function timed(port: number, path: string, form?: Record<string, string>) {
  const begun = performance.now()
  const headers = form && { 'hx-request': 'true', 'content-type': 'application/x-www-form-urlencoded' }
  const request = http.request({ port, path, method: form ? 'POST' : 'GET', ...(headers && { headers }) })
  request.end(form && new URLSearchParams(form).toString())
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const first = performance.now() - begun
  response.resume()
  await once(response, 'end')
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`)
  return { first, last: performance.now() - begun }
}
