/** The frame that is taken is exactly the one that was asked for, whatever the file is like inside. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { extractFrames } from '../../workers/frame_extract.ts'
import { framesToLookUp, planRuns } from '../../workers/media/extraction.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { asIs } from '../../workers/media/still_picture.ts'
import type { Frames, Tools } from '../../workers/operation.ts'
import { findTools } from '../../workers/tools.ts'
import { folder, make, tools, witness } from '../media.ts'
import { knownOf } from './job.ts'

const test = suite('frame extraction')
const bundled = await tools()
const system = await findTools('/usr/bin/ffmpeg', 2).catch(() => null)
const builds = system ? [bundled, system] : [bundled]
if (!system) console.log('SKIPPED: no second ffmpeg at /usr/bin/ffmpeg')

const film = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=192x108:rate=25:duration=${seconds}`]
const moving = film(4.4)
const x264 = (options: string) => ['-c:v', 'libx264', '-preset', 'fast', '-bf', '3', '-x264-params', options]
const closed = x264('keyint=50:scenecut=0:b-pyramid=normal')
const uneven = ['-vf', "select='not(eq(mod(n,7),3))*not(between(n,60,90))'", '-vsync', '0']

const films: [title: string, file: () => string][] = [
  ['H.264 with B-frames in MP4', () => make('b.mp4', [...moving, ...closed])],
  [
    'H.264 with open groups in MKV',
    () => make('open.mkv', [...moving, ...x264('keyint=50:open-gop=1:scenecut=0')]),
  ],
  ['H.264 in MPEG-TS', () => make('b.ts', [...moving, ...closed])],
  ['MPEG-2 in MPEG-TS', () => make('m2.ts', [...moving, '-c:v', 'mpeg2video', '-b:v', '2M', '-bf', '2'])],
  [
    'HEVC in MPEG-TS',
    () => make('h.ts', [...moving, '-c:v', 'libx265', '-x265-params', 'keyint=50:log-level=none']),
  ],
  ['unevenly spaced frames', () => make('vfr.mkv', [...film(6), ...uneven, ...closed])],
  ['ProRes', () => make('p.mov', [...moving, '-c:v', 'prores_ks', '-profile:v', '0'])],
  ['Motion JPEG in AVI', () => make('j.avi', [...moving, '-c:v', 'mjpeg'])],
  ['MPEG-4 in AVI', () => make('m4.avi', [...moving, '-c:v', 'mpeg4', '-b:v', '2M', '-g', '50'])],
  ['sound that starts before the picture', () => make('late.mkv', late)],
]
const late = [
  ...['-f', 'lavfi', '-i', 'sine=duration=4.4', '-itsoffset', '0.7', ...moving],
  ...['-map', '0', '-map', '1', '-c:a', 'aac', ...closed],
]

for (const build of builds) {
  for (const [title, file] of films) {
    test(`every wanted frame is itself: ${title}, ffmpeg ${build.version}`, async () => {
      const source = file()
      const expected = await decodedAll(source, build)
      const wanted = [0, 1, 2, 47, 49, 50, 51, 75, 76, 99, expected.length - 1]
      assert.equal(
        await taken(source, wanted, build),
        wanted.map((frame) => expected[frame]),
      )
    })
  }
}

test('the first attempt finds them all', async () => {
  for (const build of builds) {
    const count = async (source: string) => {
      const context = witness()
      let started = 0
      context.children = { started: () => void started++, ended: () => undefined }
      const wanted = [0, 75, 99]
      const place = await extraction(source, folder())
      await extractFrames({ ...place, wanted }, build, context, async () => undefined)
      return started
    }
    // Beside the run itself: a look at the first frame, and one at the container where there is seeking.
    assert.is(await count(make('b.mp4', [...moving, ...closed])), 3)
    assert.is(await count(make('vfr.mkv', [...film(6), ...uneven, ...closed])), 3)
    assert.is(await count(make('b.ts', [...moving, ...closed])), 2)
  }
})

test('a name with per cent signs, spaces and quotes is only a name', async () => {
  const source = make(`-R&D – café's "final" 100%d.mp4`, [...moving, ...closed])
  const expected = await decodedAll(source, bundled)
  const place = path.join(folder(), '50%d done')
  assert.equal(await taken(source, [3, 60], bundled, place), [expected[3], expected[60]])
})

const probeOf = (changes: object, container = 'mov,mp4,m4a,3gp,3g2,mj2') =>
  ({
    container,
    video: { codec: 'h264', codedWidth: 1920, codedHeight: 1080, frameRate: { num: 25, den: 1 }, ...changes },
  }) as Probe
const costs = { startUp: 0.05, lanes: 1 }

/** Wishes for frames of a film with 25 frames a second, and a keyframe every so many of them. */
const wishes = (frames: number[], group: number) =>
  frames.map((frame) => ({ frame, time: frame / 25, keyframe: (frame - (frame % group)) / 25 }))

test('a seek is taken where it saves more than it costs', () => {
  const plan = (frames: number[], group: number) => planRuns(wishes(frames, group), probeOf({}), costs)
  assert.equal(
    plan([10, 200, 450, 2000], 250),
    [[10, 200], [450], [2000]],
    'over keyframes, not within a group',
  )
  assert.equal(
    plan([10, 260, 2000], 9999),
    [[10, 260, 2000]],
    'where there is one keyframe all is decoded anyway',
  )
  assert.equal(plan([10, 18, 30], 1), [[10, 18, 30]], 'decoding a few frames is cheaper than starting anew')
  const slow = probeOf({ codec: 'prores', codedWidth: 3840, codedHeight: 2160 })
  assert.equal(planRuns(wishes([10, 18, 30], 1), slow, costs), [[10], [18], [30]])
  assert.equal(planRuns([], slow, costs), [])
})

test('what is not known to begin anew is decoded in one pass', () => {
  const unknown = wishes([10, 900, 9000], 250).map((wish) => ({ ...wish, keyframe: undefined }))
  assert.equal(planRuns(unknown, probeOf({}), costs), [[10, 900, 9000]])
})

test('runs end at keyframes, so that every lane has work and outputs appear', () => {
  const dense = Array.from({ length: 100 }, (_, i) => 2 * i)
  const [inOne, inTwo] = [1, 2].map((lanes) => planRuns(wishes(dense, 25), probeOf({}), { ...costs, lanes }))
  assert.equal(
    inOne?.map((run) => run.length),
    inTwo?.map((run) => run.length),
  )
  assert.ok(
    inOne?.every((run) => run.length <= 24 + 13),
    'a run waits for the next keyframe',
  )
  const few = planRuns(wishes(dense.slice(0, 26), 25), probeOf({}), { ...costs, lanes: 2 })
  assert.is(few.length, 2)
})

test('only keyframes that may matter are looked up', () => {
  const times = Float64Array.from({ length: 3000 }, (_, i) => i / 25)
  const frames = [0, 10, 20, 1000, 1010, 2000]
  assert.equal(framesToLookUp(frames, times, probeOf({}), costs), [1000, 2000])
  assert.equal(framesToLookUp(frames, times, probeOf({}), { ...costs, lanes: 2 }), [1000, 2000])
  assert.equal(framesToLookUp(frames, times, probeOf({}, 'mpegts'), costs), [])
})

test('a frame that is no longer there is named', async () => {
  const source = make('b.mp4', [...moving, ...closed])
  const { times, brightness, duration } = (await knownOf(source)).frames
  const more = { times: Float64Array.from([...times, 4.4, 4.44]), brightness, duration: duration + 0.08 }
  const error = await extract(source, [111], more).catch((reason: unknown) => reason)
  assert.is((error as { code: string }).code, 'frame_missing')
  assert.match((error as Error).message, /frame 111/)
  const beyond = await extract(source, [4000]).catch((reason: unknown) => reason)
  assert.is((beyond as { code: string }).code, 'frame_missing')
})

test('cancelling ends every ffmpeg', async () => {
  const source = make('b.mp4', [...moving, ...closed])
  const stop = new AbortController()
  const context = witness(stop.signal)
  const going = extractFrames(
    { ...(await extraction(source, folder())), wanted: [0, 70, 105] },
    bundled,
    context,
    async () => stop.abort(new Error('enough')),
  )
  const error = await going.catch((reason: unknown) => reason)
  assert.is((error as Error).message, 'enough')
  assert.is(context.running.size, 0)
})

test.run()

async function extraction(source: string, place: string, given?: Frames) {
  const { probe, frames } = await knownOf(source)
  return { source, probe, frames: given ?? frames, picture: asIs(probe.video), folder: place }
}

const extract = async (source: string, wanted: number[], frames?: Frames) =>
  extractFrames(
    { ...(await extraction(source, folder(), frames)), wanted },
    bundled,
    witness(),
    async () => undefined,
  )

async function taken(source: string, wanted: number[], build: Tools, place = folder()) {
  mkdirSync(place, { recursive: true })
  const { video } = (await knownOf(source)).probe
  const found = new Map<number, string>()
  await extractFrames(
    { ...(await extraction(source, place)), wanted },
    build,
    witness(),
    async (frame, png) => {
      const picture =
        video.depth > 8 ? sharp(png).toColourspace('rgb16').raw({ depth: 'ushort' }) : sharp(png).raw()
      found.set(frame, hash(await picture.toBuffer()))
      rmSync(png)
    },
  )
  assert.equal(readdirSync(place), [], 'nothing is left behind')
  return wanted.map((frame) => found.get(frame))
}

/** Every frame in turn, by the same build: others round colours differently. */
async function decodedAll(source: string, build: Tools): Promise<string[]> {
  const { video } = (await knownOf(source)).probe
  const filters = asIs(video).filters.join()
  const output = [
    '-vf',
    filters,
    '-vsync',
    '0',
    '-pix_fmt',
    video.depth > 8 ? 'rgb48le' : 'rgb24',
    '-f',
    'rawvideo',
    '-',
  ]
  const args = ['-v', 'error', '-i', `file:${source}`, '-map', '0:v', ...output]
  const raw = execFileSync(build.ffmpeg, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
  const size = 192 * 108 * (video.depth > 8 ? 6 : 3)
  return Array.from({ length: raw.length / size }, (_, i) => hash(raw.subarray(i * size, (i + 1) * size)))
}

const hash = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex').slice(0, 8)
