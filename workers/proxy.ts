/**
 * A light copy of a master for looking at: small H.264 that every browser plays, with the master's own frames.
 */

import { ffmpeg, input, type RunOptions } from './ffmpeg.ts'
import { keepTimestamps } from './media/builds.ts'
import type { Probe } from './media/probe.ts'
import { fit, pictureFilters, pixelAspect } from './media/video.ts'
import type { Tools } from './operation.ts'

/** What a browser shows well beside a timeline. */
const box = { width: 960, height: 540 }

/**
 * Writes it to `target`, which ends in .mp4. Every frame keeps its time; a keyframe each half second or so makes stepping quick.
 * @throws OperationError `ffmpeg_failed`; the signal's reason.
 */
export async function makeProxy(
  { path, probe, target }: { path: string; probe: Probe; target: string },
  tools: Tools,
  options: RunOptions,
): Promise<void> {
  const { video } = probe
  const size = fit(video, pixelAspect(video), box)
  await ffmpeg(
    tools,
    [
      ...['-y', ...input(path, '-threads', '2')],
      ...['-map', `0:${video.index}`, '-map', '0:a:0?', '-sn', '-dn'],
      ...['-vf', pictureFilters(video, size, tools.filters).join(','), ...keepTimestamps(tools)],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-g', '12', '-bf', '0', '-threads', '2'],
      ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
      ...['-movflags', '+faststart', '-f', 'mp4', `file:${target}`],
    ],
    options,
  )
}
