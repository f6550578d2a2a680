/**
 * The optimised master: all of it, at CRF 18 slow, whatever the preset says of clips.
 */

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { OperationError } from '../../../workers/operation.ts'
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

/** The packets of the picture as they are stored. */
const packetsOf = (file: string) =>
  Array.from(
    inspect(file, '-show_packets', '-show_data_hash', 'md5').packets ?? [],
    ({ codec_type, data_hash }) => `${codec_type} ${data_hash}`,
  ).filter((packet) => packet.startsWith('video'))

test('a master that is web-safe is copied, not encoded again', async () => {
  const safe = cutsClip('safe.mp4', [40, 30])
  const pcm = make('safe-with-pcm.mov', ['-i', safe, '-c:v', 'copy', '-c:a', 'pcm_s16le'])
  const silent = make('safe-silent.mp4', ['-i', safe, '-c', 'copy', '-an'])
  for (const [source, copied, sounds] of [
    [safe, 'picture and sound', ['aac']],
    [pcm, 'picture', ['aac']],
    [silent, 'picture', []],
  ] as const) {
    const context = witness()
    const { settings } = await optimiseMaster.run(await jobFor(source), context)
    const [file] = emitted(context)
    const made = file?.path ?? ''
    assert.is(settings?.copied, copied)
    assert.is(file?.settings?.copied, copied)
    assert.equal([file?.frames, file?.width, file?.height], [70, 320, 180])
    assert.equal(packetsOf(made), packetsOf(source), 'the very packets')
    assert.equal(framesOf(made).times, framesOf(source).times)
    const { streams, format } = inspect(made, '-show_format')
    assert.equal(
      streams.slice(1).map(({ codec_name }) => codec_name),
      sounds,
    )
    assert.equal([format?.tags?.artist, streams[0]?.start_time], ['Yambo Studio', '0.000000'])
    assert.is(context.reports.at(-1), 1)
    assert.equal(context.warnings, [])
  }
})

test('a copy that a full disk has shortened is no reason to encode', async () => {
  const job = await jobFor(cutsClip('safe.mp4', [40, 30]))
  const ffmpeg = path.join(folder(), 'ffmpeg')
  const shorten = `case "$*" in *"-c:v copy"*) for last; do :; done; truncate -s 50000 "\${last#file:}" ;; esac`
  writeFileSync(ffmpeg, `#!/bin/sh\n'${job.tools.ffmpeg}' "$@" || exit 1\n${shorten}\n`, { mode: 0o755 })
  const context = witness()
  try {
    await optimiseMaster.run({ ...job, tools: { ...job.tools, ffmpeg } }, context)
    assert.unreachable('it was made otherwise')
  } catch (error) {
    assert.is((error as OperationError).code, 'not_whole', (error as Error).message)
  }
  assert.equal(emitted(context), [])
})

test('what asks for more than the preset, or spends too much, is encoded', async () => {
  const safe = cutsClip('safe.mp4', [40, 30])
  const noise = make('fat.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1,noise=alls=60:allf=t'],
    ...['-c:v', 'libx264', '-crf', '10', '-pix_fmt', 'yuv420p'],
  ])
  const turned = make('turned-safe.mp4', ['-i', safe, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  for (const [source, overrides] of [
    [safe, { 'video.size': '160x160' }],
    [safe, { 'video.profile': 'main' }],
    [safe, { 'video.fps': 24 }],
    [noise, {}],
    [turned, {}],
    [make('safe.mkv', ['-i', safe, '-c', 'copy']), {}],
    [make('safe.ts', ['-i', safe, '-c', 'copy']), {}],
  ] as const) {
    const { settings } = await optimiseMaster.run(await jobFor(source, { overrides }), witness())
    assert.equal([settings?.crf, settings?.copied], [18, undefined], path.basename(source))
  }
})

test('a film that begins between two keyframes is encoded, and begins there', async () => {
  const whole = cutsClip('long-group.mp4', [40, 30], {
    args: ['-c:v', 'libx264', '-g', '250', '-sc_threshold', '0', '-an'],
  })
  const source = make('begins-between.mp4', ['-ss', '0.6', '-i', whole, '-c', 'copy'])
  const job = await jobFor(source)
  const context = witness()
  const { settings } = await optimiseMaster.run(job, context)
  assert.is(settings?.crf, 18)
  assert.is(framesOf(emitted(context)[0]?.path ?? '').times.length, job.frames?.times.length)
})

test.run()
