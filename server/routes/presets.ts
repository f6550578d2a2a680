/**
 * Presets: the list, one preset's form, and what can be done with it. Ids never begin with “-”: `/presets/-/…` is none.
 */

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { actingAs } from '../../db/actors.ts'
import { lastEventId } from '../../db/events.ts'
import {
  addPreset,
  duplicatePreset,
  exportPreset,
  findPreset,
  importPreset,
  removePreset,
  savePreset,
  StalePreset,
} from '../../db/presets.ts'
import { presetCategories, presetSorts, searchPresets } from '../../db/preset_search.ts'
import type { Preset } from '../../db/schema.ts'
import { setSetting, settings } from '../../db/settings.ts'
import type { PresetForm, PresetProblems } from '../../templates/preset_controls.tsx'
import { DeletePresetPage } from '../../templates/preset_delete.tsx'
import { type Overtaken, PresetPage } from '../../templates/preset_form.tsx'
import { FolderBrowser } from '../../templates/browser.tsx'
import { PreviewForm, PreviewResult } from '../../templates/preset_preview.tsx'
import { readSettings } from '../../workers/media/preset_text.ts'
import { PresetsPage, PresetTable } from '../../templates/presets_page.tsx'
import { AppError, found } from '../errors.ts'
import { nameOf } from '../http/person.ts'
import { may, takesFile, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import {
  formOf,
  mergeForm,
  nameProblem,
  presetProblem,
  readForm,
  type Sent,
  typedForm,
} from '../preset_form.ts'
import type { PreviewOrder, Services, ShownPreview } from '../services.ts'

/** What cannot be used is what it would be if it were not there: a link may be old. */
const query = z.object({
  q: z.string().max(200).catch('').default(''),
  sort: z.enum(presetSorts).catch('name').default('name'),
  order: z.enum(['asc', 'desc']).catch('asc').default('asc'),
})

/** Texts as they were typed; what they mean is told after, so that a refusal keeps them. */
const sent = z.record(z.string(), z.union([z.string().max(10_000), z.array(z.string().max(10_000))]))

export function presets(services: Services) {
  return new Hono()
    .route('/', pages(services))
    .route('/', changes(services))
    .route('/', acts(services))
    .route('/', previews(services))
}

function pages(services: Services) {
  const { db } = services
  return new Hono()
    .get('/presets', may('anyone'), takesQuery(query), async (c) => {
      const eventId = await lastEventId(db)
      const list = await listed(db, c.get('taken'))
      c.header('vary', 'HX-Request')
      if (c.req.header('hx-request') === 'true') return c.html(PresetTable(list))
      return c.html(PresetsPage({ eventId, ...list }))
    })
    .get('/presets/-/new', may('anyone'), takesNothing(), async (c) => {
      const { default_preset } = await settings(db)
      const start = found(await findPreset(db, default_preset), 'preset_not_found')
      const form = { ...formOf(start), name: '', category: '', description: '' }
      return c.html(await page(services, { preset: null, form }))
    })
    .get('/presets/:key', may('anyone'), takesNothing(), async (c) => {
      const preset = found(await findPreset(db, c.req.param('key')), 'preset_not_found')
      return c.html(await page(services, { preset, form: formOf(preset) }))
    })
    .get('/presets/:key/delete', may('anyone'), takesNothing(), async (c) => {
      const preset = found(await findPreset(db, c.req.param('key')), 'preset_not_found')
      return c.html(DeletePresetPage({ preset }))
    })
    .get('/presets/:key/export', may('anyone'), takesNothing(), async (c) => {
      const document = await exportPreset(db, c.req.param('key')).catch(rethrow)
      return c.body(`${JSON.stringify(document, null, 2)}\n`, 200, {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${document.id}.preset.json"`,
      })
    })
}

function changes(services: Services) {
  const { db } = services
  const by = (c: Context) => actingAs(db, nameOf(c))
  return new Hono()
    .post('/presets', may('anyone'), takesForm(sent), async (c) => {
      const form = typedForm(c.get('taken'))
      const read = readForm(form)
      const again = async (problems: PresetProblems) =>
        c.html(await page(services, { preset: null, form, problems }), 422)
      if ('problems' in read) return again(read.problems)
      try {
        const { key } = await addPreset(by(c), read.document)
        return c.redirect(`/presets#preset-${key}`, 303)
      } catch (error) {
        const problems = nameProblem(error)
        if (problems) return again(problems)
        throw presetProblem(error)
      }
    })
    .post('/presets/:key', may('anyone'), takesForm(sent), async (c) => {
      const preset = found(await findPreset(db, c.req.param('key')), 'preset_not_found')
      return save(c, services, preset, c.get('taken'))
    })
    .post('/presets/-/import', may('anyone'), takesFile('file'), async (c) => {
      const { name, text } = c.get('taken')
      try {
        const { key } = await importPreset(by(c), parsed(text))
        return c.redirect(`/presets#preset-${key}`, 303)
      } catch (error) {
        const problem = AppError.from(presetProblem(error))
        if (problem.code === 'unexpected') throw error
        const list = await listed(db, query.parse({}))
        const refused = `${name}: ${problem.detail ?? problem.message}`
        return c.html(PresetsPage({ eventId: await lastEventId(db), ...list, refused }), problem.status)
      }
    })
}

/** Back to the list, or to the form with what is wrong with it. */
async function save(c: Context, services: Services, preset: Preset, given: Sent): Promise<Response> {
  const form = typedForm(given)
  const read = readForm(form)
  const seen = typeof given.seen === 'string' ? given.seen : ''
  // Still made from what was seen then: whoever mends a field has not looked at anything newer.
  const again = async (problems: PresetProblems) =>
    c.html(await page(services, { preset: { ...preset, modified_at: seen }, form, problems }), 422)
  if ('problems' in read) return again(read.problems)
  try {
    const document = { ...read.document, id: preset.key, base: preset.base }
    const { key } = await savePreset(actingAs(services.db, nameOf(c)), document, seen)
    return c.redirect(`/presets#preset-${key}`, 303)
  } catch (error) {
    const problems = nameProblem(error)
    if (problems) return again(problems)
    const { current } = error instanceof StalePreset ? error : { current: null }
    if (!(error instanceof StalePreset) || !current) throw presetProblem(error)
    const merged = mergeForm(form, Object.assign(error, { current }))
    return c.html(await page(services, { preset: current, ...merged }), 409)
  }
}

function acts({ db }: Services) {
  const by = (c: Context) => actingAs(db, nameOf(c))
  const one = '/presets/:key'
  return new Hono()
    .post(`${one}/duplicate`, may('anyone'), takesNothing(), async (c) => {
      const { key } = await duplicatePreset(by(c), c.req.param('key')).catch(rethrow)
      return c.redirect(`/presets/${key}`, 303)
    })
    .post(`${one}/default`, may('anyone'), takesNothing(), async (c) => {
      const { key } = found(await findPreset(db, c.req.param('key')), 'preset_not_found')
      await setSetting(by(c), 'default_preset', key)
      return c.redirect(`/presets#preset-${key}`, 303)
    })
    .post(`${one}/delete`, may('anyone'), takesNothing(), async (c) => {
      await removePreset(by(c), c.req.param('key')).catch(rethrow)
      return c.redirect('/presets', 303)
    })
}

const rethrow = (error: unknown): never => {
  throw presetProblem(error)
}

async function listed(db: Services['db'], asked: z.infer<typeof query>) {
  const rows = await searchPresets(db, { words: asked.q, sort: asked.sort, order: asked.order })
  return { query: asked, rows, usual: (await settings(db)).default_preset }
}

interface Shown {
  preset: Preset | null
  form: PresetForm
  problems?: PresetProblems
  overtaken?: Overtaken
  tried?: { master: string; at: string; shown: ShownPreview | null; problem: string | null }
}

async function page(services: Services, { preset, problems = {}, tried = notTried, ...shown }: Shown) {
  const { db } = services
  const eventId = await lastEventId(db)
  const isUsual = preset?.key === (await settings(db)).default_preset
  const categories = await presetCategories(db)
  const preview =
    preset?.builtin === 1 ? null : PreviewForm({ ...tried, browser: await browser(services, tried.master) })
  return PresetPage({ eventId, preset, isUsual, problems, categories, preview, ...shown })
}

const notTried = { master: '', at: '', shown: null, problem: null }

async function browser({ db, disk, roots }: Services, master: string) {
  const { last_master_directory: last } = await settings(db)
  const open = master === '' ? last : master.slice(0, Math.max(0, master.lastIndexOf('/')))
  const empty = { path: '', folders: [], files: [] }
  // A folder that has gone, or that lies on a disk that is not there, is no reason to lose the form.
  const top = () => disk.list(roots.media, '').catch(() => empty)
  const listing = await disk.list(roots.media, open).catch(top)
  return FolderBrowser({ purpose: 'master', listing, root: roots.media, picked: master })
}

/** A preset that is being edited, on one frame: a part of the page, or without script the page with it. */
const previews = (services: Services) =>
  new Hono()
    .post('/presets/-/preview', may('anyone'), takesForm(sent), async (c) => {
      const given = c.get('taken')
      const text = (name: string) => [given[name] ?? ''].flat()[0] ?? ''
      const form = typedForm(given)
      const read = readSettings(form.settings)
      const order = {
        master: text('master'),
        at: text('at').trim() === '' ? null : Number(text('at').replace(',', '.')),
        signal: c.req.raw.signal,
      }
      const result =
        'problems' in read
          ? { shown: null, problem: 'Mend the fields first: they say what is wrong when you save.' }
          : await tryOut(services, { ...order, settings: read.settings })
      if (c.req.header('hx-request') === 'true') return c.html(PreviewResult(result))
      const preset = (await findPreset(services.db, text('preset'))) ?? null
      const seen = preset && { ...preset, modified_at: text('seen') }
      const tried = { ...result, master: order.master, at: text('at') }
      return c.html(await page(services, { preset: seen, form, tried }))
    })
    .get('/presets/-/preview/:key/:side{(before|after)\\.jpg}', may('anyone'), takesNothing(), async (c) => {
      const side = c.req.param('side').startsWith('before') ? 'before' : 'after'
      const picture = found(
        (await services.previews.picture(c.req.param('key'), side)) ?? undefined,
        'file_not_found',
      )
      return c.body(new Uint8Array(picture), 200, { 'content-type': 'image/jpeg' })
    })

async function tryOut({ previews }: Services, order: PreviewOrder) {
  if (order.master === '') return { shown: null, problem: 'Pick a master first.' }
  if (order.at !== null && !(order.at >= 0))
    return { shown: null, problem: 'Say at which second, such as 2.5.' }
  try {
    return { shown: await previews.of(order), problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unexpected') throw error
    return { shown: null, problem: `This cannot be shown: ${error.detail ?? error.message}` }
  }
}

/** @throws AppError that says where the text is no JSON. */
function parsed(text: string): unknown {
  if (text.trim() === '') throw new AppError('bad_input', { detail: 'the file is empty' })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad_input', { detail: `it is not JSON (${(cause as Error).message})`, cause })
  }
}
