import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  commandText,
  rangesText,
  relativeArguments,
  settingsFor,
  settingText,
} from '../../../workers/media/lineage.ts'
import { withOverrides } from '../../../workers/media/preset_text.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'

const lineage = suite('lineage')

const [standard] = builtinPresets
if (!standard) throw new Error('There is no built-in preset.')
const { settings } = standard
const wanted = (role: 'clip' | 'master_web' | 'still_web' | 'still_hq', overrides = {}) =>
  settingsFor({ role, format: null }, withOverrides(settings, overrides), 'x264')

lineage('paths are told from the nearest root, and nothing else is touched', () => {
  const args = ['-i', 'file:/out/26_Dune/a.mp4', '-vf', '/out/x', 'file:/out/deep/b.mp4', 'file:/else/c']
  assert.equal(relativeArguments(args, ['/', '/out', '/out/deep']), [
    ...['-i', 'file:26_Dune/a.mp4', '-vf', '/out/x', 'file:b.mp4', 'file:/else/c'],
  ])
})

lineage('a command is told as a shell reads it, without the guards of its inputs', () => {
  const args = ['-format_whitelist', 'mov,mp4', '-i', "file:it's here.mov", '-vf', 'scale=2:2', 'file:o.mp4']
  assert.is(commandText(args), String.raw`ffmpeg -i 'file:it'\''s here.mov' -vf scale=2:2 file:o.mp4`)
})

lineage('what decides an output follows its role', () => {
  assert.equal(wanted('clip'), wanted('clip', { 'stills_web.quality': 50 }))
  assert.not.equal(wanted('clip'), wanted('clip', { 'video.crf': 30 }))
  assert.equal(wanted('master_web'), wanted('master_web', { 'video.crf': 30 }), 'it has a CRF of its own')
  assert.not.equal(wanted('still_web'), wanted('still_web', { 'stills_web.quality': 50 }))
  assert.equal(wanted('still_hq'), {})
})

lineage('frames and settings are told in words', () => {
  assert.is(rangesText([[0, 96]]), 'frames 0 to 95')
  assert.is(
    rangesText([
      [0, 96],
      [200, 240],
    ]),
    'frames 0 to 95 and 200 to 239',
  )
  assert.is(settingText('video.crf', 20), 'CRF 20')
  assert.is(settingText('stills_web.max_width', 'source'), 'web still max width source')
})

lineage.run()
