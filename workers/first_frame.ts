/**
 * When the picture of a file begins.
 */

import { text } from 'node:stream/consumers'
import { decode, input } from './ffmpeg.ts'
import { keepTimestamps } from './media/builds.ts'
import type { Probe } from './media/probe.ts'
import { fractionText, fractionValue } from './media/timecode.ts'
import { type Context, OperationError, type Tools } from './operation.ts'

type Means = Pick<Context, 'signal' | 'children'>

/**
 * PTS of the first frame that decodes, in seconds on the file's own clock, as `-copyts` keeps it.
 * @throws OperationError `no_frames` where none does.
 */
export const firstTimestamp = (source: string, probe: Probe, tools: Tools, context: Means): Promise<number> =>
  readFirst(['-copyts', ...input(source)], probe, tools, context)

/**
 * The same on the clock that ffmpeg makes by itself, in which the earliest of the streams that are read begins at 0:
 * here the picture and the first sound.
 */
export function firstShifted(source: string, probe: Probe, tools: Tools, context: Means): Promise<number> {
  return readFirst(input(source), probe, tools, context, probe.audio[0])
}

async function readFirst(
  opened: string[],
  { video }: Probe,
  tools: Tools,
  context: Means,
  sound?: Probe['audio'][number],
): Promise<number> {
  const args = [
    ...[...opened, '-map', `0:${video.index}`, '-frames:v', '1'],
    ...(sound ? ['-map', `0:${sound.index}`, '-frames:a', '1'] : []),
    ...[...keepTimestamps(tools), '-enc_time_base:v', fractionText(video.timeBase)],
    ...['-c:v', 'rawvideo', '-f', 'framecrc', 'pipe:1'],
  ]
  const run = decode(tools, args, context)
  const [lines] = await Promise.all([text(run.stdout), run.finished])
  const [, pts] = /^0, *-?\d+, *(-?\d+),/m.exec(lines) ?? []
  if (pts === undefined) throw new OperationError('no_frames', 'Not one frame of the video can be decoded.')
  return Number(pts) * fractionValue(video.timeBase)
}
