/**
 * Clips out of one encode: each as it would be by itself, and none that is not proven.
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeParts } from '../../workers/encode_parts.ts'
import { canShareEncode, encodeRun, type RunClip } from '../../workers/encode_run.ts'
import type { Frames } from '../../workers/operation.ts'
import { folder, make, tools, witness } from '../media.ts'
import { framesOf, inspect, jobFor, lumas, samples } from './job.ts'

const test = suite('encode_run')

/** Four seconds at 29.97 frames per second whose every frame has its grey, and a tone that begins after 1.1 s. */
const film = (ending = 'mp4') =>
  make(`greys.${ending}`, [
    ...['-f', 'lavfi', '-i', 'nullsrc=size=64x48:rate=30000/1001:duration=4,format=gray'],
    ...['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*1000*t)*gt(t,1.1)':s=48000:d=4`],
    ...['-vf', `geq=lum='30+mod(N*37,191)',scale=in_range=pc:out_range=tv,format=yuv420p`],
    ...['-c:v', 'libx264', '-crf', '8', '-g', '250', '-bf', '3', '-c:a', 'aac'],
  ])

const grey = (frame: number) => 30 + ((frame * 37) % 191)

interface Cut extends RunClip {
  name: string
}

async function wishesFor(source: string, cuts: [number, number][], frames?: Frames) {
  const job = await jobFor(source, { overrides: { 'video.crf': 8 } })
  const place = path.join(folder(), `R&D – 100% "final"`)
  mkdirSync(place)
  const [file] = job.files
  if (!file?.probe || !job.frames) throw new Error('It has not been looked at.')
  return {
    source,
    probe: file.probe,
    video: job.session.preset.video,
    audio: job.session.preset.audio,
    encoder: 'x264',
    frames: frames ?? job.frames,
    origin: 0,
    folder: path.join(place, 'run'),
    onFrames: () => undefined,
    clips: cuts.map(([startFrame, endFrame], n): Cut => ({
      name: `${n + 1}`,
      startFrame,
      endFrame,
      target: path.join(place, `clip-${n + 1}.mp4`),
      tags: { title: `Clip ${n + 1}` },
    })),
  } as const
}

async function taken(wishes: Awaited<ReturnType<typeof wishesFor>>, context = witness()): Promise<Cut[]> {
  const clips: Cut[] = []
  await encodeRun({ ...wishes, take: async (clip) => void clips.push(clip) }, await tools(), context)
  assert.is(context.running.size, 0)
  assert.not.ok(existsSync(wishes.folder), 'nothing lies about')
  return clips
}

function assertFrames(file: string, from: number, to: number) {
  const found = lumas(file)
  assert.is(found.length, to - from)
  found.forEach((luma, n) =>
    assert.ok(Math.abs(luma - grey(from + n)) <= 6, `${file}: frame ${n} is ${luma}`),
  )
}

/** All that ffprobe tells of a file and its packets, but for how many bytes they have. */
function shapeOf(file: string) {
  const { streams, format, packets } = inspect(
    file,
    ...['-show_format', '-show_entries', 'packet=stream_index,pts,dts,duration'],
  )
  return {
    streams: streams.map(({ bit_rate: _, extradata_size: __, ...stream }) => stream),
    tags: format?.tags,
    times: packets?.map((packet) => JSON.stringify(packet)).sort(),
  }
}

const x264Settings = (file: string) => /x264 - core [\x20-\x7e]+/.exec(readFileSync(file, 'latin1'))?.[0]

const cuts: [number, number][] = [
  [4, 20],
  [20, 47],
  [61, 75],
  [75, 119],
]

test('each clip is in every way what it would be by itself', async () => {
  const wishes = await wishesFor(film(), cuts)
  const clips = await taken(wishes)
  assert.equal(
    clips.map(({ name }) => name),
    ['1', '2', '3', '4'],
  )
  const { folder: _, clips: __, ...common } = wishes
  for (const clip of clips) {
    const { startFrame, endFrame, tags } = clip
    assertFrames(clip.target, startFrame, endFrame)
    const target = path.join(folder(), path.basename(clip.target))
    await encodeParts({ ...common, target, tags, stretches: [clip] }, await tools(), witness())
    assert.equal(shapeOf(clip.target), shapeOf(target))
    assert.is(x264Settings(clip.target), x264Settings(target))
    assert.equal(
      [samples(clip.target).length, firstLoud(clip.target)],
      [samples(target).length, firstLoud(target)],
    )
  }
})

/** Hundredths of a second until there is sound; -1 where there is none. */
const firstLoud = (file: string) => {
  const at = samples(file).findIndex((value) => Math.abs(value) > 0.2)
  return at < 0 ? -1 : Math.round(at / 480)
}

test('a silent film has silent clips', async () => {
  const silent = make('silent-greys.mp4', ['-i', film(), '-an', '-c', 'copy'])
  for (const clip of await taken(await wishesFor(silent, cuts))) {
    assertFrames(clip.target, clip.startFrame, clip.endFrame)
    assert.is(inspect(clip.target).streams.length, 1)
  }
})

test('a clip that lacks a frame is left out, and no other', async () => {
  const source = film('mkv')
  const { times, ...rest } = framesOf(source, 30000 / 1001)
  // As if the detector had seen a frame more, between those of the second clip.
  const more = Float64Array.from([
    ...times.slice(0, 30),
    ((times[29] ?? 0) + (times[30] ?? 0)) / 2,
    ...times.slice(30),
  ])
  const wishes = await wishesFor(
    source,
    [
      [4, 20],
      [20, 48],
      [62, 76],
    ],
    { ...rest, times: more },
  )
  const clips = await taken(wishes)
  assert.equal(
    clips.map(({ name }) => name),
    ['1', '3'],
  )
  assertFrames(clips[0]?.target ?? '', 4, 20)
  assertFrames(clips[1]?.target ?? '', 61, 75)
})

test('where a clip cannot be taken, or the work is cancelled, no ffmpeg goes on', async () => {
  const wishes = await wishesFor(film(), cuts)
  const full = witness()
  const controller = new AbortController()
  const stopped = witness(controller.signal)
  for (const [context, take, reason] of [
    [full, () => Promise.reject(new Error('The disk is full.')), 'The disk is full.'],
    [stopped, async () => controller.abort(new Error('cancelled')), 'cancelled'],
  ] as const) {
    try {
      await encodeRun({ ...wishes, take }, await tools(), context)
      assert.is(context, stopped, 'what was finished before it was cancelled may stand')
    } catch (error) {
      assert.is((error as Error).message, reason)
    }
    assert.is(context.running.size, 0)
    assert.not.ok(existsSync(wishes.folder))
  }
})

test('an encode is shared where frames keep their times and x264 makes them', async () => {
  const { video } = await wishesFor(film(), cuts)
  const binaries = await tools()
  const nvenc = { ...binaries, nvenc: true }
  assert.ok(canShareEncode({ video, encoder: 'x264' }, nvenc))
  assert.ok(canShareEncode({ video, encoder: 'nvenc' }, { ...binaries, nvenc: false }))
  assert.not.ok(canShareEncode({ video, encoder: 'nvenc' }, nvenc))
  assert.not.ok(canShareEncode({ video: { ...video, fps: 25 }, encoder: 'x264' }, binaries))
})

test.run()
