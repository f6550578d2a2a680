/**
 * Clips and groups: the very frames, the sound that belongs to them, and the settings asked for.
 */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmittedFile, Job } from '../../../workers/operation.ts'
import clips from '../../../workers/operations/clips.ts'
import { make, witness } from '../../media.ts'
import { emitted, inspect, jobFor, lumas, samples } from '../job.ts'

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

for (const [kind, ending, args] of [
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
] as const) {
  test(`no frame is lost or doubled: ${kind}`, async () => {
    const source = counted(`counted-${kind.length}.${ending}`, [...args])
    const job = await jobFor(source, { cuts: [0, 17, 40], overrides: { 'video.crf': 8 } })
    const { files } = await clipsOf(job)
    assert.is(files.length, 3)
    const frames = job.frames?.times.length ?? 0
    ;[range(0, 17), range(17, 40), range(40, frames)].forEach((expected, n) =>
      assertFrames(files[n]?.path ?? '', expected),
    )
  })
}

test.run()
