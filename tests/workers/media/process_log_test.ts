/** The log says in plain words what happened. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { usualNaming } from '../../../workers/media/file_names.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'
import { durationText, type LogFacts, processLog, sizeText } from '../../../workers/media/process_log.ts'

const test = suite('process log')
const [preset] = builtinPresets
if (!preset) throw new Error('There is no built-in preset.')

const facts: LogFacts = {
  session: {
    key: 'k3y',
    pipeline: 'archive',
    artwork: 'Tide Study',
    projectDate: '26-11-20',
    preset: preset.settings,
    presetName: preset.name,
    encoder: 'nvenc',
    detector: 'content',
    threshold: 30,
    minSceneLength: 15,
    aspect: null,
    copyright: '© Yambo Studio',
    naming: usualNaming,
    generateLog: true,
    createdAt: '2026-11-20 10:00:00.123',
  },
  finishedAt: '2026-11-20 10:05:00',
  output: '/out/26-11-20_Tide-Study',
  research: null,
  master: { name: 'tide.mov', bytes: 2_000_000, frames: 250, duration: 10, probe: null },
  scenes: { found: 3, ticked: 2, groups: 1 },
  files: [
    { role: 'source', bytes: 2_000_000 },
    { role: 'clip', bytes: 400_000 },
    { role: 'clip', bytes: 100_000 },
    { role: 'still_hq', bytes: 500_000 },
  ],
  operations: [
    {
      name: 'clips',
      title: 'Clips',
      status: 'completed',
      seconds: 61,
      warnings: ['NVENC does not work.'],
      settings: { encoder: 'x264' },
      error: null,
    },
    {
      name: 'research',
      title: 'R&D files',
      status: 'failed',
      seconds: null,
      warnings: [],
      settings: {},
      error: 'The disk is full.',
    },
  ],
  ffmpeg: '5.1.9',
}
const log = processLog(facts)

test('steps, counts, sizes and times are told', () => {
  assert.match(log, /Clips +completed +1 min 01 s\n/)
  assert.match(log, /R&D files +failed\n/)
  assert.match(log, /Clips +2 files, 500\.0 kB\n/)
  assert.match(log, /After +1\.0 MB in 3 files, 0\.50 times the master\n/)
  assert.match(log, /Started +2026-11-20 10:00:00 UTC\n/)
  assert.match(log, /Output folder +\/out\/26-11-20_Tide-Study\n/)
  assert.match(log, /Copyright +© Yambo Studio\n/)
})

test('the encoder is the one that was really used', () => {
  assert.match(log, /Encoder +x264 \(nvenc was asked for\)\n/)
})

test('a master that was copied is told of', () => {
  const [first] = facts.operations
  assert.ok(first)
  const operations = [{ ...first, title: 'Optimised master', settings: { copied: 'picture and sound' } }]
  assert.match(
    processLog({ ...facts, operations }),
    /Optimised master +picture and sound copied, not re-encoded: it was fit for the web\n/,
  )
})

test('warnings and problems stand at the end; none is said too', () => {
  assert.match(log, /- Clips: NVENC does not work\.\n! R&D files: The disk is full\.\n$/)
  assert.match(processLog({ ...facts, operations: [] }), /PROBLEMS\n-+\nnone\n$/)
})

test('sizes and times are told in units that suit them', () => {
  assert.equal([0, 1, 999, 1000, 999_960, 1_500_000_000].map(sizeText), [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '1.0 MB',
    '1.5 GB',
  ])
  assert.equal([0.04, 59.96, 187, 3720].map(durationText), [
    '0.0 s',
    '1 min 00 s',
    '3 min 07 s',
    '1 h 02 min',
  ])
})

test.run()
