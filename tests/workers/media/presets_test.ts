import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { builtinPresets, withOverrides } from '../../../workers/media/presets.ts'

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

presets.run()
