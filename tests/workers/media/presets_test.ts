import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settingFields, shapeOf } from '../../../workers/media/preset_fields.ts'
import { readSettings, settingTexts, withOverrides } from '../../../workers/media/preset_text.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'

const presets = suite('presets')

const settings = () => {
  const [first] = builtinPresets
  if (!first) throw new Error('there are no built-in presets')
  return first.settings
}

presets('an override is read as what its field takes', () => {
  const changed = withOverrides(settings(), {
    'video.level': '4.2',
    'video.crf': '9.5',
    'video.size': '1280x720',
    'video.fps': '25',
    'stills_web.chroma': '4:2:0',
    'stills_web.max_width': 'source',
    'stills_hq.enabled': 'off',
    'audio.sample_rate': '44100',
  })
  assert.is(changed.video.level, '4.2')
  assert.is(changed.video.crf, 9.5)
  assert.equal(changed.video.size, { width: 1280, height: 720 })
  assert.is(changed.video.fps, 25)
  assert.is(changed.stills_web.max_width, 'source')
  assert.is(changed.stills_hq.enabled, false)
  assert.is(changed.audio.sample_rate, 44100)
  assert.is(withOverrides(settings(), { 'video.crf': '18' }).video.crf, 18)
  assert.is(withOverrides(settings(), { 'video.level': '5.0' }).video.level, '5.0')
})

presets('what no field takes is refused by its name', () => {
  for (const [key, value] of [
    ['video.crf', '99'],
    ['video.crf', 'low'],
    ['video.level', '9.9'],
    ['video.size', '1x1'],
    ['video.fps', '0'],
    ['video', '1'],
    ['video.crf.more', '1'],
    ['__proto__.polluted', '1'],
    ['video.constructor', '1'],
  ] as const) {
    assert.throws(() => withOverrides(settings(), { [key]: value }), key)
  }
})

presets('what every built-in says goes to text and back', () => {
  for (const { settings } of builtinPresets) assert.equal(readSettings(settingTexts(settings)), { settings })
})

presets('every setting that cannot be used is told of, with what it takes', () => {
  const texts = { ...settingTexts(settings()), 'video.crf': '99', 'audio.bitrate': '', 'video.fps': 'fast' }
  assert.equal(readSettings(texts), {
    problems: {
      'video.crf': 'it takes 0 to 51, not “99”',
      'video.fps': 'it takes “source”, or 0.1 to 120 frames/s, not “fast”',
      'audio.bitrate': 'fill it in: a whole number, 32 to 512 kbit/s',
    },
  })
})

presets('the table has a field for each setting, and its range is where values stop', () => {
  const expected = Object.entries(settings()).flatMap(([section, values]) =>
    Object.keys(values).map((name) => `${section}.${name}`),
  )
  assert.equal(settingFields.map(({ key }) => key).sort(), expected.sort())
  for (const { key, range } of settingFields) {
    const takes = (value: unknown) => shapeOf(key)?.safeParse(value).success
    if (range.kind === 'choice') for (const option of range.options) assert.ok(takes(option), key)
    if (range.kind !== 'number') continue
    assert.equal(
      [range.least, range.most, range.most + 1, range.least - 1].map(takes),
      [true, true, false, false],
      key,
    )
    assert.is(takes('source'), range.orSource, key)
  }
})

presets.run()
