/**
 * Rows about pages: how soon each begins to arrive from a full database.
 */

import path from 'node:path'
import { addDemoSessions } from '../../db/demo.ts'
import type { Db } from '../../db/schema.ts'
import { listSessions } from '../../db/sessions.ts'
import { pipelines } from '../../workers/pipelines/mod.ts'
import { freshDatabase } from './database.ts'
import { type IdleApp, openIdleApp } from './idle_app.ts'
import { median } from './measure.ts'
import type { Bench, Row } from './row.ts'

const operations = pipelines.archive.steps.map(({ operation }) => operation.name)
/** 100,000 operations and 54,000 files. */
const amount = { sessions: Math.ceil(100_000 / operations.length), filesEach: 5, cutsEach: 20, operations }
const reachMs = 50

/** The slowest of all pages. */
const firstByte: Row = {
  name: 'pages',
  measure: 'first byte of the slowest page, 100,000 operations',
  against: `${reachMs} ms`,
  reach: 1,
  async run(bench) {
    const times = await measurePages(bench)
    const [slowest] = times.toSorted((a, b) => b.milliseconds - a.milliseconds)
    if (!slowest) throw new Error('There are no pages.')
    return { ours: slowest.milliseconds, against: reachMs, unit: 'ms', note: slowest.page }
  },
}

interface PageTime {
  page: string
  /** Median from request to first byte. */
  milliseconds: number
}

async function measurePages(bench: Bench): Promise<PageTime[]> {
  const fresh = await freshDatabase()
  await addDemoSessions(fresh.db, path.join(fresh.folder, 'output'), amount)
  const app = await openIdleApp(fresh, bench)
  try {
    return await askAll(app, await pagesOf(fresh.db), bench.rounds + 2)
  } finally {
    await app.close()
  }
}

async function pagesOf(db: Db): Promise<string[]> {
  const sessions = await listSessions(db)
  const keyOf = (wanted: string) => sessions.find(({ status }) => status === wanted)?.key ?? ''
  const [done, waiting] = [keyOf('completed'), keyOf('waiting')]
  const ofSession = [
    `/sessions/${waiting}`,
    `/sessions/${done}`,
    `/sessions/${done}/outputs`,
    `/sessions/${done}/log`,
  ]
  return ['/', '/archives/new', '/history', '/history?q=study&sort=artwork&page=3', ...ofSession]
}

/** Every page by turns. */
async function askAll(app: IdleApp, pages: string[], rounds: number): Promise<PageTime[]> {
  const times = new Map<string, number[]>(pages.map((page) => [page, []]))
  for (let round = 0; round < rounds; round++)
    for (const page of pages) times.get(page)?.push((await app.ask(page)).first)
  return [...times].map(([page, all]) => ({
    page: page.replace(/\/[a-z0-9]{12}/, '/KEY'),
    milliseconds: median(all),
  }))
}

export const rows: Row[] = [firstByte]
