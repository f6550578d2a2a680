/**
 * Settings over HTTP: group by group, with names as they would be, and roots that come and go.
 */

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findPreset } from '../../../db/presets.ts'
import { rootsInUse } from '../../../db/root_changes.ts'
import { ensureRoot } from '../../../db/roots.ts'
import { settings } from '../../../db/settings.ts'
import { createApp } from '../../../server/app.ts'
import { addSession, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'
import { createServices, type TestServices } from '../services.ts'

const routes = suite<{ services: TestServices; app: ReturnType<typeof createApp> }>('routes of settings')

routes.before.each(async (context) => {
  context.services = await createServices()
  mkdirSync(context.services.roots.media.path)
  context.app = createApp(context.services)
})
routes.after.each(({ services }) => services.close())

type App = ReturnType<typeof createApp>

const post = (app: App, place: string, body: Record<string, string> = {}) =>
  app.request(place, { method: 'POST', body: new URLSearchParams(body) })

routes('a group is saved whole: a box that was not sent is off', async ({ app, services: { db } }) => {
  const sent = { encoder_preference: 'x264', parallel_workers: '2', gpu_enabled: 'on', log_level: 'DEBUG' }
  const done = await post(app, '/settings/behaviour', { ...sent, ui_theme: 'dark' })
  assert.equal([done.status, done.headers.get('location')], [303, '/settings?saved=behaviour#behaviour'])
  const { gpu_enabled, cache_thumbnails, parallel_workers, generate_log } = await settings(db)
  assert.equal([gpu_enabled, cache_thumbnails, parallel_workers, generate_log], [true, false, 2, true])
  const html = await (await app.request('/settings', { headers: { accept: 'text/html' } })).text()
  assert.match(html, /<html lang="en" data-theme="dark">/)
})

routes(
  'what cannot be used is told beside its field, what was typed is kept, and nothing is saved',
  async ({ app, services: { db } }) => {
    const bad = await post(app, '/settings/naming', {
      naming_still: '{artwork}',
      naming_master: '{artwork}_m',
    })
    assert.is(bad.status, 422)
    const text = await bad.text()
    assert.match(text, /name="naming_still"[^>]*aria-invalid="true" autofocus/)
    assert.match(text, /value="\{artwork\}"/)
    assert.match(text, 'Two files would be called Tide-Study.png; add {seq}')
    assert.is((await settings(db)).naming_master, '{artwork}_{type}')
  },
)

routes(
  'who gave a name is recorded with settings, presets and folders',
  async ({ app, services: { db } }) => {
    const outputs = folder()
    const acts: [string, Record<string, string>][] = [
      ['/settings/behaviour', { log_level: 'DEBUG' }],
      ['/presets/ultra_light/duplicate', {}],
      ['/settings/roots', { path: outputs, name: 'Shelf' }],
    ]
    for (const [place, form] of acts) {
      const headers = { cookie: 'cutroom-name=Maya' }
      const done = await app.request(place, { method: 'POST', headers, body: new URLSearchParams(form) })
      assert.is(done.status, 303, place)
    }
    const edits = await rows(db, 'select distinct command, actor from edit order by id')
    assert.equal(
      edits,
      ['setting.set', 'preset.add', 'root.add', 'root.rename'].map((command) => ({ command, actor: 'Maya' })),
    )
    assert.is((await findPreset(db, 'ultra_light_copy'))?.actor, 'Maya')
  },
)

routes('names are shown as they would be, before they are saved', async ({ app }) => {
  const text = await (await app.request('/settings/names?naming_clip={type}-{seq}-{artwork}')).text()
  assert.match(text, 'group-02-Tide-Study.mp4')
  assert.match(text, 'Tide-Study_HQ_01_16x9.png')
  assert.match(
    await (await app.request('/settings/names?naming_clip=%3Cb%3E')).text(),
    '“&lt;” cannot stand in a name',
  )
})

routes('each detector has a threshold of its own to start with', async ({ app, services: { db } }) => {
  const picked = { detector_default: 'hash', min_scene_length_default: '15' }
  const done = await post(app, '/settings/detection', {
    ...picked,
    'threshold.hash': '0,4',
    'threshold.content': '27',
  })
  assert.is(done.status, 303)
  const { detector_default, detector_thresholds, scene_threshold_default } = await settings(db)
  assert.equal([detector_default, detector_thresholds, scene_threshold_default], ['hash', { hash: 0.4 }, 27])
  const form = await (await app.request('/archives/new')).text()
  assert.match(form, /value="hash"[^>]*checked[^>]*data-usual="0.4"/)
  assert.match(form, /name="threshold"[^>]*placeholder="0.4"/)
  const bad = await post(app, '/settings/detection', { ...picked, 'threshold.hash': '40' })
  const told = await bad.text()
  assert.match(told, 'The threshold of hash is 0 to 1.')
  assert.equal(told.match(/name="[^"]*"[^>]*autofocus/g)?.length, 1)
  assert.match(told, /name="threshold.hash"[^>]*aria-invalid="true" autofocus/)
  const gone = await post(app, '/settings/detection', { ...picked, detector_default: 'magic' })
  assert.match(await gone.text(), 'There is no such detector')
})

routes(
  'an output folder is added, named and removed, but not while something needs it',
  async ({ app, services: { db } }) => {
    const place = folder()
    for (const [bad, why] of [
      ['archive', 'Give the whole path'],
      [path.join(place, 'nowhere'), 'There is no such folder'],
    ] as const) {
      const refused = await post(app, '/settings/roots', { path: bad })
      assert.is(refused.status, 422)
      const text = await refused.text()
      assert.match(text, /id="root-path"[^>]*autofocus/)
      const [before = '', after = ''] = text.split('id="naming"')
      assert.match(before, 'The folder was not added.')
      for (const part of [before, after]) assert.match(part, why)
    }
    await post(app, '/settings/roots', { path: place, name: 'Archive NAS' })
    const root = async () => (await rootsInUse(db)).find((one) => one.path === place)
    const added = await root()
    assert.equal([added?.kind, added?.name, added?.in_use], ['output', 'Archive NAS', 0])
    assert.match(await (await app.request('/archives/new')).text(), 'Archive NAS')
    await post(app, `/settings/roots/${added?.key}`, { name: 'Old NAS' })
    assert.is((await root())?.name, 'Old NAS')
    const session = await addSession(db, { output_root_id: added?.id ?? 0 })
    assert.is((await post(app, `/settings/roots/${added?.key}/remove`)).status, 409)
    await db.deleteFrom('session').where('id', '=', session.id).execute()
    assert.is((await post(app, `/settings/roots/${added?.key}/remove`)).status, 303)
    assert.is(await root(), undefined)
    const [fixed] = await rootsInUse(db)
    assert.is((await post(app, `/settings/roots/${fixed?.key}/remove`)).status, 409)
  },
)

routes('a folder is listed once, though masters were read from it, too', async ({ app, services }) => {
  const { db, roots } = services
  await ensureRoot(db, 'source', roots.media.path)
  const elsewhere = (await ensureRoot(db, 'source', folder())).path
  const html = await (await app.request('/settings')).text()
  const listed = [...html.matchAll(/<td class="path">([^<]*)<\/td><td class="soft">([^<]*)</g)]
  assert.equal(
    listed.map(([, place, use]) => [place, use]),
    [
      [roots.media.path, 'masters are picked here'],
      [roots.output.path, 'project folders are made here'],
      [elsewhere, 'masters or R&amp;D files were read from here'],
    ],
  )
})

routes.run()
