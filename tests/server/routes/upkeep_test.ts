import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { setSetting, settings } from '../../../db/settings.ts'
import { runningRun } from '../../../db/upkeep.ts'
import { createApp } from '../../../server/app.ts'
import { createLog } from '../../../server/log.ts'
import { scheduled } from '../../../server/upkeep/schedule.ts'
import { addFile, addSession, operationId, rows } from '../../db/fixture.ts'
import { until } from '../cli/run.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
}

const upkeep = suite<Context>('routes of upkeep')

upkeep.before(async (context) => {
  context.services = await createServices()
})
upkeep.after(({ services }) => services.close())

upkeep('/healthz answers 200 in JSON, and 503 where something is not well', async ({ services }) => {
  const well = await createApp(services).request('/healthz')
  assert.is(well.status, 200)
  const said = (await well.json()) as { ok: boolean }
  assert.equal(Object.keys(said), ['ok', 'version', 'uptime', 'database', 'disk', 'engine', 'pool'])
  const ill = { ...services.upkeep, pulse: async () => ({ ...(await services.upkeep.pulse()), ok: false }) }
  assert.is((await createApp({ ...services, upkeep: ill }).request('/healthz')).status, 503)
})

upkeep('the page tells what Cutroom stands on', async ({ services }) => {
  const page = await (await createApp(services).request('/upkeep')).text()
  for (const words of ['All is well', services.machine.version, 'ffmpeg', 'journal', 'cutroom.db'])
    assert.match(page, words)
})

upkeep('the log is shown by session and level, with what was typed escaped', async ({ services }) => {
  const log = createLog({ folder: `${services.data}/logs`, level: 'DEBUG', say: () => undefined })
  log.info('clips begins.', { session: 'k1', operation: 'clips' })
  log.debug('a <script> & more', { session: 'k2' })
  await log.close()
  await setSetting(services.db, 'log_level', 'DEBUG')
  const ask = async (query: string) => (await createApp(services).request(`/upkeep/log?${query}`)).text()
  assert.match(await ask(''), 'clips begins.')
  assert.not.match(await ask(''), 'script> &amp; more')
  assert.match(await ask('level=debug'), 'a &lt;script&gt; &amp; more')
  assert.not.match(await ask('session=k2&level=debug'), 'clips begins.')
  assert.match(await ask('session=%3Cb%3E'), 'No line of the session &lt;b&gt; at this level is kept')
  assert.match(await ask('level=nonsense&before=1-2-3'), 'clips begins.')
})

upkeep(
  'requests are lines of the log at its finest level, without what was searched for',
  async (context) => {
    const lines: unknown[] = []
    const log = { ...context.services.log, debug: (...line: unknown[]) => void lines.push(line) }
    await createApp({ ...context.services, log }).request('/history?q=private')
    const [[message] = []] = lines as string[][]
    assert.is(message, 'GET /history 200')
  },
)

const post = (services: TestServices, url: string, fields: Record<string, string> = {}) =>
  createApp(services).request(url, {
    method: 'POST',
    headers: { cookie: 'cutroom-name=Maya' },
    body: new URLSearchParams(fields),
  })
/** A task that takes long goes on after the answer. */
const untilDone = ({ db }: TestServices) => until(async () => (await runningRun(db)) === undefined)
const page = async (services: TestServices, url: string) => (await createApp(services).request(url)).text()

upkeep('a clean-up is shown before its button, and takes what was shown', async ({ services }) => {
  const { db } = services
  assert.match(await page(services, '/upkeep/retention'), 'Nothing: no session')
  const session = await addSession(db, { artwork: 'Old <tide>', output_root_id: services.roots.output.id })
  await rows(db, `update session set status = 'failed', updated_at = '2020-01-01 00:00:00.000'`)
  await rows(db, `update session set updated_at = '2020-01-01 00:00:00.000'`)
  const shown = await page(services, '/upkeep/retention')
  for (const words of ['Old &lt;tide&gt;', session.key, '1 session, 4 operations', 'stay where they are'])
    assert.match(shown, words)
  assert.match(await page(services, '/upkeep/retention?outputs=delete'), 'That cannot be undone')
  const [, at = ''] = /name="at" value="([^"]+)"/.exec(shown) ?? []
  assert.is((await post(services, '/upkeep/retention', { at: 'tomorrow' })).status, 422)
  assert.is((await post(services, '/upkeep/retention', { at: '2020-01-02 00:00:00.000' })).status, 303)
  assert.is((await rows(db, 'select * from session')).length, 1, 'that was no dry run that named it')
  assert.is((await post(services, '/upkeep/retention', { at })).status, 303)
  assert.equal(await rows(db, 'select * from session'), [])
  assert.match(await page(services, '/upkeep/retention'), 'Removed 1 session')
})

upkeep(
  'limits and schedule are changed by their forms, and refused where they make no sense',
  async (context) => {
    const { services } = context
    const days = { unfinishedDays: '10', finishedDays: '20', historyDays: '30', logDays: '40' }
    assert.is((await post(services, '/upkeep/retention/limits', days)).status, 303)
    assert.is((await post(services, '/upkeep/retention/limits', { ...days, logDays: '0' })).status, 422)
    const often = Object.fromEntries(scheduled.map((task) => [task, 'weekly']))
    assert.is((await post(services, '/upkeep/schedule', { ...often, hour: '5' })).status, 303)
    assert.is((await post(services, '/upkeep/schedule', { ...often, hour: '24' })).status, 422)
    assert.is(
      (await post(services, '/upkeep/schedule', { ...often, hour: '5', fixity: 'hourly' })).status,
      422,
    )
    const all = await settings(services.db)
    assert.equal([all.retention_unfinished_days, all.retention_log_days], [10, 40])
    assert.equal([all.schedule_enabled, all.schedule_hour, all.schedule_backup], [false, 5, 'weekly'])
    const edits = await rows(
      services.db,
      `select distinct actor from edit where subject like 'setting:retention%' or subject like 'setting:schedule%'`,
    )
    assert.equal(edits, [{ actor: 'Maya' }])
  },
)

upkeep('tasks run when asked, one at a time, and what came of them is kept', async ({ services }) => {
  for (const task of ['vacuum', 'analyze', 'reindex', 'integrity', 'statistics', 'backup', 'fixity']) {
    assert.is((await post(services, `/upkeep/tasks/${task}`)).status, 303, task)
    await untilDone(services)
  }
  const shown = await page(services, '/upkeep/maintenance')
  for (const words of ['Gave back', 'indexes anew', 'Every page and every reference', 'Made and checked'])
    assert.match(shown, words)
  assert.is((await post(services, '/upkeep/tasks/format')).status, 404)
  const headers = { cookie: 'cutroom-name=Maya' }
  await createApp(services).request('/upkeep/tasks/analyze', { method: 'POST', headers })
  await untilDone(services)
  assert.match(await page(services, '/upkeep/maintenance'), '<td>Maya</td>')
  await rows(services.db, `update maintenance_run set status = 'running' where task = 'vacuum'`)
  const busy = await post(services, '/upkeep/tasks/analyze')
  assert.is(busy.status, 409)
  assert.match(await busy.text(), 'Another maintenance task runs')
  assert.match(await page(services, '/upkeep/maintenance'), 'Vacuum runs now')
  await rows(services.db, `update maintenance_run set status = 'completed'`)
})

upkeep('outputs are verified when asked, all or those of one session', async ({ services }) => {
  const { db, roots } = services
  const session = await addSession(db, { artwork: 'Tide', output_root_id: roots.output.id })
  const operation_id = await operationId(db, session, 'clips')
  const made = { root_id: roots.output.id, operation_id, bytes: 1, sha256: 'ab' }
  await addFile(db, session, {
    ...made,
    role: 'clip',
    path: 'p/gone.mp4',
    verified_at: '2020-01-01 00:00:00.000',
  })
  assert.is((await post(services, `/sessions/${session.key}/verify`)).status, 303)
  await untilDone(services)
  const shown = await page(services, '/upkeep/fixity')
  for (const words of ['gone.mp4', 'It is not there', '1 not there', 'Tide']) assert.match(shown, words)
  assert.is((await post(services, '/upkeep/fixity')).status, 303)
  assert.is((await post(services, '/sessions/nobody/verify')).status, 404)
})

upkeep.run()
