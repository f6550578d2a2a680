/**
 * Presets over HTTP: the list, the form that keeps what was typed, and two people at one preset.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { duplicatePreset, exportPreset, findPreset, listPresets } from '../../../db/presets.ts'
import type { Preset } from '../../../db/schema.ts'
import { settings } from '../../../db/settings.ts'
import { createApp } from '../../../server/app.ts'
import { formOf } from '../../../server/preset_form.ts'
import { createServices, type TestServices } from '../services.ts'

const routes = suite<{ services: TestServices; app: ReturnType<typeof createApp> }>('routes of presets')

routes.before.each(async (context) => {
  context.services = await createServices()
  context.app = createApp(context.services)
})
routes.after.each(({ services }) => services.close())

type App = ReturnType<typeof createApp>

const post = (app: App, path: string, body: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body: new URLSearchParams(body) })

const page = async (app: App, path: string) => (await app.request(path)).text()

/** The form of a preset as a browser would send it. */
function filled(preset: Preset, changes: Record<string, string> = {}): Record<string, string> {
  const { settings: texts, ...rest } = formOf(preset)
  const sent = { ...rest, ...texts, seen: preset.modified_at, ...changes }
  return Object.fromEntries(Object.entries(sent).filter(([, text]) => text !== 'off'))
}

routes('the list tells of all, and finds and sorts', async ({ app }) => {
  const all = await page(app, '/presets')
  assert.match(all, /Webflow standard[^]*built-in[^]*default/)
  const found = await page(app, '/presets?q=dense')
  assert.match(found, 'Retina showcase')
  assert.not.match(found, 'Ultra light')
  assert.match(await page(app, '/presets?q=%3Cb%3E'), 'No preset with “&lt;b&gt;”')
  const rows = (await page(app, '/presets?sort=name&order=desc')).match(/id="preset-\w+_\w+"/g)
  assert.equal(rows?.[0], 'id="preset-webflow_standard"')
})

routes(
  'a new preset is added as typed, or comes back with every fault beside its field',
  async ({ app, services }) => {
    const start = await findPreset(services.db, 'webflow_standard')
    if (!start) throw new Error('no preset')
    const own = { 'video.size': 'custom', 'video.size.width': '1280', 'video.size.height': '720' }
    const typed = filled(start, { name: 'Social', category: 'social', ...own })
    const bad = await post(app, '/presets', { ...typed, name: ' ', 'video.crf': '99', 'audio.bitrate': '' })
    assert.is(bad.status, 422)
    const text = await bad.text()
    assert.match(text, '3 fields need another value')
    assert.match(text, /id="help-field-video-crf"[^>]*class="error"[^>]*>It takes 0 to 51, not “99”/)
    assert.match(text, /name="video.crf"[^>]*value="99"/)
    assert.equal(text.match(/id="[^"]*"[^>]*autofocus/g)?.length, 1)
    assert.match(text, /name="name"[^>]*autofocus/)
    const one = await (await post(app, '/presets', { ...typed, 'video.crf': '99' })).text()
    assert.match(one, /name="video.crf"[^>]*aria-invalid="true"[^>]*autofocus/)
    assert.is((await listPresets(services.db)).length, 3)

    const added = await post(app, '/presets', typed)
    assert.equal([added.status, added.headers.get('location')], [303, '/presets#preset-social'])
    const { category, settings: made } = await exportPreset(services.db, 'social')
    assert.equal([category, made.video.size], ['social', { width: 1280, height: 720 }])
  },
)

routes('a name that another preset has is refused beside its field', async ({ app, services: { db } }) => {
  const copy = await duplicatePreset(db, 'ultra_light')
  const taken = filled(copy, { name: 'Webflow standard' })
  for (const address of ['/presets', `/presets/${copy.key}`]) {
    const answer = await post(app, address, taken)
    assert.is(answer.status, 422, address)
    const text = await answer.text()
    assert.match(text, /id="help-field-name"[^>]*class="error"[^>]*>Another preset is called that/)
    assert.match(text, /name="name"[^>]*value="Webflow standard"/)
  }
  assert.is((await listPresets(db)).length, 4)
})

routes('what was unticked is off, and the version rises', async ({ app, services: { db } }) => {
  const copy = await duplicatePreset(db, 'ultra_light')
  const sent = filled(copy)
  delete sent['thumbnails.enabled']
  assert.is((await post(app, `/presets/${copy.key}`, sent)).status, 303)
  assert.is((await exportPreset(db, copy.key)).settings.thumbnails.enabled, false)
  assert.is((await findPreset(db, copy.key))?.version, 2)
})

routes('a built-in can be looked at and copied, and nothing else', async ({ app, services: { db } }) => {
  assert.match(await page(app, '/presets/ultra_light'), /<fieldset[^>]*disabled/)
  const preset = await findPreset(db, 'ultra_light')
  if (!preset) throw new Error('no preset')
  assert.is((await post(app, '/presets/ultra_light', filled(preset, { name: 'Mine' }))).status, 409)
  assert.is((await post(app, '/presets/ultra_light/delete')).status, 409)
  const copy = await post(app, '/presets/ultra_light/duplicate')
  assert.is(copy.headers.get('location'), '/presets/ultra_light_copy')
})

routes(
  'who saves second is told what the first changed, and loses nothing',
  async ({ app, services: { db } }) => {
    const copy = await duplicatePreset(db, 'ultra_light')
    const at = `/presets/${copy.key}`
    await sleep(2)
    await post(app, at, filled(copy, { 'video.crf': '21', description: 'Ada’s', 'audio.bitrate': '128' }))
    const second = await post(app, at, filled(copy, { 'video.crf': '30', 'stills_web.quality': '70' }))
    assert.is(second.status, 409)
    const text = await second.text()
    assert.match(text, 'CRF: 23 → 21')
    assert.match(text, 'Description: Small files that load at once; web stills and thumbnails only. → Ada’s')
    assert.match(text, 'Where you both changed something (CRF), yours stands here.')
    const value = (name: string) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(text)?.[1] ?? ''
    assert.equal(['video.crf', 'stills_web.quality', 'audio.bitrate'].map(value), ['30', '70', '128'])
    assert.is((await exportPreset(db, copy.key)).settings.video.crf, 21)
    const merged = filled(copy, { 'video.crf': '30', 'stills_web.quality': '70', seen: value('seen') })
    assert.is((await post(app, at, merged)).status, 303)
    assert.is((await exportPreset(db, copy.key)).settings.video.crf, 30)
  },
)

routes('a preset goes out as a file and comes back under another name', async ({ app, services: { db } }) => {
  const out = await app.request('/presets/ultra_light/export')
  assert.is(out.headers.get('content-disposition'), 'attachment; filename="ultra_light.preset.json"')
  const bring = (text: string, name = 'mine.json') => {
    const body = new FormData()
    body.set('file', new File([text], name))
    return app.request('/presets/-/import', { method: 'POST', body })
  }
  const text = await out.text()
  assert.is((await bring(text)).headers.get('location'), '/presets#preset-ultra_light_2')
  assert.is((await findPreset(db, 'ultra_light_2'))?.name, 'Ultra light (2)')

  const bad = await bring(text.replace('"quality": 82', '"quality": 820'), 'bad.json')
  assert.is(bad.status, 422)
  assert.match(
    await bad.text(),
    'bad.json: This is not a preset: settings.stills_web.quality: it takes a whole number, 1 to 100',
  )
  assert.match(await (await bring('{}')).text(), 'mine.json: This is not a preset: it has no id. Mend it')
  assert.match(await (await bring('{')).text(), 'mine.json: it is not JSON')
  const empty = await bring('', 'empty.json')
  assert.is(empty.status, 422)
  assert.match(
    await empty.text(),
    /<b>Not imported\.<\/b> empty\.json: the file is empty[^]*<h2>Import<\/h2>/,
  )
  assert.is((await listPresets(db)).length, 4)
})

routes('one is made the default, asked about and deleted', async ({ app, services: { db } }) => {
  const copy = await duplicatePreset(db, 'ultra_light')
  await post(app, `/presets/${copy.key}/default`)
  assert.is((await settings(db)).default_preset, copy.key)
  assert.match(await page(app, `/presets/${copy.key}/delete`), 'Delete “Ultra light (Copy)”?')
  assert.is((await post(app, `/presets/${copy.key}/delete`)).status, 303)
  assert.is((await settings(db)).default_preset, 'webflow_standard')
  for (const path of ['', '/delete', '/export'])
    assert.is((await app.request(`/presets/${copy.key}${path}`)).status, 404, path)
})

routes.run()
