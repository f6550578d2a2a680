/**
 * The optimised master: all of it, at CRF 18 slow, whatever the preset says of clips.
 */

import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import optimiseMaster from '../../../workers/operations/optimise_master.ts'
import { cutsClip, folder, make, witness } from '../../media.ts'
import { emitted, framesOf, inspect, jobFor } from '../job.ts'

const test = suite('optimise_master')

test('the whole master is encoded at CRF 18 slow with the size and level of the preset', async () => {
  const source = cutsClip('wide.mov', [40, 30], {
    size: '640x360',
    args: ['-c:v', 'prores', '-c:a', 'pcm_s16le'],
  })
  const overrides = {
    'video.crf': 30,
    'video.size': '320x320',
    'video.profile': 'main',
    'video.level': '3.1',
  }
  const job = await jobFor(source, { overrides })
  const context = witness()
  const { settings } = await optimiseMaster.run(job, context)
  const [file] = emitted(context)
  assert.is(file?.role, 'master_web')
  assert.is(file?.path, path.join(job.folders.project, 'Masters', 'Tide-Study_master.mp4'))
  assert.equal([file?.width, file?.height, file?.frames], [320, 180, 70])
  assert.is(framesOf(file?.path ?? '').times.length, 70)
  const [video, audio] = inspect(file?.path ?? '').streams
  assert.equal([video?.profile, video?.level, video?.width], ['Main', 31, 320])
  assert.equal([audio?.codec_name, audio?.sample_rate], ['aac', '48000'])
  assert.match(readFileSync(file?.path ?? '').toString('latin1'), /subme=8.*crf=18\.0/)
  assert.equal([settings?.crf, settings?.speed], [18, 'slow'])
  assert.ok(context.reports.every((part) => part <= 1))
  assert.is(context.running.size, 0)
})

test('an original that is called like its optimised copy keeps its name to itself', async () => {
  const source = path.join(folder(), 'tide-study_MASTER.mp4')
  copyFileSync(cutsClip('plain.mp4', [30, 20]), source)
  const job = await jobFor(source)
  const context = witness()
  await optimiseMaster.run(job, context)
  assert.equal(readdirSync(path.join(job.folders.project, 'Masters')), ['Tide-Study_master_v2.mp4'])
})

test('of several audio tracks the first is kept, and that is said', async () => {
  const source = make('two-tracks.mov', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'],
    ...['-f', 'lavfi', '-i', 'sine=duration=1', '-f', 'lavfi', '-i', 'sine=frequency=880:duration=1'],
    ...['-map', '0', '-map', '1', '-map', '2', '-c:v', 'libx264', '-c:a', 'pcm_s16le'],
  ])
  const job = await jobFor(source)
  const context = witness()
  await optimiseMaster.run(job, context)
  const [file] = emitted(context)
  assert.is(inspect(file?.path ?? '').streams.length, 2)
  assert.ok(context.warnings.some((sentence) => /2 audio tracks/.test(sentence)))
})

test('uneven frames keep their times', async () => {
  const source = make('uneven.mkv', [
    ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=2,select='not(eq(mod(n\\,7)\\,3))'`],
    ...['-vsync', '0', '-c:v', 'libx264'],
  ])
  const job = await jobFor(source)
  const context = witness()
  await optimiseMaster.run(job, context)
  const [before, after] = [framesOf(source), framesOf(emitted(context)[0]?.path ?? '')]
  assert.is(after.times.length, before.times.length)
  before.times.forEach((time, n) => assert.ok(Math.abs(time - (after.times[n] ?? -1)) < 0.0011, `frame ${n}`))
})

test.run()
