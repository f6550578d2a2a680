import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Db, type MaintenanceTask, maintenanceTasks } from '../../../db/schema.ts'
import { setSetting } from '../../../db/settings.ts'
import { beginRun, lastRun, latestRuns, runningRun } from '../../../db/upkeep.ts'
import { createRunner, type Runner } from '../../../server/upkeep/runner.ts'
import { dueTasks, runDue, scheduled } from '../../../server/upkeep/schedule.ts'
import type { Task } from '../../../server/upkeep/tasks.ts'
import { freshDatabase, rows } from '../../db/fixture.ts'
import { quietLog } from '../services.ts'

interface Context {
  db: Db
  did: MaintenanceTask[]
  runner(changes?: Partial<Record<MaintenanceTask, Task>>): Runner
}

const schedule = suite<Context>('maintenance and its schedule')

schedule.before.each(async (context) => {
  const db = await freshDatabase()
  const did: MaintenanceTask[] = []
  const plain =
    (task: MaintenanceTask): Task =>
    async () => (did.push(task), `Did ${task}.`)
  const all = Object.fromEntries(maintenanceTasks.map((task) => [task, plain(task)])) as Record<
    MaintenanceTask,
    Task
  >
  const runner = (changes = {}) =>
    createRunner({
      db,
      log: quietLog,
      pictures: '/nowhere',
      backups: '/nowhere',
      tasks: { ...all, ...changes },
    })
  // As of a day in the past, so that every slot since then counts.
  await rows(db, `update setting set modified_at = '2026-01-01 00:00:00.000'`)
  Object.assign(context, { db, did, runner })
})
schedule.after.each(({ db }) => db.destroy())

/** Local time, as the machine's clock shows it: a Sunday is 2026-03-08. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute)
const names = async (db: Db, now: Date) => (await dueTasks(db, now)).map(({ task }) => task)

/** Runs begin by the real clock; a test moves them to where they would have been. */
const began = (db: Db, when: Date) =>
  rows(
    db,
    `update maintenance_run set started_at = '${when.toISOString().replace('T', ' ').replace('Z', '')}'`,
  )

schedule(
  'daily, weekly and monthly tasks are due at their hour, once, in an order that is safe',
  async (context) => {
    const { db, did, runner } = context
    await setSetting(db, 'schedule_retention', 'daily')
    await rows(db, `update setting set modified_at = '2026-03-01 12:00:00.000'`)
    assert.equal(await names(db, at(2, 2, 59)), [])
    assert.equal(await names(db, at(2, 3)), ['backup', 'retention', 'fixity'])
    assert.equal(await names(db, at(8, 4)), [
      'backup',
      'retention',
      'vacuum',
      'analyze',
      'integrity',
      'fixity',
    ])
    assert.equal(await names(db, new Date(2026, 3, 1, 5)), [...scheduled])
    await runDue(db, runner(), at(2, 3))
    assert.equal(did, ['backup', 'retention', 'fixity'])
    await began(db, at(2, 3))
    assert.equal(await names(db, at(2, 23)), [])
    assert.equal(await names(db, at(3, 3)), ['backup', 'retention', 'fixity'])
  },
)

schedule(
  'what was missed is made up once, what was interrupted again, what failed at its next slot',
  async (context) => {
    const { db, did, runner } = context
    assert.ok((await names(db, at(20, 15))).includes('backup'), 'missed for weeks')
    const failing: Task = async () => {
      throw new Error('No room.')
    }
    await runDue(db, runner({ backup: failing }), at(20, 15))
    await began(db, at(20, 15))
    assert.equal(await names(db, at(20, 16)), [])
    assert.not(did.includes('backup'))
    assert.equal(
      (await latestRuns(db, 50))
        .filter(({ task }) => task === 'backup')
        .map(({ status, summary }) => [status, summary]),
      [['failed', 'Unexpected: No room.']],
    )
    await rows(db, `update maintenance_run set status = 'interrupted' where task = 'fixity'`)
    assert.equal(await names(db, at(20, 16)), ['fixity'])
  },
)

schedule('nothing is due while it is off, and a changed hour counts from then on', async ({ db }) => {
  await setSetting(db, 'schedule_enabled', false)
  assert.equal(await names(db, at(20, 15)), [])
  await setSetting(db, 'schedule_enabled', true)
  assert.equal(await names(db, at(20, 15)), [], 'it was turned on just now')
})

schedule('of two processes one does a task, and one does one task at a time', async (context) => {
  const { db, did, runner } = context
  let finish = () => undefined as void
  const slow: Task = () => new Promise((resolve) => (finish = () => resolve('Done at last.')))
  const [first, second] = [runner({ vacuum: slow }), runner()]
  const begun = await first.begin('vacuum', { cause: 'person' })
  assert.is(await second.begin('vacuum', { cause: 'person' }), null)
  assert.is(await second.begin('analyze', { cause: 'schedule' }), null)
  finish()
  assert.equal((await begun?.finished)?.summary, 'Done at last.')
  await Promise.all([runDue(db, first, at(20, 15)), runDue(db, second, at(20, 15))])
  await runDue(db, first, at(20, 15))
  assert.is(new Set(did).size, did.length, `twice: ${did.join()}`)
})

schedule('a run whose process died is told as interrupted, and holds nobody up', async ({ db, runner }) => {
  await beginRun(db, { task: 'reindex', cause: 'schedule', owner: 'here:1:1' })
  assert.is(await runner().begin('vacuum', { cause: 'person' }), null)
  await rows(db, `update maintenance_run set heartbeat_at = datetime('now', '-2 minutes')`)
  assert.ok(await runner().begin('vacuum', { cause: 'person' }))
  assert.is((await latestRuns(db, 9)).at(-1)?.status, 'interrupted')
})

schedule('a run without a sign of life is nowhere told as running, and is made up', async ({ db }) => {
  await rows(db, `update setting set modified_at = '2020-01-01 00:00:00.000'`)
  await beginRun(db, { task: 'reindex', cause: 'schedule', owner: 'here:1:1' })
  assert.is((await runningRun(db))?.task, 'reindex')
  assert.not((await dueTasks(db, new Date())).some(({ task }) => task === 'reindex'))
  await rows(db, `update maintenance_run set heartbeat_at = datetime('now', '-2 minutes')`)
  assert.is(await runningRun(db), undefined)
  for (const run of [await lastRun(db, 'reindex'), ...(await latestRuns(db, 9))])
    assert.equal([run?.status, run?.summary], ['interrupted', 'The process that performed it ended.'])
  assert.ok((await dueTasks(db, new Date())).some(({ task }) => task === 'reindex'))
})

schedule('a process that ends interrupts what it does, and says so', async ({ db, runner }) => {
  const until: Task = (_grounds, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  const one = runner({ fixity: until })
  const begun = await one.begin('fixity', { cause: 'schedule' })
  await one.close()
  assert.is((await begun?.finished)?.status, 'interrupted')
  assert.equal(
    (await latestRuns(db, 1)).map(({ status }) => status),
    ['interrupted'],
  )
  assert.is(await one.begin('vacuum', { cause: 'person' }), null)
})

schedule.run()
