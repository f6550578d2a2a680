/**
 * Films whose every frame and moment tells which it is, and what is read back of their clips.
 */

import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { EmittedFile, Job } from '../../../workers/operation.ts'
import clips from '../../../workers/operations/clips.ts'
import { make, witness } from '../../media.ts'
import { emitted, lumas, samples } from '../job.ts'

/** Grey that tells the frame: neighbours differ by far more than an encoder's error. */
const grey = (frame: number) => 30 + ((frame * 37) % 191)

/** Three seconds whose every frame has its grey, and a tone that is silent for 0.1 s from every half second on. */
export function counted(
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
export const enlarged = (size: string) => `scale=${size}:flags=neighbor,setsar=1`

export const longGop = ['-c:v', 'libx264', '-crf', '12', '-g', '250', '-bf', '3', '-c:a', 'aac']

export async function clipsOf(job: Job): Promise<{ files: EmittedFile[]; warnings: string[] }> {
  const context = witness()
  await clips.run(job, context)
  assert.equal(readdirSync(job.folders.work), [], 'nothing is left in the work folder')
  return { files: emitted(context), warnings: context.warnings }
}

export function assertFrames(file: string, frames: number[]) {
  const found = lumas(file)
  assert.is(found.length, frames.length)
  frames.forEach((frame, n) => {
    const off = Math.abs((found[n] ?? -1) - grey(frame))
    assert.ok(off <= 6, `frame ${n} is ${found[n]}, not ${grey(frame)} of frame ${frame}`)
  })
}

export const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

/** Seconds at which the tone falls silent and comes back. */
export function silences(file: string, rate = 48000): [number, number][] {
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

export function assertNear(actual: number | undefined, expected: number, tolerance: number, what: string) {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual}, not ${expected}`,
  )
}

export const standard = () => counted('standard.mp4', longGop)
export const precise = { 'video.crf': 8 }
