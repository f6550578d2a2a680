/**
 * The first step: is the master a video that can be read to its end, and what should a person know of it?
 */

import { codecText } from '../media/codec.ts'
import type { Probe } from '../media/probe.ts'
import { fractionValue } from '../media/timecode.ts'
import type { Context, Job, Operation } from '../operation.ts'
import { probeFile } from '../probe_file.ts'
import { originalOf } from '../source.ts'

export { probeFile }

export default {
  name: 'probe',
  title: 'Look at the master',
  async run(job: Job, context: Context) {
    const { path } = originalOf(job)
    const probe = await probeFile(path, job.tools, { signal: context.signal, children: context.children })
    for (const sentence of oddities(probe)) context.warn(sentence)
    await context.emit({ kind: 'source', probe, bytes: probe.bytes })
    return { bytesIn: 0 }
  },
} satisfies Operation

/** What is unusual about a master, as sentences that say what will be done about it. Nothing here stops the work. */
export function oddities({ video, audio }: Probe): string[] {
  const { width, height, sampleAspect } = video
  return [
    video.codec !== 'prores' && `The master is ${codecText(video.codec)}, not ProRes.`,
    video.variable && 'Frames are not evenly spaced (variable frame rate); every frame keeps its own time.',
    video.rotation !== 0 && `The picture is stored turned by ${video.rotation}°; outputs are upright.`,
    video.hdr && `The master is HDR (${video.hdr.toUpperCase()}); web outputs are tone-mapped to SDR.`,
    video.alpha && 'The master has transparency, which H.264 has not; web videos are laid over black.',
    (width % 2 !== 0 || height % 2 !== 0) &&
      `The size ${width}x${height} is odd; web videos lose the last row or column.`,
    audio.length === 0 && 'The master has no sound.',
    audio.length > 1 && `The master has ${audio.length} audio tracks; web videos carry the first.`,
    video.interlaced && 'The master is interlaced; its fields are kept as they are.',
    Math.abs(fractionValue(sampleAspect) - 1) > 0.001 &&
      `Pixels are not square (${sampleAspect.num}:${sampleAspect.den}); videos keep that shape, stills are made square.`,
  ].filter((sentence) => typeof sentence === 'string')
}
