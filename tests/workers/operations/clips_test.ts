/**
 * Clips and groups: the very frames, the sound that belongs to them, and the settings asked for.
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmittedFile, Job, OperationError } from '../../../workers/operation.ts'
import clips from '../../../workers/operations/clips.ts'
import { folder, make, witness } from '../../media.ts'
import { emitted, framesOf, inspect, jobFor, lumas, samples } from '../job.ts'

const test = suite('clips')

/** Grey that tells the frame: neighbours differ by far more than an encoder's error. */
const grey = (frame: number) => 30 + ((frame * 37) % 191)

/** Three seconds whose every frame has its grey, and a tone that is silent for 0.1 s from every half second on. */
function counted(
  name: string,
  args: string[],
  { size = '64x48', rate = '25', seconds = 3, filter = 'null' } = {},
) {
  return make(name, [
    ...['-f', 'lavfi', '-i', `nullsrc=size=${size}:rate=${rate}:duration=${seconds},format=gray`],
    ...['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*1000*t)*gt(mod(t,0.5),0.1)':s=48000:d=${seconds}`],
    ...['-vf', `geq=lum='30+mod(N*37,191)',scale=in_range=pc:out_range=tv,format=yuv420p,${filter}`],
    ...args,
  ])
}

/** Large pictures are made of small ones: reckoning every pixel takes far longer. */
const enlarged = (size: string) => `scale=${size}:flags=neighbor,setsar=1`

const longGop = ['-c:v', 'libx264', '-crf', '12', '-g', '250', '-bf', '3', '-c:a', 'aac']

async function clipsOf(job: Job): Promise<{ files: EmittedFile[]; warnings: string[] }> {
  const context = witness()
  await clips.run(job, context)
  assert.equal(readdirSync(job.folders.work), [], 'nothing is left in the work folder')
  return { files: emitted(context), warnings: context.warnings }
}

function assertFrames(file: string, frames: number[]) {
  const found = lumas(file)
  assert.is(found.length, frames.length)
  frames.forEach((frame, n) => {
    const off = Math.abs((found[n] ?? -1) - grey(frame))
    assert.ok(off <= 6, `frame ${n} is ${found[n]}, not ${grey(frame)} of frame ${frame}`)
  })
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

/** Seconds at which the tone falls silent and comes back. */
function silences(file: string, rate = 48000): [number, number][] {
  const heard = samples(file, rate)
  const loud = Array.from({ length: Math.floor(heard.length / 48) }, (_, n) =>
    heard.subarray(n * 48, n * 48 + 48).some((value) => Math.abs(value) > 0.1),
  )
  const found: [number, number][] = []
  loud.forEach((is, n) => {
    if (!is && loud[n - 1] !== false) found.push([n / 1000, n / 1000])
    const last = found.at(-1)
    if (!is && last) last[1] = (n + 1) / 1000
  })
  return found.filter(([from, to]) => to - from > 0.03)
}

function assertNear(actual: number | undefined, expected: number, tolerance: number, what: string) {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual}, not ${expected}`,
  )
}

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

const standard = () => counted('standard.mp4', longGop)
const precise = { 'video.crf': 8 }

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

/** The settings that x264 writes into the stream. */
const x264Settings = (file: string) =>
  /x264 - core.*? - options: ([\w=:.,|()\- ]+)/.exec(readFileSync(file, 'latin1'))?.[1] ?? ''

test('size, CRF, speed, profile, level and audio of the preset are really applied', async () => {
  const source = counted('wide.mov', ['-c:v', 'prores', '-c:a', 'pcm_s16le'], {
    seconds: 1,
    filter: enlarged('640:360'),
  })
  const overrides = {
    'video.size': '300x300',
    'video.crf': 27,
    'video.speed': 'veryfast',
    'video.profile': 'main',
    'video.level': '3.1',
    'audio.bitrate': 96,
    'audio.sample_rate': 44100,
    'audio.channels': 'stereo',
  }
  const { files } = await clipsOf(await jobFor(source, { overrides }))
  const [video, audio] = inspect(files[0]?.path ?? '').streams
  assert.equal([video?.width, video?.height, video?.profile, video?.level], [300, 168, 'Main', 31])
  assert.equal([audio?.codec_name, audio?.sample_rate, Number(audio?.channels)], ['aac', '44100', 2])
  assertNear(Number(audio?.bit_rate), 96_000, 30_000, 'bits of the sound')
  assert.match(x264Settings(files[0]?.path ?? ''), /subme=2 .*crf=27\.0/)
  assert.equal([files[0]?.settings?.crf, files[0]?.settings?.speed], [27, 'veryfast'])
  assert.ok(atomsOf(files[0]?.path ?? '').indexOf('moov') < atomsOf(files[0]?.path ?? '').indexOf('mdat'))
})

function atomsOf(file: string): string[] {
  const bytes = readFileSync(file)
  const names = []
  for (let at = 0; at + 8 <= bytes.length; at += Math.max(8, bytes.readUInt32BE(at))) {
    names.push(bytes.toString('latin1', at + 4, at + 8))
  }
  return names
}

test('an odd size becomes even, and only the odd row and column are lost', async () => {
  const source = counted('odd.mov', ['-c:v', 'libx264', '-c:a', 'aac', '-pix_fmt', 'yuv444p'], {
    seconds: 1,
    filter: `format=yuv444p,${enlarged('577:323')}`,
  })
  const { files, warnings } = await clipsOf(await jobFor(source))
  const [video] = inspect(files[0]?.path ?? '').streams
  assert.equal([video?.width, video?.height, video?.pix_fmt], [576, 322, 'yuv420p'])
  assert.equal(warnings, [])
})

test('a turned picture comes out upright, with no turn left to do', async () => {
  const upright = counted('upright.mov', longGop, { size: '96x48', seconds: 1 })
  const turned = make('turned.mov', ['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const { files } = await clipsOf(await jobFor(turned))
  const [video] = inspect(files[0]?.path ?? '').streams
  assert.equal([video?.width, video?.height], [48, 96])
  assert.not.ok(video?.side_data_list)
})

test('pixels keep their shape', async () => {
  const source = make('anamorphic.mov', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=360x288:rate=25:duration=1,setsar=16/11', '-c:v', 'libx264'],
  ])
  const { files } = await clipsOf(await jobFor(source))
  assert.is(inspect(files[0]?.path ?? '').streams[0]?.sample_aspect_ratio, '16:11')
})

const colours = ({
  color_range,
  color_space,
  color_primaries,
  color_transfer,
}: Record<string, unknown> = {}) => [color_range, color_space, color_primaries, color_transfer]

test('colour tags are kept, and full range becomes limited', async () => {
  const tagged = (
    name: string,
    space: string,
    primaries: string,
    transfer: string,
    range = 'tv',
    filter = 'null',
  ) =>
    counted(
      name,
      [
        ...['-c:v', 'libx264', '-color_range', range, '-colorspace', space],
        ...['-color_primaries', primaries, '-color_trc', transfer, '-c:a', 'aac'],
      ],
      { seconds: 1, filter },
    )
  const to709 = 'scale=out_color_matrix=bt709'
  for (const [source, ...expected] of [
    [tagged('bt709.mp4', 'bt709', 'bt709', 'bt709', 'tv', to709), 'tv', 'bt709', 'bt709', 'bt709'],
    [tagged('bt601.mp4', 'smpte170m', 'smpte170m', 'smpte170m'), 'tv', 'smpte170m', 'smpte170m', 'smpte170m'],
    [tagged('bt2020.mp4', 'bt2020nc', 'bt2020', 'bt2020-10'), 'tv', 'bt2020nc', 'bt2020', 'bt2020-10'],
  ] as const) {
    const { files } = await clipsOf(await jobFor(source, { overrides: precise }))
    assert.equal(colours(inspect(files[0]?.path ?? '').streams[0]), expected)
    assertFrames(files[0]?.path ?? '', range(0, 25))
  }
  const full = tagged('full.mp4', 'bt709', 'bt709', 'bt709', 'pc', 'scale=in_range=tv:out_range=pc')
  const { files } = await clipsOf(await jobFor(full, { overrides: precise }))
  assert.equal(colours(inspect(files[0]?.path ?? '').streams[0]), ['tv', 'bt709', 'bt709', 'bt709'])
  assertFrames(files[0]?.path ?? '', range(0, 25))
})

test('RGB becomes BT.709', async () => {
  const source = make('rgb.mov', [
    ...['-f', 'lavfi', '-i', 'color=red:size=64x48:rate=25:duration=1', '-c:v', 'png', '-pix_fmt', 'rgb24'],
  ])
  const { files } = await clipsOf(await jobFor(source))
  assert.equal(colours(inspect(files[0]?.path ?? '').streams[0]), ['tv', 'bt709', 'bt709', 'bt709'])
  // Pure red has a luma of 63 in BT.709 (81 in BT.601); as full-range grey that is 54.
  assertNear(lumas(files[0]?.path ?? '')[0], 54, 3, 'luma of red')
})

test('HDR is tone-mapped to BT.709', async () => {
  for (const [transfer, name] of [
    ['smpte2084', 'pq'],
    ['arib-std-b67', 'hlg'],
  ] as const) {
    const tags = `colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited:log-level=none`
    const source = make(`${name}.mp4`, [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=25:duration=1,format=yuv420p10'],
      ...['-c:v', 'libx265', '-x265-params', tags, '-pix_fmt', 'yuv420p10le'],
    ])
    const job = await jobFor(source)
    assert.is(job.files[0]?.probe?.video.hdr, name)
    const { files, warnings } = await clipsOf(job)
    const [video] = inspect(files[0]?.path ?? '').streams
    assert.equal(colours(video), ['tv', 'bt709', 'bt709', 'bt709'])
    assert.equal([video?.pix_fmt, files[0]?.settings?.tone_mapping], ['yuv420p', 'hable'])
    assert.equal(warnings, [])
    const flat = await jobFor(source)
    flat.tools = { ...flat.tools, filters: [] }
    const without = await clipsOf(flat)
    assert.match(without.warnings.join(), /cannot tone-map/)
    assert.not.equal(lumas(without.files[0]?.path ?? ''), lumas(files[0]?.path ?? ''))
  }
})

test('transparency is laid over black, and that is said', async () => {
  const source = make('alpha.mov', [
    ...['-f', 'lavfi', '-i', 'color=white@0.0:size=64x48:rate=25:duration=1,format=yuva444p10'],
    ...['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le'],
  ])
  const { files, warnings } = await clipsOf(await jobFor(source))
  assert.match(warnings.join(), /laid over black/)
  assertNear(lumas(files[0]?.path ?? '')[5], 0, 3, 'luma where all is transparent')
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

test('progress counts the frames of all clips', async () => {
  const context = witness()
  await clips.run(await jobFor(standard(), { cuts: [0, 20, 40], groups: [[1, 3]] }), context)
  assert.is(context.reports.at(-1), 1)
  const sorted = [...context.reports].sort((a, b) => a - b)
  assert.equal(context.reports, sorted, 'it never goes back')
})

test('a cancelled clip ends within a second and leaves nothing under its name', async () => {
  const source = counted('long.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'], {
    seconds: 40,
    filter: enlarged('640:360'),
  })
  const job = await jobFor(source, { overrides: { 'video.speed': 'veryslow' } })
  const controller = new AbortController()
  const context = witness(controller.signal)
  const running = clips.run(job, context)
  let abortedAt = 0
  setTimeout(() => {
    abortedAt = performance.now()
    controller.abort(new Error('cancelled'))
  }, 600)
  try {
    await running
    assert.unreachable('it was done before it could be cancelled')
  } catch (error) {
    assert.is((error as Error).message, 'cancelled')
  }
  // The whole encode takes half a minute and more.
  assert.ok(performance.now() - abortedAt < 10_000)
  assert.is(context.running.size, 0)
  assert.not.ok(existsSync(path.join(job.folders.project, 'Video-clips')))
})

test('frames that cannot be read again are a failure in words', async () => {
  const job = await jobFor(standard(), { cuts: [0, 20] })
  const { times, brightness, duration } = job.frames ?? {
    times: [],
    brightness: new Float64Array(),
    duration: 0,
  }
  job.frames = {
    times: Float64Array.from([...times, duration, duration + 1]),
    brightness,
    duration: duration + 2,
  }
  job.scenes = job.scenes.map((scene) => (scene.number === 2 ? { ...scene, endFrame: 77 } : scene))
  try {
    await clips.run(job, witness())
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /Frames 20-76 could not all be read again/)
  }
})

/** An ffmpeg that does something first, where it is told to put pictures and sounds together. */
function troubled(ffmpeg: string, strike: (work: string) => string, work: string): string {
  const file = path.join(folder(), 'ffmpeg')
  const join = `case "$*" in *sound-0.m4a*"-c copy"*) ${strike(work)} ;; esac`
  writeFileSync(file, `#!/bin/sh\nreal='${ffmpeg}'\n${join}\nexec "$real" "$@"\n`, { mode: 0o755 })
  return file
}

test('clips that trouble from outside has spoilt are not made otherwise instead, but again', async () => {
  const job = await jobFor(standard(), { cuts: [0, 20, 45] })
  for (const [code, strike] of [
    ['not_whole', (work: string) => `rm '${work}/run/sound-1.m4a'`],
    [
      'not_whole',
      (work: string) =>
        `head -c 2000 '${work}/run/sound-2.m4a' > '${work}/run/x' && mv '${work}/run/x' '${work}/run/sound-2.m4a'`,
    ],
    ['not_whole', (work: string) => `: > '${work}/run/picture-0.mp4'`],
    ['disk_full', () => 'echo "[error] av_interleaved_write_frame(): No space left on device" >&2; exit 1'],
    ['not_whole', (work: string) => `"$real" "$@"; : > "$(echo '${work}'/*clip_03*)"; exit 0`],
  ] as const) {
    const ffmpeg = troubled(job.tools.ffmpeg, strike, job.folders.work)
    const context = witness()
    try {
      await clips.run({ ...job, tools: { ...job.tools, ffmpeg } }, context)
      assert.unreachable(`${code}: it went on`)
    } catch (error) {
      assert.is((error as OperationError).code, code, (error as Error).message)
    }
    assert.not(emitted(context).some(({ scene }) => scene === 3))
    rmSync(job.folders.work, { recursive: true }) // as the engine does
    mkdirSync(job.folders.work)
  }
  const { files } = await clipsOf(job)
  assert.equal(
    files.map(({ commands = [] }) => commands.length),
    [3, 3, 3],
    'all came out of one encode',
  )
  const before = files.map(({ path: file }) => lumas(file))
  const [first] = job.files
  assert.ok(first)
  const done = files
    .slice(0, 2)
    .map(({ path: file, scene }) => ({ ...first, role: 'clip' as const, path: file, scene: scene ?? null }))
  const { files: rest } = await clipsOf({ ...job, done })
  assert.equal(
    rest.map(({ scene }) => scene),
    [3],
    'what is there is not made again',
  )
  assert.is(rest[0]?.commands?.length, 3, 'the rest comes out of the same encode')
  assert.equal(lumas(rest[0]?.path ?? ''), before[2])
})

test.run()
