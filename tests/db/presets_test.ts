/**
 * Presets: what is built in is protected, what is custom is validated.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as presets from '../../db/presets.ts'
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
  const copy = await presets.duplicatePreset(db, 'ultra_light', 'Ada')
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
