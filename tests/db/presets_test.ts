/**
 * Presets: what is built in is protected, what is custom is validated.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { actingAs } from '../../db/actors.ts'
import { migrate } from '../../db/migrate.ts'
import { type PresetSort, searchPresets } from '../../db/preset_search.ts'
import * as presets from '../../db/presets.ts'
import { editsOf } from '../../db/edits.ts'
import { PresetError } from '../../db/presets.ts'
import type { Db } from '../../db/schema.ts'
import { setSetting, settings } from '../../db/settings.ts'
import { builtinPresets } from '../../workers/media/presets.ts'
import { addSession, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite<{ db: Db }>('presets')

test.before.each(async (context) => {
  context.db = await freshDatabase()
})
test.after.each(({ db }) => db.destroy())

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await refusal(promise)
  assert.instance(error, PresetError)
  return error.code ?? ''
}

test('the three built-in presets are there, and export as what they are', async ({ db }) => {
  const keys = (await presets.listPresets(db)).map(({ key }) => key)
  assert.equal([...keys].sort(), builtinPresets.map(({ id }) => id).sort())
  for (const preset of builtinPresets) {
    assert.equal(await presets.exportPreset(db, preset.id), { base: null, ...preset })
  }
})

test('a built-in preset can be neither replaced nor removed', async ({ db }) => {
  const [first] = builtinPresets
  assert.is(await codeOf(presets.savePreset(db, { ...first, name: 'Mine' })), 'preset_builtin')
  assert.is(await codeOf(presets.removePreset(db, 'ultra_light')), 'preset_builtin')
  assert.equal(await presets.exportPreset(db, 'webflow_standard'), { base: null, ...first })
})

test('a built-in preset follows the program and keeps its count', async ({ db }) => {
  await addSession(db)
  await rows(db, `update preset set name = 'Old name', settings = '{}' where key = 'webflow_standard'`)
  await presets.syncBuiltins(db)
  const preset = await presets.findPreset(db, 'webflow_standard')
  assert.equal([preset?.name, preset?.use_count, preset?.builtin], ['Webflow standard', 1, 1])
})

test('a copy is custom, says what it came from, and can be changed', async ({ db }) => {
  const copy = await presets.duplicatePreset(actingAs(db, 'Ada'), 'ultra_light')
  assert.equal(
    [copy.key, copy.name, copy.base, copy.builtin, copy.actor],
    ['ultra_light_copy', 'Ultra light (Copy)', 'ultra_light', 0, 'Ada'],
  )
  const second = await presets.duplicatePreset(db, copy.key)
  assert.equal([second.key, second.base], ['ultra_light_copy_copy', 'ultra_light'])
  assert.is((await presets.duplicatePreset(db, 'ultra_light')).key, 'ultra_light_copy_2')
  const document = await presets.exportPreset(db, copy.key)
  const saved = await presets.savePreset(db, { ...document, name: 'Feather', category: 'social' })
  assert.equal([saved.id, saved.name, saved.category], [copy.id, 'Feather', 'social'])
})

test('the version rises with the settings, and with nothing else', async ({ db }) => {
  const copy = await presets.duplicatePreset(db, 'ultra_light')
  const document = await presets.exportPreset(db, copy.key)
  const versionAfter = async (change: object) =>
    (await presets.savePreset(db, { ...document, ...change })).version
  assert.is(copy.version, 1)
  assert.is(await versionAfter({ name: 'Feather', description: 'Light.' }), 1)
  const settings = { ...document.settings, video: { ...document.settings.video, crf: 25 } }
  assert.is(await versionAfter({ settings }), 2)
  assert.is(await versionAfter({ settings }), 2)
  assert.is(await versionAfter({}), 3)
})

test('a session of before versions were counted has the first, unless its preset was another', async ({
  db,
}) => {
  await migrate(db, '0008_archive_tool_views')
  const { settings } = await presets.exportPreset(db, 'ultra_light')
  const add = (preset_settings: string, overrides = '{}') =>
    addSession(db, { preset_key: 'ultra_light', preset_settings, overrides })
  await add(JSON.stringify(settings))
  await add(JSON.stringify({ ...settings, stills_hq: { enabled: true } }))
  await add(JSON.stringify(settings), '{"video.crf":"23"}')
  await migrate(db)
  const found = await rows(db, 'select preset_version from session order by id')
  assert.equal(
    found.map((row) => row.preset_version),
    [1, null, null],
  )
})

test('what is no preset is refused with the place of the fault', async ({ db }) => {
  const [first] = builtinPresets
  const bad = { ...first, id: 'mine', settings: { ...first?.settings, stills_web: { quality: 101 } } }
  const error = await refusal(presets.savePreset(db, bad))
  assert.is(error.code, 'preset_invalid')
  assert.match(error.message, 'settings.stills_web.quality')
  assert.is(await codeOf(presets.importPreset(db, 'nonsense')), 'preset_invalid')
  assert.is(await codeOf(presets.savePreset(db, { ...first, id: 'Mine!' })), 'preset_invalid')
  assert.is(await codeOf(presets.savePreset(db, { ...first, id: 'mine', base: 'gone' })), 'preset_invalid')
  assert.is((await presets.listPresets(db)).length, 3)
})

test('an import whose id is taken gets another, and so another name', async ({ db }) => {
  const document = await presets.exportPreset(db, 'webflow_standard')
  const first = await presets.importPreset(db, document)
  const second = await presets.importPreset(db, document)
  assert.equal(
    [first.key, first.name, second.key, second.name],
    ['webflow_standard_2', 'Webflow standard (2)', 'webflow_standard_3', 'Webflow standard (3)'],
  )
  assert.equal(first.settings, second.settings)
  assert.is((await presets.importPreset(db, { ...document, id: 'x'.repeat(64) })).key.length, 64)
  assert.is((await presets.importPreset(db, { ...document, id: 'x'.repeat(64) })).key, `${'x'.repeat(58)}_2`)
})

test('a change made from an older state is refused, and tells what it was made from', async ({ db }) => {
  const copy = await presets.duplicatePreset(db, 'ultra_light')
  const document = await presets.exportPreset(db, copy.key)
  const [bobs, adas] = [
    { ...document, description: 'Bob’s' },
    { ...document, name: 'Ada’s' },
  ]
  await pause(2)
  const bob = actingAs(db, 'Bob')
  const saved = await presets.savePreset(actingAs(db, 'Ada'), adas, copy.modified_at)
  const error = await refusal(presets.savePreset(bob, bobs, copy.modified_at))
  if (!(error instanceof presets.StalePreset)) throw error
  assert.equal([error.seen?.name, error.current?.name, error.current?.actor], [copy.name, 'Ada’s', 'Ada'])
  assert.is((await presets.exportPreset(db, copy.key)).name, 'Ada’s')
  await presets.savePreset(bob, bobs, saved.modified_at)
  await presets.removePreset(db, copy.key)
  assert.is(await codeOf(presets.savePreset(bob, bobs, saved.modified_at)), 'preset_changed')
})

test('every change is recorded with who made it; saving the same changes nothing', async ({ db }) => {
  const copy = await presets.duplicatePreset(actingAs(db, 'Ada'), 'ultra_light')
  const bob = actingAs(db, 'Bob')
  const document = await presets.exportPreset(db, copy.key)
  await presets.savePreset(bob, document)
  await presets.savePreset(bob, { ...document, name: 'Feather' })
  await presets.removePreset(actingAs(db, 'Cy'), copy.key)
  const edits = await editsOf(db, `preset:${copy.key}`, 10)
  assert.equal(
    edits.map(({ command, actor }) => [command, actor]),
    [
      ['preset.remove', 'Cy'],
      ['preset.save', 'Bob'],
      ['preset.add', 'Ada'],
    ],
  )
  const name = (json: string | null | undefined) =>
    (JSON.parse(json ?? 'null') as { document: { name: string } } | null)?.document.name
  assert.equal([name(edits[1]?.before), name(edits[1]?.after)], [copy.name, 'Feather'])
})

test('of changes within one millisecond each is younger than the one before', async ({ db }) => {
  const { settings } = await presets.exportPreset(db, 'ultra_light')
  const instants: string[] = []
  for (let step = 0; step < 50; step++) {
    const preset = await presets.savePreset(db, { id: 'hasty', name: `Name ${step}`, settings })
    instants.push(preset.modified_at)
  }
  assert.equal(instants, [...new Set(instants)].sort())
})

test('presets are found by their words and sorted by what is known of them', async ({ db }) => {
  await addSession(db, { preset_key: 'ultra_light' })
  const keys = async (words: string, sort: PresetSort, order: 'asc' | 'desc') =>
    (await searchPresets(db, { words, sort, order })).map(({ key }) => key)
  assert.equal(await keys('', 'name', 'asc'), ['retina_showcase', 'ultra_light', 'webflow_standard'])
  assert.equal(await keys('', 'name', 'desc'), ['webflow_standard', 'ultra_light', 'retina_showcase'])
  assert.is((await keys('', 'used', 'desc'))[0], 'ultra_light')
  for (const order of ['asc', 'desc'] as const) assert.is((await keys('', 'last', order))[0], 'ultra_light')
  assert.equal(await keys('LARGE dense', 'name', 'asc'), ['retina_showcase'])
  assert.equal(await keys('%', 'name', 'asc'), [])
})

test('no two presets are called the same: forms are refused, copies and imports numbered', async ({ db }) => {
  const { id: _id, ...document } = await presets.exportPreset(db, 'ultra_light')
  assert.is(await codeOf(presets.addPreset(db, document)), 'preset_name_taken')
  const names = [
    (await presets.duplicatePreset(db, 'ultra_light')).name,
    (await presets.duplicatePreset(db, 'ultra_light')).name,
    (await presets.importPreset(db, { ...document, id: 'elsewhere' })).name,
  ]
  assert.equal(names, ['Ultra light (Copy)', 'Ultra light (Copy) (2)', 'Ultra light (2)'])
  const mine = await presets.addPreset(db, { ...document, name: 'Mine' })
  const renamed = { ...document, id: mine.key, name: 'Ultra light' }
  assert.is(await codeOf(presets.savePreset(db, renamed, mine.modified_at)), 'preset_name_taken')
  const same = { ...document, id: mine.key, name: 'Mine', description: 'As it was called' }
  assert.is((await presets.savePreset(db, same, mine.modified_at)).description, 'As it was called')
})

test('an id is made of the name', async ({ db }) => {
  const { settings } = await presets.exportPreset(db, 'ultra_light')
  const add = async (name: string) => (await presets.addPreset(db, { name, settings })).key
  assert.is(await add('  Größe & Glanz! '), 'grosse_glanz')
  assert.is(await add('Größe, Glanz'), 'grosse_glanz_2')
  assert.is(await add('写真'), 'preset')
})

test('removing a preset changes no session, and the default falls back', async ({ db }) => {
  const copy = await presets.duplicatePreset(db, 'ultra_light')
  await setSetting(db, 'default_preset', copy.key)
  const session = await addSession(db, { preset_key: copy.key, preset_settings: copy.settings })
  await presets.removePreset(db, copy.key)
  const [after] = await rows(db, 'select preset_key, preset_settings from session')
  assert.equal(after, { preset_key: copy.key, preset_settings: session.preset_settings })
  assert.is((await settings(db)).default_preset, 'webflow_standard')
  assert.is(await codeOf(presets.removePreset(db, copy.key)), 'preset_not_found')
  assert.is(await codeOf(presets.exportPreset(db, copy.key)), 'preset_not_found')
})

test.run()
