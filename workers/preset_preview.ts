/**
 * What a preset would make of one place of a film: its web still there, and one second of a clip to be measured.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { planEncode } from './encode.ts'
import { ffmpeg, input } from './ffmpeg.ts'
import { loadSharp, writeJpeg } from './images.ts'
import { claimedPace } from './media/pace.ts'
import type { PresetSettings } from './media/presets.ts'
import type { Probe } from './media/probe.ts'
import { forWeb } from './media/still_picture.ts'
import type { Context, Tools } from './operation.ts'

export interface PreviewWish {
  /** Absolute path of the film, and what is known of it. */
  source: string
  probe: Probe
  /** Seconds from its beginning. */
  at: number
  settings: PresetSettings
  /** Where before.jpg and after.jpg are put; a folder of its own. */
  folder: string
}

export interface Preview {
  width: number
  height: number
  /** Of the web still. */
  stillBytes: number
  /** Of clips, picture and sound. */
  bytesPerSecond: number
}

/** @throws OperationError `ffmpeg_failed`, where the film has nothing to show there; the signal's reason. */
export async function makePreview(
  wish: PreviewWish,
  tools: Tools,
  context: Pick<Context, 'signal' | 'children'>,
): Promise<Preview> {
  const { probe, settings, folder } = wish
  const [frame, after] = [path.join(folder, 'frame.png'), path.join(folder, 'after.jpg')]
  const picture = forWeb(probe.video, tools.filters)
  await ffmpeg(
    tools,
    [
      ...begun(wish, tools),
      ...['-map', `0:${probe.video.index}`, '-frames:v', '1', '-vf', picture.filters.join(',')],
      ...['-c:v', 'png', '-pix_fmt', picture.pixelFormat, `file:${frame}`],
    ],
    context,
  )
  const size = await writeJpeg(frame, after, settings.stills_web, {})
  const sharp = await loadSharp()
  // At the same size, so that one can lie over the other: what differs is what the preset does.
  await sharp(frame)
    .autoOrient()
    .resize(size)
    .flatten({ background: '#fff' })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toFile(path.join(folder, 'before.jpg'))
  const stillBytes = (await stat(after)).size
  return { ...size, stillBytes, bytesPerSecond: await clipRate(wish, tools, context) }
}

/** One second is encoded as clips are; sound has the rate that is set for it. */
async function clipRate(
  wish: PreviewWish,
  tools: Tools,
  context: Pick<Context, 'signal' | 'children'>,
): Promise<number> {
  const { probe, settings, folder, at } = wish
  const { video, audio } = settings
  const plan = planEncode(probe, { video, audio, encoder: 'x264' }, tools)
  const seconds = Math.max(0.1, Math.min(1, probe.duration - at))
  const sample = path.join(folder, 'sample.mp4')
  const filters = ['setpts=PTS-STARTPTS', ...plan.filters].join(',')
  await ffmpeg(
    tools,
    [
      ...begun(wish, tools),
      ...['-t', seconds.toFixed(3), '-map', `0:${probe.video.index}`, '-an', '-vf', filters],
      ...plan.picture(claimedPace(probe)),
      ...['-f', 'mp4', `file:${sample}`],
    ],
    context,
  )
  const sound = probe.audio.length > 0 ? audio.bitrate * 125 : 0
  return (await stat(sample)).size / seconds + sound
}

const begun = ({ source, at }: PreviewWish, tools: Tools) =>
  input(source, '-ss', at.toFixed(3), '-threads', String(tools.threads))
