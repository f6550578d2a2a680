/**
 * Clips and groups: the very frames, the sound that belongs to them, and what they are called.
 */

import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import clips from '../../../workers/operations/clips.ts'
import { folder, make, witness } from '../../media.ts'
import { emitted, framesOf, inspect, jobFor, samples } from '../job.ts'
import {
  assertFrames,
  assertNear,
  clipsOf,
  counted,
  longGop,
  precise,
  range,
  silences,
  standard,
} from './clip_films.ts'

const test = suite('clips')

for (const [kind, ending, args, rate] of [
  ['long-GOP H.264 with B-frames', 'mp4', longGop],
  ['Matroska, rounded to milliseconds', 'mkv', longGop],
  ['ProRes', 'mov', ['-c:v', 'prores', '-c:a', 'pcm_s16le']],
  [
    'open-GOP MPEG-2 in a transport stream',
    'ts',
    ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2', '-g', '15', '-c:a', 'mp2'],
  ],
  [
    'open-GOP HEVC',
    'mp4',
    ['-c:v', 'libx265', '-x265-params', 'keyint=20:open-gop=1:log-level=none', '-c:a', 'aac'],
  ],
  [
    'VP8',
    'webm',
    [
      '-c:v',
      'libvpx',
      '-b:v',
      '2M',
      '-g',
      '250',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-c:a',
      'libvorbis',
    ],
  ],
  ['VP9', 'webm', ['-c:v', 'libvpx-vp9', '-b:v', '2M', '-g', '250', '-c:a', 'libopus']],
  ['MPEG-4 in AVI', 'avi', ['-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'mp3']],
  ['a clock that ticks once per frame', 'avi', ['-c:v', 'mpeg4', '-q:v', '2'], '24000/1001'],
] as const) {
  test(`no frame is lost or doubled: ${kind}`, async () => {
    const source = counted(`counted-${kind.length}.${ending}`, [...args], { rate })
    const job = await jobFor(source, { cuts: [0, 17, 40], overrides: { 'video.crf': 8 } })
    const { files } = await clipsOf(job)
    assert.is(files.length, 3)
    const frames = job.frames?.times.length ?? 0
    ;[range(0, 17), range(17, 40), range(40, frames)].forEach((expected, n) =>
      assertFrames(files[n]?.path ?? '', expected),
    )
  })
}

test('a clip sounds as its scene does, from its first sample to its last', async () => {
  for (const source of [
    standard(),
    counted('standard.mov', ['-c:v', 'prores', '-c:a', 'pcm_s16le']),
    counted('standard.mkv', [...longGop, '-c:a', 'libopus']),
    counted('standard.ts', longGop),
    counted('at44.mov', [...longGop, '-ar', '44100', '-c:a', 'pcm_s16le']),
    counted('at96.mov', [...longGop, '-ar', '96000', '-c:a', 'pcm_s24le']),
  ]) {
    const { files } = await clipsOf(await jobFor(source, { cuts: [0, 18, 43], overrides: precise }))
    const spans = [
      [0, 18],
      [18, 43],
      [43, 75],
    ] as const
    for (const [n, [from, to]] of spans.entries()) {
      const file = files[n]?.path ?? ''
      const what = `${path.extname(source)}, scene ${n + 1}`
      const [video, audio] = inspect(file).streams
      // Matroska stores times in whole milliseconds, and this build's writer lets a first frame slip by a few.
      const slip = source.endsWith('.mkv') ? 0.01 : 0.0005
      assertNear(Number(audio?.duration), (to - from) / 25, slip, `${what}: length of the sound`)
      assertNear(Number(video?.duration), (to - from) / 25, 0.0005, `${what}: length of the picture`)
      assert.is(Number(audio?.start_time), 0)
      assert.is(Number(video?.start_time), 0)
      for (const [start] of silences(file)) {
        const inSource = from / 25 + start
        const off = Math.abs(inSource * 2 - Math.round(inSource * 2)) / 2
        assert.ok(off < 0.02 || start === 0, `${what}: silent at ${inSource} s of the source`)
      }
      assert.ok(silences(file).length > 0, what)
    }
  }
})

test('sound that begins later or ends earlier than the picture is filled up with silence', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=3']
  const sine = ['-f', 'lavfi', '-itsoffset', '0.7', '-i', 'sine=frequency=1000:sample_rate=48000:duration=1']
  for (const ending of ['mov', 'mkv', 'ts']) {
    const source = make(`late.${ending}`, [...picture, ...sine, ...longGop])
    const { files } = await clipsOf(await jobFor(source, { cuts: [0, 10, 30, 50] }))
    assert.equal(
      files.map((file) => Math.round(samples(file.path).length / 48000)),
      [0, 1, 1, 1],
    )
    const heard = silences(files[1]?.path ?? '')
    assertNear(heard[0]?.[0], 0, 0.001, `${ending}: silence begins`)
    assertNear(heard[0]?.[1], 0.3, 0.02, `${ending}: sound begins`)
    const after = silences(files[2]?.path ?? '')
    assertNear(after[0]?.[0], 0.5, 0.02, `${ending}: sound ends`)
    for (const file of files) {
      const [video, audio] = inspect(file.path).streams
      assertNear(Number(audio?.duration), Number(video?.duration), 0.001, `${ending}: lengths`)
    }
  }
})

test('a picture that begins later than the sound keeps to it', async () => {
  const source = make('late-picture.mov', [
    ...['-itsoffset', '0.6', '-i', standard(), '-i', standard()],
    ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
  ])
  const { files } = await clipsOf(await jobFor(source, { cuts: [0, 20], overrides: precise }))
  assertFrames(files[1]?.path ?? '', range(20, 75))
  // Frame 20 is on screen 0.8 + 0.6 seconds into the sound, 0.1 before a silence.
  assertNear(silences(files[1]?.path ?? '')[0]?.[0], 0.1, 0.02, 'the first silence')
})

test('timestamps that begin far from zero change nothing', async () => {
  const source = make('offset.ts', ['-i', standard(), '-c', 'copy', '-output_ts_offset', '50000'])
  const { files } = await clipsOf(await jobFor(source, { cuts: [0, 20], overrides: precise }))
  assertFrames(files[1]?.path ?? '', range(20, 75))
  assertNear(silences(files[1]?.path ?? '')[0]?.[0], 0.2, 0.02, 'the first silence')
})

test('neighbouring scenes come out of one encode', async () => {
  const context = witness()
  let processes = 0
  context.children.started = () => void processes++
  await clips.run(
    await jobFor(standard(), { cuts: range(0, 75).filter((frame) => frame % 5 === 0) }),
    context,
  )
  assert.is(emitted(context).length, 15)
  assert.is(processes, 4, 'where the film begins, the pictures, the sounds, and both together')
})

test('a group is one seamless clip of its scenes in their order', async () => {
  const job = await jobFor(standard(), {
    cuts: [0, 10, 25, 47, 60],
    ticked: [],
    groups: [
      [2, 3],
      [4, 1, 2],
      [3, 5],
    ],
    overrides: precise,
  })
  const { files } = await clipsOf(job)
  assert.equal(
    files.map((file) => [file.role, path.basename(file.path), file.scene, file.frames]),
    [
      ['group', 'Tide-Study_group_01.mp4', 1, 37],
      ['group', 'Tide-Study_group_02.mp4', 2, 38],
      ['group', 'Tide-Study_group_03.mp4', 3, 37],
    ],
  )
  assertFrames(files[0]?.path ?? '', range(10, 47))
  assertFrames(files[1]?.path ?? '', [...range(47, 60), ...range(0, 10), ...range(10, 25)])
  assertFrames(files[2]?.path ?? '', [...range(25, 47), ...range(60, 75)])
  for (const file of files) {
    const { times } = framesOf(file.path)
    times.forEach((time, n) => assertNear(time, n / 25, 0.0005, `${file.path}, frame ${n}`))
    const [, audio] = inspect(file.path).streams
    assertNear(Number(audio?.duration), (file.frames ?? 0) / 25, 0.0005, 'length of the sound')
  }
  // Scene 5 begins at 2.4 s: the silence from 2.5 s on comes 0.1 s after the 22 frames of scene 3.
  const heard = silences(files[2]?.path ?? '')
  assert.ok(
    heard.some(([from]) => Math.abs(from - (22 / 25 + 0.1)) < 0.02),
    JSON.stringify(heard),
  )
})

test('a group that names a scene there is not fails in words', async () => {
  const job = await jobFor(standard(), { ticked: [], groups: [[1, 9]] })
  try {
    await clips.run(job, witness())
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /Group 1 names scene 9, and there is none/)
  }
})

const uneven = (name: string) =>
  counted(name, ['-vsync', '0', ...longGop], { filter: `select='not(eq(mod(n\\,7)\\,3))'` })

test('frames that are not evenly spaced keep their times, alone and in groups', async () => {
  for (const name of ['uneven.mp4', 'uneven.mkv']) {
    const source = uneven(name)
    const job = await jobFor(source, { cuts: [0, 20, 41], groups: [[3, 1]], overrides: precise })
    const { files } = await clipsOf(job)
    const times = job.frames?.times ?? new Float64Array()
    const duration = job.frames?.duration ?? 0
    const wanted = [
      range(0, 20),
      range(20, 41),
      range(41, times.length),
      [...range(41, times.length), ...range(0, 20)],
    ]
    for (const [n, frames] of wanted.entries()) {
      const found = framesOf(files[n]?.path ?? '').times
      assert.is(found.length, frames.length)
      const second = frames.indexOf(0) > 0 ? frames.indexOf(0) : frames.length
      const shift = duration - (times[41] ?? 0)
      frames.forEach((frame, at) => {
        const expected = (times[frame] ?? 0) - (times[frames[0] ?? 0] ?? 0)
        const place = at < second ? expected : shift + (times[frame] ?? 0)
        assertNear(found[at], place, 0.0011, `${name}, clip ${n + 1}, frame ${at}`)
      })
    }
  }
})

test('a rate that is asked for is given, however the source is spaced', async () => {
  for (const source of [standard(), uneven('uneven.mp4')]) {
    const job = await jobFor(source, { cuts: [0, 20], overrides: { 'video.fps': 29.97 } })
    const { files } = await clipsOf(job)
    for (const [n, file] of files.entries()) {
      const scene = job.scenes[n]
      const seconds = (scene?.endTime ?? 0) - (scene?.startTime ?? 0)
      const [video] = inspect(file.path).streams
      assert.is(video?.r_frame_rate, '30000/1001')
      const found = framesOf(file.path).times
      found.forEach((time, at) => assertNear(time, (at * 1001) / 30000, 0.0005, `frame ${at}`))
      assertNear(found.length, (seconds * 30000) / 1001, 2.2, 'frames')
    }
  }
})

test('a silent film makes silent clips; of several audio tracks the first is kept', async () => {
  const silent = make('silent.mov', ['-i', standard(), '-an', '-c', 'copy'])
  const mute = await clipsOf(await jobFor(silent, { cuts: [0, 20], groups: [[2, 1]] }))
  assert.equal(
    mute.files.map((file) => inspect(file.path).streams.length),
    [1, 1, 1],
  )
  const tracks = make('tracks.mov', [
    ...['-i', standard(), '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono'],
    ...['-map', '0:v', '-map', '0:a', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-t', '3'],
  ])
  const { files, warnings } = await clipsOf(await jobFor(tracks))
  assert.is(inspect(files[0]?.path ?? '').streams.length, 2)
  assert.ok(samples(files[0]?.path ?? '').some((value) => value > 0.3))
  assert.match(warnings.join(), /2 audio tracks/)
})

test('a clip tells what it is, and its row tells the same', async () => {
  const { files } = await clipsOf(await jobFor(standard(), { cuts: [0, 20] }))
  const tags = inspect(files[1]?.path ?? '', '-show_format').format?.tags ?? {}
  assert.equal(
    [tags.title, tags.artist, tags.copyright],
    ['Tide Study, scene 2', 'Yambo Studio', '© Yambo Studio'],
  )
  const notes = JSON.parse(tags.comment ?? '{}') as Record<string, unknown>
  assert.equal([notes.source, notes.frames, notes.timecode], ['standard.mp4', '20-74', '00:00:00:20'])
  assert.is(files[1]?.metadata?.title, tags.title)
  assert.equal(files[1]?.metadata?.ranges, [[20, 74]])
})

test('any name is only a name', async () => {
  for (const name of [`R&D – café's "final" 100%.mov`, '-x.mov']) {
    const source = path.join(folder(), name)
    copyFileSync(standard(), source)
    const { files } = await clipsOf(await jobFor(source, { cuts: [0, 20], ticked: [2], overrides: precise }))
    assertFrames(files[0]?.path ?? '', range(20, 75))
  }
})

test('a hundred scenes have three digits, and what is done is not done again', async () => {
  const cuts = range(0, 70)
  const job = await jobFor(standard(), { cuts: [...cuts, ...range(70, 75)], ticked: [7, 8] })
  const { files } = await clipsOf(job)
  assert.equal(
    files.map((file) => path.basename(file.path)),
    ['Tide-Study_clip_07.mp4', 'Tide-Study_clip_08.mp4'],
  )
  const [original] = job.files
  if (!original) throw new Error('no source')
  job.done = [{ ...original, role: 'clip', scene: 7 }]
  const again = await clipsOf(job)
  assert.equal(
    again.files.map((file) => file.scene),
    [8],
  )
})

test('where NVENC does not work x264 is used, and that is said and recorded', async () => {
  const job = await jobFor(standard(), { cuts: [0] })
  job.session.encoder = 'nvenc'
  job.tools = { ...job.tools, nvenc: false }
  const { files, warnings } = await clipsOf(job)
  assert.match(warnings.join(), /x264 was used/)
  assert.is(files[0]?.settings?.encoder, 'x264')
})

test.run()
