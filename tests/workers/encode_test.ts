/**
 * Whole files as H.264, with settings that are really used.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeVideo, encodeWarnings, planEncode } from '../../workers/encode.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { cutsClip, folder, make, tools, witness } from '../media.ts'
import { framesOf, inspect, jobFor, samples } from './job.ts'

const test = suite('encode')

const source = () => cutsClip('source.mp4', [30, 20])

test('the settings asked for are in the file', async () => {
  for (const [crf, speed, subme] of [
    [17, 'slow', 8],
    [23, 'faster', 4],
  ] as const) {
    const { session } = await jobFor(source())
    const probe = await probeFile(source(), await tools(), witness())
    const target = path.join(folder(), 'made.mp4')
    let last = 0
    const encoded = await encodeVideo(
      {
        source: source(),
        probe,
        target,
        video: { ...session.preset.video, crf, speed },
        audio: session.preset.audio,
        encoder: 'x264',
        tags: { title: 'Tide; "Study" = 1\\2' },
        onFrames: (frames) => (last = frames),
      },
      await tools(),
      witness(),
    )
    assert.equal([encoded.frames, last, encoded.width, encoded.height], [50, 50, 320, 180])
    assert.equal([encoded.settings.crf, encoded.settings.speed], [crf, speed])
    assert.match(readFileSync(target, 'latin1'), new RegExp(`subme=${subme} .*crf=${crf}\\.0`))
    const { streams, format } = inspect(target, '-show_format')
    assert.equal(
      streams.map((stream) => stream.codec_name),
      ['h264', 'aac'],
    )
    assert.is(format?.tags?.title, 'Tide; "Study" = 1\\2')
    assert.is(streams[0]?.nb_frames, '50')
  }
})

test('a slide show with long sound keeps every slide, at its time', async () => {
  const slides = make('slides.mkv', [
    ...['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=1:d=12,settb=1/1000,setpts='N*N*700+N*3000'`],
    ...[
      '-f',
      'lavfi',
      '-i',
      'sine=sample_rate=48000:duration=125',
      '-vsync',
      '0',
      '-enc_time_base',
      '1/1000',
    ],
    ...['-c:v', 'ffv1', '-c:a', 'pcm_s16le'],
  ])
  const { session } = await jobFor(slides)
  const probe = await probeFile(slides, await tools(), witness())
  const target = path.join(folder(), 'made.mp4')
  const video = { ...session.preset.video, speed: 'slow' } as const
  await encodeVideo(
    { ...session.preset, source: slides, probe, target, video, encoder: 'x264' },
    ...(await means()),
  )
  const [before, after] = [framesOf(slides).times, framesOf(target).times]
  assert.is(after.length, 12)
  before.forEach((time, n) =>
    assert.ok(Math.abs(time - (after[n] ?? -1)) < 0.0011, `slide ${n} at ${after[n]}`),
  )
})

test('time begins with the first frame, and the sound goes with it', async () => {
  const tone = ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*1000*t)*gt(t,1)':s=48000:d=3`]
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=2']
  const clock = ['-vsync', '0', '-enc_time_base:v', '1/1000']
  const output = ['-map', '0', '-map', '1', ...clock]
  const codecs = { mkv: ['-c:v', 'ffv1', '-c:a', 'pcm_s16le'], ts: ['-c:v', 'libx264', '-c:a', 'aac'] }
  for (const [name, args, toneAt] of [
    ['late-picture.mkv', [...film, ...tone, '-vf', 'settb=1/1000,setpts=PTS+530'], 0.47],
    ['late-picture.ts', [...film, ...tone, '-vf', 'settb=1/1000,setpts=PTS+530'], 0.47],
    ['late-sound.mkv', [...film, '-itsoffset', '0.33', ...tone], 1.33],
  ] as const) {
    const source = make(name, [...args, ...output, ...codecs[name.endsWith('.ts') ? 'ts' : 'mkv']])
    const { session } = await jobFor(source)
    const probe = await probeFile(source, await tools(), witness())
    const target = path.join(folder(), 'made.mp4')
    await encodeVideo({ ...session.preset, source, probe, target, encoder: 'x264' }, ...(await means()))
    assert.is(inspect(target).streams[0]?.start_time, '0.000000')
    const heard = samples(target).findIndex((value) => Math.abs(value) > 0.1) / 48000
    assert.ok(Math.abs(heard - toneAt) < 0.01, `${name} is heard at ${heard}`)
  }
})

const means = async () => [await tools(), witness()] as const

test('NVENC is asked for only where it works', async () => {
  const { session, files, tools: binaries } = await jobFor(source())
  const { probe } = files[0] ?? {}
  if (!probe) throw new Error('no probe')
  const wanted = { ...session.preset, encoder: 'nvenc' } as const
  const args = (nvenc: boolean) =>
    planEncode(probe, wanted, { ...binaries, nvenc })
      .output({ tick: probe.video.timeBase, even: true })
      .join(' ')
  assert.match(args(true), /-c:v h264_nvenc -preset p7 -rc vbr -cq 20 -b:v 0 -profile:v high/)
  assert.match(args(false), /-c:v libx264 -preset ultrafast -crf 20/)
  assert.is(planEncode(probe, wanted, { ...binaries, nvenc: true }).settings.encoder, 'nvenc')
  assert.equal(encodeWarnings(probe, 'nvenc', { nvenc: true, filters: [] }), [])
})

test.run()
