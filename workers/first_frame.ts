/**
 * When the picture of a file begins.
 */

import { text } from 'node:stream/consumers'
import { decode, input } from './ffmpeg.ts'
import { keepTimestamps } from './media/builds.ts'
import type { Probe } from './media/probe.ts'
import { fractionText, fractionValue } from './media/timecode.ts'
import { type Context, OperationError, type Tools } from './operation.ts'

/**
 * PTS of the first frame that decodes, in seconds: on the file's own clock, as `-copyts` keeps it, or `shifted` as
 * ffmpeg does by itself, so that the file begins at 0.
 * @throws OperationError `no_frames` where none does.
 */
export async function firstTimestamp(
  source: string,
  { video }: Probe,
  tools: Tools,
  { signal, children }: Pick<Context, 'signal' | 'children'>,
  clock: 'own' | 'shifted' = 'own',
): Promise<number> {
  const args = [
    ...(clock === 'own' ? ['-copyts'] : []),
    ...[...input(source), '-map', `0:${video.index}`, '-frames:v', '1'],
    ...[...keepTimestamps(tools), '-enc_time_base:v', fractionText(video.timeBase)],
    ...['-c:v', 'rawvideo', '-f', 'framecrc', 'pipe:1'],
  ]
  const run = decode(tools, args, { signal, children })
  const [lines] = await Promise.all([text(run.stdout), run.finished])
  const [, pts] = /^0, *-?\d+, *(-?\d+),/m.exec(lines) ?? []
  if (pts === undefined) throw new OperationError('no_frames', 'Not one frame of the video can be decoded.')
  return Number(pts) * fractionValue(video.timeBase)
}
