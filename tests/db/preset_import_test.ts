/**
 * Presets that come from outside: whatever JSON it is, it is taken in or refused in words, and comes out as it went in.
 */

import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exportPreset, findPreset, importPreset, listPresets, PresetError } from '../../db/presets.ts'
import type { Db } from '../../db/schema.ts'
import { builtinPresets, type PresetDocument } from '../../workers/media/presets.ts'
import { freshDatabase } from './fixture.ts'

const test = suite<{ db: Db }>('import of presets, whatever is in them')

test.before.each(async (context) => {
  context.db = await freshDatabase()
})
test.after.each(({ db }) => db.destroy())

/** As JSON can hold it: half a surrogate pair and a zero byte, too. */
const text = (maxLength: number) =>
  fc
    .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('\0', '\ud800', '"', "'")), {
      maxLength,
    })
    .map((parts) => parts.join(''))

const id = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/)
const base = fc.constantFrom(null, ...builtinPresets.map((preset) => preset.id))
const settings = fc.constantFrom(...builtinPresets.map((preset) => preset.settings)).chain((all) =>
  fc
    .record({ crf: fc.double({ min: 0, max: 51, noNaN: true }), quality: fc.integer({ min: 1, max: 100 }) })
    .map(({ crf, quality }) => ({
      ...all,
      video: { ...all.video, crf },
      stills_web: { ...all.stills_web, quality },
    })),
)
const whole: fc.Arbitrary<PresetDocument> = fc.record({
  id,
  name: text(12)
    .map((name) => name.trim().slice(0, 100))
    .filter((name) => name.trim() !== ''),
  base,
  category: fc.option(text(10).map((one) => one.slice(0, 100))),
  description: fc.option(text(40)),
  settings,
})

/** A preset of which one part, at any depth, is something else, is not there, or is one too many. */
const broken = fc
  .record({
    document: whole,
    place: fc.constantFrom(
      'id',
      'name',
      'base',
      'category',
      'settings',
      'settings.video',
      'settings.video.crf',
      'settings.thumbnails.max_width',
      'more',
      '__proto__',
    ),
    value: fc.oneof(fc.jsonValue(), fc.constant(undefined)),
  })
  .map(({ document, place, value }) => {
    const copy = structuredClone(document) as unknown as Record<string, unknown>
    const parts = place.split('.')
    const holder = parts.slice(0, -1).reduce((at, part) => at[part] as Record<string, unknown>, copy)
    Object.defineProperty(holder, parts.at(-1) ?? '', { value, enumerable: true })
    return copy
  })

test('any JSON is taken in, or refused in one sentence that leaves everything as it was', async ({ db }) => {
  let [taken, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), whole, broken), async (given) => {
      const document: unknown = JSON.parse(JSON.stringify(given))
      const before = await listPresets(db)
      try {
        const preset = await importPreset(db, document)
        taken += 1
        assert.equal(await listPresets(db).then((all) => all.length), before.length + 1)
        assert.equal([preset.builtin, preset.version], [0, 1])
      } catch (error) {
        if (!(error instanceof PresetError)) throw error
        refused += 1
        assert.is(error.code, 'preset_invalid')
        assert.match(error.message, /^[A-Z][^\n]{10,}\.$/)
        assert.equal(await listPresets(db), before)
      }
    }),
    { numRuns: 150 },
  )
  assert.ok(taken > 10 && refused > 10, `${taken} taken, ${refused} refused`)
})

test('what is carried out and in again is the same preset, under an id that nobody has', async ({ db }) => {
  await fc.assert(
    fc.asyncProperty(whole, async (document) => {
      const first = await importPreset(db, document)
      const exported = await exportPreset(db, first.key)
      const written = JSON.parse(JSON.stringify(exported)) as PresetDocument
      const second = await importPreset(db, written)
      const again = await exportPreset(db, second.key)
      assert.not.equal(second.key, first.key)
      assert.match(second.key, /^[a-z0-9][a-z0-9_-]*_\d+$/)
      assert.ok(second.key.length <= 64 && second.name.length <= 100)
      assert.match(second.name, / \(\d+\)$/)
      const names = (await listPresets(db)).map(({ name }) => name)
      assert.is(new Set(names).size, names.length, 'no two have one name')
      assert.equal({ ...again, id: '', name: '' }, { ...exported, id: '', name: '' })
      assert.equal(exported.settings, document.settings)
      assert.equal(await findPreset(db, first.key), first)
    }),
    { numRuns: 60 },
  )
})

test.run()
