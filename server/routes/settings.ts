/**
 * Settings: their page, saved group by group, and the folders of the server that outputs may go to.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { lastEventId } from '../../db/events.ts'
import { removeRoot, renameRoot, rootsInUse, type RootUse } from '../../db/root_changes.ts'
import type { Db } from '../../db/schema.ts'
import {
  namingOf,
  type SettingKey,
  type SettingProblems,
  settings as readSettings,
} from '../../db/settings.ts'
import { Names, SettingsGroup, SettingsPage, type SettingsPageProps } from '../../templates/settings_page.tsx'
import { answer, partial } from '../../templates/partial.tsx'
import { noNotice } from '../../templates/problem_page.tsx'
import { detectors } from '../../workers/detectors/mod.ts'
import { namingProblems, sampleProject } from '../../workers/media/naming_check.ts'
import { changeSettings } from '../commands/settings.ts'
import { AppError, found } from '../errors.ts'
import { isPartial } from '../http/answers.ts'
import { nameOf } from '../http/person.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import { isGroup, keysOf, settingGroups } from '../setting_fields.ts'
import type { Services } from '../services.ts'

/** Texts as they were typed. */
const sent = z.record(z.string(), z.string().max(2000))
const saved = z.object({ saved: z.string().max(60).optional().catch(undefined) })
const newRoot = z.object({ path: z.string().max(4000), name: z.string().trim().max(60).default('') })
const rootName = z.object({ name: z.string().trim().max(60).default('') })

export const settings = (services: Services) =>
  new Hono().route('/', page(services)).route('/', groups(services)).route('/', roots(services))

const page = (services: Services) =>
  new Hono()
    .get('/settings', may('anyone'), takesQuery(saved), async (c) =>
      c.html(SettingsPage(await pageData(services, { saved: c.get('taken').saved }))),
    )
    .get('/settings/names', may('anyone'), takesQuery(sent), async (c) => {
      const chosen = { ...(await readSettings(services.db)), ...withoutOthers(c.get('taken')) }
      return c.html(Names(namesData(namingOf(chosen))))
    })

/** Only texts of the naming group: a query may hold anything. */
const withoutOthers = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).filter(([key]) => /^(naming|folder)_/.test(key)))

const groups = (services: Services) =>
  new Hono().post('/settings/:group', may('anyone'), takesForm(sent), async (c, next) => {
    const group = c.req.param('group')
    if (!isGroup(group)) return next()
    const typed = valuesOf(c.get('taken'), keysOf(group))
    const problems = await changeSettings(actingAs(services.db, nameOf(c)), typed)
    const refused = Object.keys(problems).length > 0
    if (!refused && !isPartial(c)) return c.redirect(`/settings?saved=${group}#${group}`, 303)
    const data = await pageData(services, refused ? { typed, problems } : { saved: group })
    if (!isPartial(c)) return c.html(SettingsPage(data), 422)
    const shown = partial(group, SettingsGroup({ ...data, name: group }))
    return c.html(answer(shown, noNotice), refused ? 422 : 200)
  })

/** A box that is not ticked is not sent; thresholds come one by one. */
function valuesOf(given: Record<string, string>, keys: SettingKey[]): Record<string, string> {
  const boxes = keys.filter((key) => switches.includes(key)).map((key) => [key, given[key] ?? 'off'])
  const texts = keys.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]]))
  const values = Object.fromEntries([...boxes, ...texts]) as Record<string, string>
  if (!keys.includes('detector_thresholds')) return values
  const own = detectors.flatMap(({ name }) => {
    const text = (given[`threshold.${name}`] ?? '').trim().replace(',', '.')
    return text === '' ? [] : [[name, Number(text)] as const]
  })
  const { content, ...others } = Object.fromEntries(own)
  return {
    ...values,
    ...(content !== undefined && { scene_threshold_default: String(content) }),
    detector_thresholds: Object.keys(others).length > 0 ? JSON.stringify(others) : '',
  }
}

const switches: SettingKey[] = ['generate_log', 'extract_midpoint_stills', 'gpu_enabled', 'cache_thumbnails']

const roots = (services: Services) => {
  const by = (c: Context) => actingAs(services.db, nameOf(c))
  return new Hono()
    .post('/settings/roots', may('anyone'), takesForm(newRoot), async (c) => {
      const { path, name } = c.get('taken')
      const problem = await services.addOutputRoot(path.trim(), name || null, nameOf(c))
      if (problem !== null)
        return c.html(SettingsPage(await pageData(services, { newRoot: { path, name, problem } })), 422)
      return c.redirect('/settings#roots', 303)
    })
    .post('/settings/roots/:key', may('anyone'), takesForm(rootName), async (c) => {
      await renameRoot(by(c), c.req.param('key'), c.get('taken').name || null)
      return c.redirect('/settings#roots', 303)
    })
    .post('/settings/roots/:key/remove', may('anyone'), takesNothing(), async (c) => {
      const listed = await rootList(services)
      const root = found(
        listed.find(({ key }) => key === c.req.param('key')),
        'folder_not_found',
      )
      if (root.fixed || root.inUse) throw new AppError('root_in_use', { detail: root.path })
      await removeRoot(by(c), root.key)
      return c.redirect('/settings#roots', 303)
    })
}

interface Asked {
  typed?: Record<string, string>
  problems?: SettingProblems
  newRoot?: SettingsPageProps['newRoot']
  saved?: string | undefined
}

async function pageData(services: Services, asked: Asked): Promise<SettingsPageProps> {
  const { db, machine } = services
  const { typed = {}, problems = {} } = asked
  const eventId = await lastEventId(db)
  const chosen = await readSettings(db)
  return {
    eventId,
    groups: settingGroups(chosen, typed, problems),
    detectors: await detectorData(db, typed),
    names: namesData(namingOf({ ...chosen, ...withoutOthers(typed) })),
    roots: await rootList(services),
    about: machine,
    newRoot: asked.newRoot,
    saved: asked.saved,
  }
}

async function detectorData(db: Db, typed: Record<string, string>) {
  const chosen = await readSettings(db)
  const others = JSON.parse(typed.detector_thresholds || 'null') as Record<string, number | null> | null
  const own: Record<string, number | string | null | undefined> = {
    ...(others ?? chosen.detector_thresholds),
    content: typed.scene_threshold_default ?? chosen.scene_threshold_default,
  }
  return detectors.map(({ name, summary, threshold }) => ({
    name,
    summary,
    text: String(own[name] ?? ''),
    usual: threshold.default,
    least: threshold.least,
    most: threshold.most,
  }))
}

const namesData = (naming: Parameters<typeof namingProblems>[0]) => ({
  ...sampleProject(naming, 'Tide Study', '26-11-20'),
  problems: Object.values(namingProblems(naming)),
})

/** A folder that masters were read from is often the media folder, too: it is told of once. */
async function rootList({ db, roots: fixed }: Services) {
  const all = await rootsInUse(db)
  const isTold = (root: RootUse) =>
    root.kind !== 'source' || all.every(({ kind, path }) => kind === 'source' || path !== root.path)
  return all.filter(isTold).map(({ key, kind, path, name, in_use }) => ({
    key,
    kind,
    path,
    name,
    inUse: in_use === 1,
    fixed: key === fixed.media.key || key === fixed.output.key,
  }))
}
