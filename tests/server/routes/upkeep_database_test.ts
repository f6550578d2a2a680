/**
 * The database on its page: read, asked, carried out and backed up, by a process that can be ended.
 */

import Sqlite from 'better-sqlite3'
import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createApp } from '../../../server/app.ts'
import { addArchive, rows } from '../../db/fixture.ts'
import { stateSchema } from '../../db/state_schema.ts'
import { until } from '../cli/run.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  get(url: string): Promise<{ status: number; text: string; headers: Headers }>
  post(
    url: string,
    body?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Headers }>
}

const page = suite<Context>('the page of the database')

page.before(async (context) => {
  const services = await createServices()
  await addArchive(services.db, { artwork: '<b>Tide</b>, "high"' })
  await rows(services.db, 'create table visitor (id integer primary key, name text, password_hash text)')
  await rows(services.db, `insert into visitor values (1, 'Ann', 'hash-of-ann')`)
  await rows(services.db, 'create view leak as select id, password_hash as harmless from visitor')
  const app = createApp(services)
  const ask = async (url: string, init?: RequestInit) => {
    const answer = await app.request(url, init)
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
  Object.assign(context, {
    services,
    get: (url: string) => ask(url),
    post: (url: string, body = {}) =>
      ask(url, {
        method: 'POST',
        headers: { cookie: 'cutroom-name=Maya' },
        body: new URLSearchParams(body),
      }),
  })
})
page.after(({ services }) => services.close())

page('tells tables with rows and sizes, views, indexes and triggers', async ({ get, services }) => {
  await rows(services.db, 'create table many (id integer primary key, name text)')
  await rows(
    services.db,
    'with recursive n(x) as (select 1 union all select x + 1 from n where x < 3000) insert into many select x, x from n',
  )
  await rows(services.db, 'delete from many where id % 3 = 0')
  const { status, text } = await get('/upkeep/database')
  assert.is(status, 200)
  assert.match(text, rowOf('cut', '4 rows'))
  assert.match(text, rowOf('many', 'up to 2,999 rows'))
  assert.not.match(text, /Size\s*<\/th>/)
  for (const there of ['project_statistics', 'session_ended', 'file_operation', 'counted=1'])
    assert.match(text, there)
  const counted = (await get('/upkeep/database?counted=1')).text
  assert.match(counted, rowOf('many', '2,000 rows'))
  assert.match(counted, /Size\s*<\/th>/)
  assert.not.match(counted, 'counted=1')
})

const rowOf = (table: string, rows: string) =>
  new RegExp(`<a href="/upkeep/database/${table}">${table}</a></td><td class="number">${rows}</td>`)

page('shows a table in pages, sorted, escaped, and a view like it', async ({ get }) => {
  const sorted = (await get('/upkeep/database/cut?sort=frame&order=desc')).text
  assert.ok(sorted.indexOf('>750<') < sorted.indexOf('>250<'))
  assert.match(sorted, 'Rows 1 to 4')
  const sessions = (await get('/upkeep/database/session')).text
  assert.match(sessions, '&lt;b&gt;Tide&lt;/b&gt;')
  assert.not.match(sessions, '<b>Tide')
  assert.match((await get('/upkeep/database/active_sessions')).text, 'progress_percent')
  assert.is((await get('/upkeep/database/cat')).status, 404)
  assert.is((await get('/upkeep/database/cut?sort=nothing&page=x')).status, 200)
})

page('carries a table or view out as CSV and JSON', async ({ get }) => {
  const csv = await get('/upkeep/database/session/export?format=csv')
  assert.match(csv.headers.get('content-disposition') ?? '', 'session.csv')
  assert.match(csv.text, '"<b>Tide</b>, ""high"""')
  const json = await get('/upkeep/database/visitor/export?format=json')
  assert.equal(JSON.parse(json.text), { id: 1, name: 'Ann', password_hash: '(secret)' })
  assert.is((await get('/upkeep/database/cat/export')).status, 404)
})

page(
  'answers what reads, and refuses what writes, attaches, or cannot be understood',
  async ({ post, services }) => {
    const ask = async (sql: string) => (await post('/upkeep/database', { sql })).text
    assert.match(
      await ask('select count(*) as cuts from cut'),
      /<th scope="col" class="number">cuts<\/th>[^]*<td class="number">4<\/td>/,
    )
    assert.match(await ask('-- mine\npragma table_info(cut)'), 'session_id')
    assert.match(
      await ask('with recursive n(x) as (select 1 union all select x + 1 from n) select x from n limit 600'),
      /500 rows[^]*and more/,
    )
    for (const sql of [
      `update session set artwork = 'x'`,
      `delete from cut returning id`,
      `attach '/tmp/x.db' as x`,
      'pragma journal_mode = delete',
      'pragma wal_checkpoint(truncate)',
      'vacuum',
      `explain pragma user_version = 3`,
      'select 1; drop table cut',
      'selec 1',
      'select * from nothing',
      `select load_extension('x')`,
    ])
      assert.match(await ask(sql), /role="alert"/, sql)
    assert.is((await rows(services.db, 'select * from cut')).length, 4)
    assert.is((await post('/upkeep/database', { sql: ' ' })).status, 422)
  },
)

page('never shows a secret, however it is asked for', async ({ get, post }) => {
  assert.match((await get('/upkeep/database/visitor')).text, '(secret)')
  for (const sql of [
    'select * from visitor',
    'select substr(password_hash, 1) as x from visitor',
    'select harmless from leak',
    `select (select max(password_hash) from visitor) || '' as y`,
    "select count(*) from visitor where password_hash > 'h'",
    'explain select password_hash from visitor',
  ]) {
    const { text } = await post('/upkeep/database', { sql })
    assert.match(text, /holds secrets/, sql)
    assert.not.match(text, 'hash-of-ann')
  }
  assert.not.match((await get('/upkeep/database/leak')).text, 'hash-of-ann')
})

page('ends a query that takes too long, and answers the next one', async ({ post }) => {
  const endless = 'with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n'
  assert.match((await post('/upkeep/database', { sql: endless })).text, /longer than 5 seconds and was ended/)
  assert.match((await post('/upkeep/database', { sql: 'select 7 as seven' })).text, 'seven')
})

page('ends a query that takes too much memory', async ({ post }) => {
  const huge = `select hex(zeroblob(400000000)) || hex(zeroblob(90000000))`
  assert.match((await post('/upkeep/database', { sql: huge })).text, /role="alert"/)
})

page('makes a backup, lists it, and asks before it is put back', async ({ get, post, services }) => {
  const asked = await post('/upkeep/backups')
  assert.equal([asked.status, asked.headers.get('location')], [303, '/upkeep/backups'])
  const isMade = /<tr id="(state_backup_\w+\.db)">/
  await until(async () => isMade.test((await get('/upkeep/backups')).text))
  const { text } = await get('/upkeep/backups')
  const [, name = ''] = isMade.exec(text) ?? []
  assert.equal(readdirSync(path.join(services.data, 'backups')), [name])
  assert.not.match(text, 'being made')
  await rows(
    services.db,
    `insert into maintenance_run (task, cause, owner) values ('backup', 'person', 'x:1:1')`,
  )
  assert.match((await get('/upkeep/backups')).text, /One is being made/)
  assert.is((await post('/upkeep/backups')).status, 409)
  await rows(
    services.db,
    `update maintenance_run set status = 'failed', summary = 'The disk is full.' where owner = 'x:1:1'`,
  )
  assert.match((await get('/upkeep/backups')).text, 'could not be made: The disk is full.')
  assert.match((await get(`/upkeep/backups/${name}/restore`)).text, 'Restore this backup?')
  assert.is((await get('/upkeep/backups/state_backup_20200101_000000.db/restore')).status, 404)
  assert.is((await get('/upkeep/backups/..%2Fcutroom.db/restore')).status, 404)
  assert.is((await post(`/upkeep/backups/${name}/restore`)).status, 409, 'nobody could begin anew here')
})

page(
  'takes in a state.db from the media folder, and no file from elsewhere',
  async ({ get, post, services }) => {
    mkdirSync(services.roots.media.path, { recursive: true })
    const state = new Sqlite(path.join(services.roots.media.path, 'state.db'))
    state.exec(stateSchema)
    state.close()
    const taken = await post('/upkeep/database/import', { path: 'state.db' })
    assert.equal([taken.status, /was taken in</.test(taken.text)], [200, true])
    assert.match((await get('/upkeep/database')).text, 'state.db</span>')
    assert.equal(await rows(services.db, 'select actor from state_import'), [{ actor: 'Maya' }])
    for (const place of ['../cutroom.db', '/etc/passwd', 'nothing.db'])
      assert.is((await post('/upkeep/database/import', { path: place })).status, 404, place)
  },
)

page.run()
