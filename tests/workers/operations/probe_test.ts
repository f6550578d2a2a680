/**
 * The probe: what is refused, in which words, and what is only remarked upon.
 */

import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OperationError } from '../../../workers/operation.ts'
import probe, { probeFile } from '../../../workers/operations/probe.ts'
import { cutsClip, folder, make, tools, witness } from '../../media.ts'
import { sourceFile } from '../job.ts'

const test = suite('probe')

const place = folder()
const plain = () => cutsClip('plain.mp4', [30, 20])
const written = (name: string, content: string) => {
  const file = path.join(place, name)
  writeFileSync(file, content)
  return file
}

/** A copy of `file` without its last bytes. */
function shortened(file: string, keep: (bytes: number) => number): string {
  const copy = path.join(folder(), `torn${path.extname(file)}`)
  copyFileSync(file, copy)
  truncateSync(copy, keep(readFileSync(file).length))
  return copy
}

async function refusal(file: string): Promise<OperationError> {
  try {
    await probeFile(file, await tools(), witness())
  } catch (error) {
    if (error instanceof OperationError) return error
    throw error
  }
  throw new Error(`${file} was taken for a video`)
}

async function refused(file: string, code: string, words: RegExp) {
  const { code: given, message } = await refusal(file)
  assert.is(given, code, message)
  assert.match(message, words)
}

test('what is not there, is a folder or is empty is refused', async () => {
  await refused(path.join(place, 'none.mov'), 'no_such_file', /There is no file/)
  mkdirSync(path.join(place, 'folder.mov'))
  await refused(path.join(place, 'folder.mov'), 'not_a_file', /is a folder/)
  await refused(written('empty.mov', ''), 'empty', /empty/)
})

test('what is not a moving picture is refused', async () => {
  await refused(written('notes.mov', 'Dear diary, '.repeat(500)), 'not_a_video', /not a video/)
  await refused(make('sound.wav', ['-f', 'lavfi', '-i', 'sine=duration=1']), 'no_picture', /only sound/)
  const still = make('still.png', ['-f', 'lavfi', '-i', 'testsrc2=duration=1', '-frames:v', '1'])
  await refused(still, 'still_image', /still image/)
})

test('an animated WebP, which no ffmpeg of today reads, is refused for what it is', async () => {
  const chunk = (name: string, ...data: number[]) => [...Buffer.from(name), data.length, 0, 0, 0, ...data]
  const frame = chunk('ANMF', ...new Array<number>(16).fill(0), ...chunk('VP8L', 0x2f, 0, 0, 0, 0, 0))
  const body = [...Buffer.from('WEBP'), ...chunk('VP8X', 2, 0, 0, 0, 1, 0, 0, 1, 0, 0), ...frame]
  const file = path.join(place, 'moving.webp')
  writeFileSync(file, Buffer.from([...Buffer.from('RIFF'), body.length, 0, 0, 0, ...body]))
  await refused(file, 'unknown_picture', /moving.webp .*webp.* convert it/i)
})

test('playlists and scripts that name other files are refused and never followed', async () => {
  const other = path.basename(plain())
  await refused(
    written('a.m3u8', `#EXTM3U\n#EXTINF:2,\n${other}\n#EXT-X-ENDLIST\n`),
    'playlist',
    /playlist or script/,
  )
  await refused(written('disguised.mp4', `#EXTM3U\n#EXTINF:2,\n${other}\n`), 'playlist', /playlist/)
  await refused(written('concat.txt', `ffconcat version 1.0\nfile '${other}'\n`), 'playlist', /playlist/)
  await refused(written('concat.mov', `file '${other}'\n`), 'playlist', /playlist/)
  await refused(written('a.mpd', '<?xml version="1.0"?>\n<MPD></MPD>'), 'playlist', /playlist/)
  await refused(written('b.xml', '<?xml version="1.0"?>\n<MPD></MPD>'), 'playlist', /playlist/)
  await refused(written('a.avs', 'DirectShowSource("x.mov")'), 'playlist', /script/)
  await refused(path.join(place, 'frame_%04d.png'), 'no_such_file', /There is no file/)
})

for (const [name, ending, args] of [
  ['MP4 with its header in front', 'mp4', ['-c:v', 'libx264', '-c:a', 'aac', '-movflags', '+faststart']],
  [
    'ProRes MOV with its header in front',
    'mov',
    ['-c:v', 'prores', '-c:a', 'pcm_s16le', '-movflags', '+faststart'],
  ],
  ['Matroska', 'mkv', ['-c:v', 'libx264', '-c:a', 'aac']],
] as const) {
  test(`a torn file is found out: ${name}`, async () => {
    const whole = cutsClip(`whole-${name.length}.${ending}`, [60, 40], { args: [...args] })
    await probeFile(whole, await tools(), witness())
    for (const keep of [(n: number) => n - 30, (n: number) => n - 3000, (n: number) => Math.round(n * 0.6)]) {
      await refused(shortened(whole, keep), 'torn', /end of torn\.\w+ is missing/)
    }
  })
}

test('a file whose size is right but whose last frames are rubbish is found out', async () => {
  const whole = cutsClip('rubbish.mov', [50], { args: ['-c:v', 'prores', '-an', '-movflags', '+faststart'] })
  const bytes = readFileSync(whole)
  bytes.fill(0, bytes.length - 4000)
  const file = path.join(place, 'rubbish.mov')
  writeFileSync(file, bytes)
  await refused(file, 'torn', /cannot be decoded/)
})

test('a film is not called torn because the machine ended who looked at its end', async () => {
  const found = await tools()
  const ffmpeg = path.join(folder(), 'ffmpeg')
  const script = `#!/bin/sh\ncase "$*" in *copypriorss*) kill -9 $$ ;; esac\nexec '${found.ffmpeg}' "$@"\n`
  writeFileSync(ffmpeg, script, { mode: 0o755 })
  const error = await probeFile(plain(), { ...found, ffmpeg }, witness()).then(
    () => null,
    (thrown: OperationError) => thrown,
  )
  assert.is(error?.code, 'killed', error?.message)
})

test('nor looked at as if it were a transport stream because who described it was ended', async () => {
  const found = await tools()
  const ffprobe = path.join(folder(), 'ffprobe')
  // The first time alone: once more it would have been told as an MP4 with another clock.
  const once = `${ffprobe}.once`
  const script = `#!/bin/sh\n[ -e '${once}' ] || { : > '${once}'; kill -9 $$; }\nexec '${found.ffprobe}' "$@"\n`
  writeFileSync(ffprobe, script, { mode: 0o755 })
  const look = () => probeFile(plain(), { ...found, ffprobe }, witness())
  const error = await look().then(
    () => null,
    (thrown: OperationError) => thrown,
  )
  assert.is(error?.code, 'killed', error?.message)
  assert.equal(await look(), await probeFile(plain(), found, witness()))
})

test('a file that lost its header is found out', async () => {
  await refused(
    shortened(plain(), (n) => Math.round(n * 0.9)),
    'torn',
    /is missing/,
  )
})

test('a file with a header and not one frame is refused', async () => {
  const file = make('frameless.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc2=duration=1', '-frames:v', '0', '-c:v', 'libx264'],
  ])
  const { code } = await refusal(file)
  assert.ok(['no_frames', 'no_picture', 'not_a_video'].includes(code), code)
})

test('any name is only a name', async () => {
  for (const name of ['-x.mov', `R&D – café's "final" 100%.mov`, 'pipe:1', 'a:b%03d.mp4', '[x],y;z.mov']) {
    const file = path.join(place, name)
    copyFileSync(plain(), file)
    const { video } = await probeFile(file, await tools(), witness())
    assert.is(video.width, 320)
  }
})

test('an MPEG transport stream is read, also where ffprobe cannot', async () => {
  const file = cutsClip('stream.ts', [60], { args: ['-c:v', 'mpeg2video', '-c:a', 'mp2'] })
  const { container, video, audio, duration } = await probeFile(file, await tools(), witness())
  assert.is(container, 'mpegts')
  assert.equal([video.codec, video.width, video.frameRate], ['mpeg2video', 320, { num: 25, den: 1 }])
  assert.equal(video.timeBase, { num: 1, den: 90000 })
  assert.is(audio.length, 1)
  assert.ok(Math.abs(duration - 2.4) < 0.2, String(duration))
})

test('a transport stream that begins in the middle, as a recording does, is read', async () => {
  const whole = cutsClip('recorded.ts', [60], { args: ['-c:v', 'libx264', '-g', '12', '-c:a', 'aac'] })
  const bytes = readFileSync(whole)
  const file = path.join(place, 'middle.ts')
  writeFileSync(file, bytes.subarray(Math.round(bytes.length / 3)))
  const { container, video } = await probeFile(file, await tools(), witness())
  assert.equal([container, video.codec, video.width], ['mpegts', 'h264', 320])
})

test('a film whose clock does not begin at 0 is no tear', async () => {
  for (const ending of ['mkv', 'mp4', 'mov', 'ts']) {
    const offset = [
      '-i',
      plain(),
      '-c',
      'copy',
      '-copyts',
      '-output_ts_offset',
      '5',
      '-avoid_negative_ts',
      '0',
    ]
    const { duration } = await probeFile(make(`late_clock.${ending}`, offset), await tools(), witness())
    assert.ok(duration > 1.9 && duration < 7.1, `${ending} lasts ${duration} s`)
  }
})

test('a picture that starts later than the sound, and words that last longer than both, are no tear', async () => {
  const late = make('late.mp4', [
    ...[
      '-itsoffset',
      '2',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x180:r=25:d=2',
      '-f',
      'lavfi',
      '-i',
      'sine=d=4',
    ],
    ...['-map', '0', '-map', '1', '-vsync', '0', '-c:v', 'libx264', '-c:a', 'aac'],
  ])
  const subtitles = written('words.srt', '1\n00:00:20,000 --> 00:00:30,000\nThe end\n')
  const words = ['-i', subtitles, '-map', '0', '-map', '1']
  for (const [file, seconds] of [
    [late, 4],
    [make('words.mkv', ['-i', plain(), ...words, '-c', 'copy', '-c:s', 'srt']), 30],
    [make('words.mp4', ['-i', plain(), ...words, '-c', 'copy', '-c:s', 'mov_text']), 2],
  ] as const) {
    const { duration } = await probeFile(file, await tools(), witness())
    assert.ok(Math.abs(duration - seconds) < 0.1, `${file} lasts ${duration} s`)
  }
})

test('frames without times of their own are no tear: AVI with B-frames, raw streams', async () => {
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=4', '-c:v', 'libx264', '-bf', '3']
  const one = ['-frames:v', '1']
  for (const [name, args, seconds] of [
    ['untimed.avi', film, 4],
    ['untimed.264', [...film, '-f', 'h264'], 4],
    ['untimed.m2v', [...film.slice(0, 4), '-c:v', 'mpeg2video', '-bf', '2'], 4],
    ['program.mpg', [...film.slice(0, 4), '-c:v', 'mpeg2video', '-bf', '2'], 4],
    ['one.avi', [...film, ...one], 0.04],
    ['one.mkv', [...film, ...one], 0.04],
  ] as const) {
    const { duration, video } = await probeFile(make(name, [...args]), await tools(), witness())
    assert.ok(Math.abs(duration - seconds) < 0.09, `${name} lasts ${duration} s`)
    assert.not.ok(video.variable, `${name} is even`)
  }
})

async function remarks(file: string): Promise<string[]> {
  const context = witness()
  const job = { files: [sourceFile(file)], tools: await tools() }
  await probe.run(job as unknown as Parameters<typeof probe.run>[0], context)
  const [emission] = context.emissions
  assert.is(emission?.kind, 'source')
  assert.is(emission?.kind === 'source' && emission.bytes, readFileSync(file).length)
  return context.warnings
}

async function remarkedUpon(name: string, args: string[], ...words: RegExp[]) {
  const found = await remarks(make(name, args))
  for (const word of words)
    assert.ok(
      found.some((sentence) => word.test(sentence)),
      `${word} in ${JSON.stringify(found)}`,
    )
  assert.is(found.length, words.length, JSON.stringify(found))
}

const picture = (filter: string) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=320x180:rate=25:duration=2,${filter}`,
]
const tone = ['-f', 'lavfi', '-i', 'sine=duration=2']
const prores = ['-c:v', 'prores_ks', '-c:a', 'pcm_s16le']

test('an ordinary ProRes master gives no cause for remarks', async () => {
  await remarkedUpon('ordinary.mov', [...picture('format=yuv422p10'), ...tone, ...prores])
})

test('what is unusual is said and not refused', async () => {
  await remarkedUpon('mute.mov', [...picture('format=yuv422p10'), ...prores], /no sound/)
  await remarkedUpon(
    'alpha.mov',
    [...picture('format=yuva444p10'), ...tone, ...prores, '-pix_fmt', 'yuva444p10le'],
    /transparency/,
  )
  await remarkedUpon(
    'odd.mp4',
    [...picture('scale=317:179,setsar=1,format=yuv444p'), ...tone, '-c:v', 'libx264'],
    /H\.264, not ProRes/,
    /317x179 is odd/,
  )
  await remarkedUpon(
    'tracks.mov',
    [...picture('null'), ...tone, ...tone, ...prores, '-map', '0', '-map', '1', '-map', '2'],
    /2 audio tracks/,
  )
  await remarkedUpon(
    'anamorphic.mov',
    [...picture('setsar=4/3'), ...tone, ...prores],
    /not square \(4:3\).*stills are made square/,
  )
  const pq = 'transfer=smpte2084:colorprim=bt2020:colormatrix=bt2020nc:log-level=none'
  await remarkedUpon(
    'pq.mov',
    [...picture('format=yuv420p10'), ...tone, '-c:v', 'libx265', '-x265-params', pq],
    /H\.265, not ProRes/,
    /HDR \(PQ\)/,
  )
})

test('uneven frames are noticed even where the container claims a constant rate', async () => {
  const uneven = `select='not(eq(mod(n\\,7)\\,3))'`
  const args = [...picture(uneven), ...tone, '-vsync', '0', '-c:v', 'libx264']
  await remarkedUpon('uneven.mp4', args, /variable frame rate/, /not ProRes/)
  await remarkedUpon('uneven.mkv', args, /variable frame rate/, /not ProRes/)
})

test('a turned picture is noticed', async () => {
  const upright = make('upright.mov', [...picture('format=yuv422p10'), ...tone, ...prores])
  await remarkedUpon(
    'turned.mov',
    ['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90'],
    /turned by 270°/,
  )
  // This build's muxer writes `rotate` as degrees to the left; every reader then turns it to the right by the rest.
  const { video } = await probeFile(make('turned.mov', []), await tools(), witness())
  assert.equal([video.width, video.height, video.codedWidth], [180, 320, 320])
})

test.run()
