/**
 * What cannot be cheaper: ffmpeg alone, reading or encoding a film once.
 */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ffmpeg, input } from '../../workers/ffmpeg.ts'
import { versionOf } from '../../workers/tools.ts'
import { median, quiet, seconds } from './measure.ts'
import type { Bench } from './row.ts'

type Grounds = Pick<Bench, 'tools' | 'scratch'>

/** Seconds that starting ffmpeg takes. */
export async function ffmpegStartUp({ tools }: Pick<Bench, 'tools'>): Promise<number> {
  const starts = []
  for (let i = 0; i < 5; i++) starts.push(await seconds({ work: () => versionOf(tools.ffmpeg) }))
  return median(starts)
}

/** Decodes every frame of the picture and throws it away. */
export const bareDecode = ({ tools }: Pick<Bench, 'tools'>, file: string) =>
  ffmpeg(tools, [...input(file), '-map', '0:v:0', '-f', 'null', '-'], quiet)

/** Encodes the whole film once, with the settings that clips are made with. */
export const bareEncode = (grounds: Grounds, file: string) =>
  inFolder(grounds, (folder) => [
    ...input(file),
    ...['-map', '0:v:0', '-map', '0:a?', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '22'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', path.join(folder, 'whole.mp4')],
  ])

/** A seek to each of these frames, as many at a time as there are threads. */
export async function seekEach(grounds: Grounds, file: string, times: number[]): Promise<void> {
  const left = times.values()
  const lane = async () => {
    for (const time of left)
      await inFolder(grounds, (folder) => [
        ...input(file, '-ss', time.toFixed(3), '-threads', '1'),
        ...['-an', '-frames:v', '1', '-pred', 'up', path.join(folder, 'still.png')],
      ])
  }
  await Promise.all(Array.from({ length: grounds.tools.threads }, lane))
}

/** One pass over the whole film that picks these frames. */
export const onePass = (grounds: Grounds, file: string, frames: number[]) =>
  inFolder(grounds, (folder) => [
    ...input(file),
    ...['-an', '-vf', `select='${frames.map((frame) => `eq(n,${frame})`).join('+')}'`, '-vsync', '0'],
    ...['-pred', 'up', path.join(folder, 'still-%05d.png')],
  ])

async function inFolder({ tools, scratch }: Grounds, args: (folder: string) => string[]): Promise<void> {
  const folder = mkdtempSync(path.join(scratch, 'bare-'))
  await ffmpeg(tools, args(folder), quiet)
  if (readdirSync(folder).length === 0) throw new Error('The bare run of ffmpeg made nothing.')
  rmSync(folder, { recursive: true })
}
