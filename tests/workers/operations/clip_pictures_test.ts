/**
 * The picture of a clip: the size, the shape, the colours and the settings asked for.
 */

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { make } from '../../media.ts'
import { inspect, jobFor, lumas } from '../job.ts'
import {
  assertFrames,
  assertNear,
  clipsOf,
  counted,
  enlarged,
  longGop,
  precise,
  range,
} from './clip_films.ts'

const test = suite('pictures of clips')

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

test('pixels keep their shape, however little it differs from a square', async () => {
  for (const shape of ['16/11', '399/400', '128/117']) {
    const source = make(`pixels-${shape.replace('/', '-')}.mkv`, [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=360x288:rate=25:duration=1'],
      ...['-vf', `setsar=${shape}:max=1000`, '-c:v', 'libx264'],
    ])
    const { files } = await clipsOf(await jobFor(source, { cuts: [0, 12], groups: [[1, 2]] }))
    assert.is(files.length, 3)
    for (const file of files)
      assert.is(inspect(file.path).streams[0]?.sample_aspect_ratio, shape.replace('/', ':'))
  }
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

test.run()
