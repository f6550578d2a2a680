/**
 * Upkeep: how Cutroom is, for people and for programs that watch it; its log, its maintenance, what goes and what is whole.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { lastEventId } from '../../db/events.ts'
import { type Db, maintenanceTasks } from '../../db/schema.ts'
import { frequencies, setSetting, type SettingKey, settings } from '../../db/settings.ts'
import { logLevels } from '../../templates/data.ts'
import { FixityPage } from '../../templates/fixity_page.tsx'
import { MaintenancePage } from '../../templates/maintenance_page.tsx'
import { RetentionPage } from '../../templates/retention_page.tsx'
import { UpkeepLogPage } from '../../templates/upkeep_log_page.tsx'
import { UpkeepPage } from '../../templates/upkeep_page.tsx'
import { found } from '../errors.ts'
import { nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

type Grounds = Pick<Services, 'db' | 'upkeep'>

export const upkeep = (services: Grounds) =>
  new Hono()
    .route('/', health(services))
    .route('/', log(services))
    .route('/', maintenance(services))
    .route('/', retention(services))
    .route('/', fixity(services))

const health = ({ db, upkeep }: Grounds) =>
  new Hono()
    .get('/healthz', may('anyone'), takesNothing(), async (c) => {
      const pulse = await upkeep.pulse()
      return c.json(pulse, pulse.ok ? 200 : 503, { 'cache-control': 'no-store' })
    })
    .get('/upkeep', may('anyone'), takesNothing(), async (c) =>
      c.html(UpkeepPage({ eventId: await lastEventId(db), health: await upkeep.health() })),
    )

const logPageSize = 100

/** What cannot be used is what it would be if it were not there: a link may be old. */
const logQuery = z.object({
  session: z.string().trim().max(100).catch('').default(''),
  level: z.enum(logLevels).catch('info').default('info'),
  before: z.string().max(100).catch('').default(''),
})

const levels = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const

const log = ({ db, upkeep }: Grounds) =>
  new Hono().get('/upkeep/log', may('anyone'), takesQuery(logQuery), async (c) => {
    const query = c.get('taken')
    const { session, level, before } = query
    const page = await upkeep.readLog({
      session: session || undefined,
      level,
      before: before || undefined,
      limit: logPageSize,
    })
    const written = levels[(await settings(db)).log_level]
    return c.html(UpkeepLogPage({ eventId: await lastEventId(db), query, ...page, written }))
  })

const frequency = z.enum(frequencies)
const schedule = z.object({
  enabled: z.string().optional(),
  hour: z.coerce.number().int().min(0).max(23),
  retention: frequency,
  backup: frequency,
  fixity: frequency,
  vacuum: frequency,
  analyze: frequency,
  reindex: frequency,
  integrity: frequency,
})

const maintenance = ({ db, upkeep }: Grounds) =>
  new Hono()
    .get('/upkeep/maintenance', may('anyone'), takesNothing(), async (c) =>
      c.html(
        MaintenancePage({ eventId: await lastEventId(db), ...(await upkeep.maintenance()), frequencies }),
      ),
    )
    .post('/upkeep/tasks/:task', may('anyone'), takesNothing(), async (c) => {
      const name = c.req.param('task')
      await upkeep.run(
        found(
          maintenanceTasks.find((task) => task === name),
          'page_not_found',
        ),
        nameOf(c),
      )
      return c.redirect('/upkeep/maintenance', 303)
    })
    .post('/upkeep/schedule', may('anyone'), takesForm(schedule), async (c) => {
      const { enabled, hour, ...often } = c.get('taken')
      await change(actingAs(db, nameOf(c)), [
        ['schedule_enabled', enabled !== undefined],
        ['schedule_hour', hour],
        ...Object.entries(often).map(([task, value]) => [`schedule_${task}` as SettingKey, value] as const),
      ])
      return c.redirect('/upkeep/maintenance', 303)
    })

const withOutputs = z.object({ outputs: z.string().optional() })
/** `at` is when the dry run that is carried out was made, in the database's own form. */
const removal = withOutputs.extend({
  at: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/, 'not a time'),
})
const days = z.coerce.number('a number of days').int('whole days').min(1, 'at least a day').max(36_500)
const limits = z.object({ unfinishedDays: days, finishedDays: days, historyDays: days, logDays: days })

const retention = ({ db, upkeep }: Grounds) =>
  new Hono()
    .get('/upkeep/retention', may('anyone'), takesQuery(withOutputs), async (c) => {
      const plan = await upkeep.planRetention(c.get('taken').outputs === 'delete')
      const { tasks, running } = await upkeep.maintenance()
      const last = tasks.find(({ task }) => task === 'retention')?.last ?? null
      const eventId = await lastEventId(db)
      return c.html(RetentionPage({ eventId, plan, last, running: running !== null }))
    })
    .post('/upkeep/retention', may('anyone'), takesForm(removal), async (c) => {
      const { outputs, at } = c.get('taken')
      await upkeep.applyRetention({ withOutputs: outputs === 'delete', at }, nameOf(c))
      return c.redirect('/upkeep/retention', 303)
    })
    .post('/upkeep/retention/limits', may('anyone'), takesForm(limits), async (c) => {
      const { unfinishedDays, finishedDays, historyDays, logDays } = c.get('taken')
      await change(actingAs(db, nameOf(c)), [
        ['retention_unfinished_days', unfinishedDays],
        ['retention_finished_days', finishedDays],
        ['retention_history_days', historyDays],
        ['retention_log_days', logDays],
      ])
      return c.redirect('/upkeep/retention', 303)
    })

const fixity = ({ db, upkeep }: Grounds) =>
  new Hono()
    .get('/upkeep/fixity', may('anyone'), takesNothing(), async (c) =>
      c.html(FixityPage({ eventId: await lastEventId(db), ...(await upkeep.fixity()) })),
    )
    .post('/upkeep/fixity', may('anyone'), takesNothing(), async (c) => {
      await upkeep.verify(undefined, nameOf(c))
      return c.redirect('/upkeep/fixity', 303)
    })
    .post('/sessions/:key/verify', may('anyone'), takesNothing(), async (c) => {
      await upkeep.verify(c.req.param('key'), nameOf(c))
      return c.redirect('/upkeep/fixity', 303)
    })

async function change(db: Db, values: readonly (readonly [SettingKey, unknown])[]): Promise<void> {
  for (const [key, value] of values) await setSetting(db, key, value)
}
