import { mkdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addDemoSessions } from '../../db/demo.ts'
import { historyTotals, listHistory } from '../../db/history.ts'
import { resetPresetStatistics } from '../../db/maintenance.ts'
import { limitsOf } from '../../db/retention.ts'
import type { Db, SessionStatus } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { createApp } from '../../server/app.ts'
import { listForShell, reportSession, resumeSession } from '../../server/commands/sessions.ts'
import { applyRetention, planRetention } from '../../server/upkeep/retention.ts'
import { historySorts } from '../../templates/history_page.tsx'
import { pipelines } from '../../workers/pipelines/mod.ts'
import { type Statement, triggerStatements, type Walk, walks } from '../db/plans.ts'
import { folder } from '../media.ts'
import { createRig } from './engine/rig.ts'
import { createServices, type TestServices } from './services.ts'

/** What may walk through something that grows, and why. */
const reasons: [pattern: RegExp, why: string][] = [
  [
    / from "history" .*order by .*"completed_at" desc, .*"id" desc limit \?/,
    'walks the index from its newest end, and stops at the limit',
  ],
  [
    / from "estimate" .*order by "settled_at" desc limit \?/,
    'walks the index of those that ended from its newest end, and stops at the limit',
  ],
  [/^select .* from "session" order by "id" desc limit \?/, 'walks from the newest, and stops at the limit'],
  [
    /concat_ws\(.*\) like \?/,
    'words may stand anywhere in a row of the history, which is one for each session',
  ],
  [/ from "maintenance_run" order by "id" desc limit \?$/, 'walks from the newest, and stops at the limit'],
  [
    / where "file"\."sha256" is not null .*order by "file"\."verified_at", "file"\."id" limit \?$/,
    'walks an index from what was verified longest ago, and stops at the limit',
  ],
  [/ from "file_check" .*"state" in \(\?, \?, \?\)/, 'one row for each output that was ever checked'],
  [/^select count\(\*\) as "files".* from "file" where "sha256" is not null/, 'sums over all outputs'],
  [/^select count\(\*\) as "(ended|found)" from "history"$/, 'counts the history by its smallest index'],
  [
    /^select count\(\*\) as "projects".* from "history(_archive)?"$/,
    'sums over all that ever ended, one row for each',
  ],
  [
    /^select preset_key, sum\(sessions\).* from history_archive where status/,
    'sums over all that ever ended, in an index of these columns alone',
  ],
  [
    /^select name, sum\(seconds\) as seconds from operation group by name/,
    'sums all operations in an index of two columns: 10 ms for 100,000',
  ],
  [/^select .* from "survey" order by "id" desc limit \?/, 'only the last walk is kept'],
  [/^delete from "survey"$/, 'only the last walk is kept'],
  [/^select "id" from "file" order by "id" desc limit \?/, 'takes the newest, and stops there'],
]

interface Context {
  services: TestServices
  /** Every statement that ran, once. */
  ran: Map<string, Statement>
  /** Keys of sessions in these states that nothing was done with yet. */
  waiting: string[]
  completed: string[]
}

const plans = suite<Context>('query plans of 100,000 operations and 50,000 files')

plans.before(async (context) => {
  const ran = new Map<string, Statement>()
  const services = await createServices(folder(), (one) => void ran.set(one.statement, one))
  for (const { path } of Object.values(services.roots)) mkdirSync(path)
  const operations = pipelines.archive.steps.map(({ operation }) => operation.name)
  const amount = { sessions: Math.ceil(100_000 / operations.length), filesEach: 6, cutsEach: 8 }
  await addDemoSessions(services.db, services.roots.output.path, { ...amount, operations })
  const { db } = services
  const [waiting, completed] = [await keysOf(db, 'waiting'), await keysOf(db, 'completed')]
  Object.assign(context, { services, ran, waiting, completed })
})
plans.before.each(({ ran }) => ran.clear())
plans.after(({ services }) => services.close())

plans('the database is as full as it says', async ({ services: { db } }) => {
  const count = async (table: 'operation' | 'file' | 'history' | 'event') => {
    const { rows } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    return rows
  }
  assert.ok((await count('operation')) >= 100_000)
  assert.ok((await count('file')) >= 50_000)
  assert.ok((await count('event')) >= 100_000)
  assert.ok((await count('history')) >= 8000)
})

plans('no route walks through what grows', async ({ services, ran, waiting, completed }) => {
  const app = createApp(services)
  const routes = new Set(app.routes.map(({ method, path }) => `${method} ${path}`))
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ')
    if (method === 'ALL') continue // what every request passes
    // A change makes a session another one, so each route is given its own.
    const keys = method === 'GET' ? [waiting[0] ?? '', completed[0] ?? ''] : [waiting.pop() ?? '']
    for (const key of keys) await ask(app, method, path, await partsOf(services.db, key))
  }
  for (const sort of historySorts) await app.request(`/history?sort=${sort}&q=study+7&page=3`)
  await app.request('/files?q=clip&role=clip&least=1')
  await app.request('/files?missing=1&q=clip')
  await app.request(`/files?session=${completed[0] ?? ''}`)
  assert.ok(ran.size > 50, `only ${ran.size} statements ran`)
  assert.equal(unexplained(walks(services.db, ran.values())), [])
})

plans('no engine walks through what grows, whatever it does', async ({ services, ran, waiting }) => {
  const rig = await createRig(services.data, (one) => void ran.set(one.statement, one))
  try {
    const resumed = waiting.pop() ?? ''
    const ordered = await rig.order({ artwork: 'A new one' })
    rig.engine({ accepts: ({ key }) => key === resumed || key === ordered.key })
    await resumeSession(rig.db, resumed)
    await rig.reaches(resumed, 'waiting')
    await rig.reaches(ordered.key, 'completed')
  } finally {
    await rig.close()
  }
  assert.ok(ran.size > 20, `only ${ran.size} statements ran`)
  assert.equal(unexplained(walks(services.db, ran.values())), [])
})

plans(
  'no shell command and no housekeeping walks through what grows',
  async ({ services, ran, completed }) => {
    const { db } = services
    await listForShell(db)
    await reportSession(db, completed[0] ?? '')
    await listHistory(db, { status: 'completed' })
    await historyTotals(db, 30)
    await historyTotals(db)
    const limits = { ...limitsOf(await settings(db)), finishedDays: 1000, unfinishedDays: 1000 }
    const grounds = { db, pictures: folder() }
    await applyRetention(grounds, await planRetention(grounds, { limits, withOutputs: true }))
    await resetPresetStatistics(db)
    assert.equal(unexplained(walks(db, ran.values())), [])
  },
)

plans('no trigger walks through what grows', ({ services: { db } }) => {
  const statements = triggerStatements(db)
  assert.ok(statements.length > 60, String(statements.length))
  assert.equal(unexplained(walks(db, statements)), [])
})

plans('a statement that does walk is found', ({ services: { db } }) => {
  const statement = 'select * from operation where error_code = ?'
  assert.equal(walks(db, [{ statement, values: ['x'] }]), [{ statement, step: 'SCAN operation' }])
})

plans.run()

const unexplained = (all: Walk[]) =>
  all.filter(({ statement }) => !reasons.some(([pattern]) => pattern.test(statement)))

async function keysOf(db: Db, status: SessionStatus): Promise<string[]> {
  const sessions = await db.selectFrom('session').select('key').where('status', '=', status).execute()
  return sessions.map(({ key }) => key)
}

interface Parts {
  key: string
  group: string
  file: string
  /** The id of a cut. */
  cut: string
}

/** What a route's address may name of a session. */
async function partsOf(db: Db, key: string): Promise<Parts> {
  const of = (table: 'scene_group' | 'file') =>
    db
      .selectFrom(table)
      .innerJoin('session', 'session.id', `${table}.session_id`)
      .select(`${table}.key`)
      .where('session.key', '=', key)
      .executeTakeFirst()
  const cut = await db
    .selectFrom('cut')
    .innerJoin('session', 'session.id', 'cut.session_id')
    .select('cut.id')
    .where('session.key', '=', key)
    .where('cut.frame', '>', 0)
    .executeTakeFirst()
  return {
    key,
    group: (await of('scene_group'))?.key ?? '',
    file: (await of('file'))?.key ?? '',
    cut: String(cut?.id ?? ''),
  }
}

async function ask(app: ReturnType<typeof createApp>, method: string, path: string, parts: Parts) {
  const url = path
    .replace(':key', path.startsWith('/files/') ? parts.file : parts.key)
    .replace(':group', parts.group)
    .replace(':cut', parts.cut)
    .replace(':name', 'clips')
    .replace(/:picture.*/, '1.jpg')
  const body = new URLSearchParams(
    'scene=1&scene=2&ticks=1&name=Dawn&move=up&starred=1&frame=2&from=1&edit=0&artwork=Tide',
  )
  const query = '?path=&for=master&after=0'
  const answer = await app.request(url + query, { method, ...(method !== 'GET' && { body }) })
  await answer.body?.cancel()
}
