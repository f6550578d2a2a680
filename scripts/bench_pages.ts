/**
 * How soon each page begins to arrive from a full database.
 */

import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { addDemoSessions } from '../db/demo.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { ensureRoot } from '../db/roots.ts'
import { listSessions } from '../db/sessions.ts'
import { createApp } from '../server/app.ts'
import { createServices } from '../server/node_services.ts'
import type { Tools } from '../workers/operation.ts'
import { pipelines } from '../workers/pipelines/mod.ts'

export interface PageTime {
  page: string
  /** Median milliseconds from request to first byte. */
  firstByte: number
}

/** 500 sessions with 100 files each; `rounds` requests of every page, by turns. */
export async function benchPages(tools: Tools, rounds = 15): Promise<PageTime[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-pages-'))
  const db = openDatabase(path.join(folder, 'cutroom.db'))
  await migrate(db)
  mkdirSync(path.join(folder, 'output'))
  const operations = pipelines.archive.steps.map(({ operation }) => operation.name)
  await addDemoSessions(db, path.join(folder, 'output'), {
    sessions: 500,
    filesEach: 100,
    cutsEach: 50,
    operations,
  })
  const roots = {
    media: await ensureRoot(db, 'media', folder),
    output: await ensureRoot(db, 'output', path.join(folder, 'output')),
  }
  const quiet = { wake: () => undefined, onError: (error: unknown) => console.error(error) }
  const { services, close } = await createServices({ db, roots, tools, data: folder, hosts: [], ...quiet })
  const server = createAdaptorServer({ fetch: createApp(services).fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await measure(base, await pagesOf(db), rounds)
  } finally {
    server.close()
    await close()
    await db.destroy()
    rmSync(folder, { recursive: true })
  }
}

async function pagesOf(db: Parameters<typeof listSessions>[0]): Promise<string[]> {
  const sessions = await listSessions(db)
  const done = sessions.find(({ status }) => status === 'completed')?.key ?? ''
  const waiting = sessions.find(({ status }) => status === 'waiting')?.key ?? ''
  const ofSession = [
    `/sessions/${waiting}`,
    `/sessions/${done}`,
    `/sessions/${done}/outputs`,
    `/sessions/${done}/log`,
  ]
  return ['/', '/archives/new', '/history', '/history?q=study&sort=artwork&page=3', ...ofSession]
}

async function measure(base: string, pages: string[], rounds: number): Promise<PageTime[]> {
  const times = new Map<string, number[]>(pages.map((page) => [page, []]))
  for (let round = 0; round < rounds; round++) {
    for (const page of pages) {
      const begun = performance.now()
      const response = await fetch(base + page)
      times.get(page)?.push(performance.now() - begun)
      if (response.status !== 200) throw new Error(`${page} answered ${response.status}`)
      await response.arrayBuffer()
    }
  }
  return [...times].map(([page, all]) => ({
    page: page.replace(/\/[a-z0-9]{12}/, '/KEY'),
    firstByte: all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0,
  }))
}
