/**
 * The whole master as one file for the web, finer than the clips; copied where it is that already.
 */

import path from 'node:path'
import { copyEncoded } from '../copy_encoded.ts'
import { encodeVideo, encodeWarnings } from '../encode.ts'
import { describe, mp4TagsOf } from '../media/metadata.ts'
import { foldersOf, masterName } from '../media/file_names.ts'
import { unclashed } from '../media/naming.ts'
import type { Context, Job, Operation } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { sourceOf } from '../source.ts'

/** The studio's rule: whatever the preset says of clips, a master that is encoded is encoded with these. */
const masterQuality = { crf: 18, speed: 'slow' } as const

export default {
  name: 'optimise_master',
  title: 'Optimised master',
  async run(job: Job, context: Context) {
    if (job.done.some((file) => file.role === 'master_web')) return {}
    const startedAt = performance.now()
    const { session, tools } = job
    const source = sourceOf(job)
    for (const sentence of encodeWarnings(source.probe, session.encoder, tools)) context.warn(sentence)
    const name = unclashed(masterName(session), (name) => isSame(name, source.path))
    const made = workPath(job, name)
    const facts = describe({ ...session, sourceName: source.name })
    const total = job.frames?.times.length ?? expectedFrames(source.probe)
    const encoding = {
      source: source.path,
      probe: source.probe,
      target: made,
      video: { ...session.preset.video, ...masterQuality },
      audio: session.preset.audio,
      encoder: session.encoder,
      tags: mp4TagsOf(facts),
    }
    const onFrames = (frames: number) => context.report(Math.min(frames, total), total, 'frames')
    const copied = job.frames && (await copyEncoded({ ...encoding, frames: job.frames }, tools, context))
    const encoded =
      copied ?? (await encodeVideo({ ...encoding, frames: job.frames, onFrames }, tools, context))
    onFrames(total)
    const file = await place(
      made,
      path.join(job.folders.project, foldersOf(session.naming).masters, name),
      {
        role: 'master_web',
        sourceFileId: source.fileId,
        width: encoded.width,
        height: encoded.height,
        frames: encoded.frames,
        duration: job.frames?.duration ?? source.probe.duration,
        codec: 'h264',
        settings: encoded.settings,
        commands: encoded.commands,
        metadata: facts,
      },
      { startedAt, signal: context.signal },
    )
    await context.emit({ kind: 'file', file })
    return { settings: encoded.settings }
  },
} satisfies Operation

/** The original may be called as its optimised copy would be; disks of many kinds do not tell case apart. */
const isSame = (name: string, file: string) => name.toLowerCase() === path.basename(file).toLowerCase()

/** As the container claims, for progress only. */
const expectedFrames = ({ video, duration }: ReturnType<typeof sourceOf>['probe']) =>
  video.frames ?? Math.max(1, Math.round((duration * video.frameRate.num) / video.frameRate.den))
