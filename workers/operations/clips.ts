/**
 * One MP4 for each ticked scene, and one seamless MP4 for each group of scenes.
 */

import path from 'node:path'
import { encodeWarnings } from '../encode.ts'
import { encodeParts } from '../encode_parts.ts'
import { firstTimestamp } from '../first_frame.ts'
import { mergeAdjacent, type Stretch } from '../media/clip_graph.ts'
import { describe, mp4TagsOf } from '../media/metadata.ts'
import { clipName, folders, groupName } from '../media/naming.ts'
import { timecode } from '../media/timecode.ts'
import { type Context, type Job, type JobGroup, type Operation, OperationError } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { type Source, sourceOf } from '../source.ts'

interface Clip {
  role: 'clip' | 'group'
  number: number
  name: string
  stretches: Stretch[]
  frames: number
}

export default {
  name: 'clips',
  title: 'Clips and groups',
  async run(job: Job, context: Context) {
    const source = sourceOf(job)
    const wanted = wantedClips(job)
    if (wanted.length === 0) return { settings: { clips: 0, groups: 0 } }
    for (const sentence of encodeWarnings(source.probe, job.session.encoder, job.tools))
      context.warn(sentence)
    const origin = await firstTimestamp(source.path, source.probe, job.tools, context)
    const total = sum(wanted.map((clip) => clip.frames))
    let before = 0
    let settings: Record<string, unknown> = {}
    for (const clip of wanted) {
      if (!isDone(job, clip)) {
        settings = await makeClip(clip, { job, context, source, origin }, (frames) =>
          context.report(before + Math.min(frames, clip.frames), total, 'frames'),
        )
      }
      before += clip.frames
      context.report(before, total, 'frames')
    }
    return { settings: { ...settings, ...counts(wanted) } }
  },
} satisfies Operation

function wantedClips({ session, scenes, groups }: Job): Clip[] {
  const ticked = scenes.filter((scene) => scene.ticked)
  return [
    ...ticked.map((scene) =>
      clipOf('clip', scene.number, clipName(session.artwork, scene.number, scenes.length), [scene]),
    ),
    ...groups.map((group) =>
      clipOf(
        'group',
        group.number,
        groupName(session.artwork, group.number, scenes.length),
        membersOf(group, scenes),
      ),
    ),
  ]
}

function clipOf(role: Clip['role'], number: number, name: string, members: readonly Stretch[]): Clip {
  const stretches = mergeAdjacent(members)
  return { role, number, name, stretches, frames: sum(stretches.map((s) => s.endFrame - s.startFrame)) }
}

function membersOf(group: JobGroup, scenes: Job['scenes']): Stretch[] {
  return group.scenes.map((number) => {
    const scene = scenes.find((candidate) => candidate.number === number)
    if (scene) return scene
    throw new OperationError(
      'no_scene',
      `Group ${group.number} names scene ${number}, and there is none. There are ${scenes.length}: change the group.`,
    )
  })
}

const isDone = ({ done }: Job, { role, number }: Clip) =>
  done.some((file) => file.role === role && file.scene === number)

interface Setting {
  job: Job
  context: Context
  source: Source
  /** PTS of the source's first frame, seconds. */
  origin: number
}

async function makeClip(
  clip: Clip,
  { job, context, source, origin }: Setting,
  onFrames: (frames: number) => void,
): Promise<Record<string, unknown>> {
  const startedAt = performance.now()
  const { session, tools, folders: where, frames } = job
  if (!frames)
    throw new OperationError('no_frames', 'The scenes have not been detected yet, so no clip can be cut.')
  const made = workPath(job, clip.name)
  const facts = clipFacts(clip, job, source)
  const encoded = await encodeParts(
    {
      source: source.path,
      probe: source.probe,
      target: made,
      video: session.preset.video,
      audio: session.preset.audio,
      encoder: session.encoder,
      tags: { ...mp4TagsOf(facts), comment: commentOf(clip, facts) },
      stretches: clip.stretches,
      frames,
      origin,
      onFrames,
    },
    tools,
    context,
  )
  const file = await place(
    made,
    path.join(where.project, folders.clips, clip.name),
    {
      role: clip.role,
      scene: clip.number,
      frame: clip.stretches[0]?.startFrame ?? null,
      sourceFileId: source.fileId,
      width: encoded.width,
      height: encoded.height,
      duration: encoded.duration,
      frames: encoded.frames,
      codec: 'h264',
      settings: encoded.settings,
      metadata: { ...facts, ranges: rangesOf(clip) },
    },
    { startedAt, signal: context.signal },
  )
  await context.emit({ kind: 'file', file })
  return encoded.settings
}

function clipFacts({ role, number, stretches }: Clip, { session }: Job, { name, probe }: Source) {
  const frame = stretches[0]?.startFrame ?? 0
  const facts = describe({
    artwork: session.artwork,
    projectDate: session.projectDate,
    copyright: session.copyright,
    sourceName: name,
    frame,
    timecode: timecode(frame, probe.video.frameRate, probe.startTimecode ?? undefined),
    createdAt: session.createdAt,
    ...(role === 'clip' && { scene: number }),
  })
  return role === 'group'
    ? { ...facts, title: `${session.artwork}, group ${number}`, group: `${number}` }
    : facts
}

/** First and last frame of each stretch, both played. */
const rangesOf = ({ stretches }: Clip) => stretches.map((s) => [s.startFrame, s.endFrame - 1])

const commentOf = ({ stretches }: Clip, facts: Record<string, string>) =>
  JSON.stringify({ ...facts, frames: stretches.map((s) => `${s.startFrame}-${s.endFrame - 1}`).join(' ') })

const counts = (wanted: Clip[]) => ({
  clips: wanted.filter((clip) => clip.role === 'clip').length,
  groups: wanted.filter((clip) => clip.role === 'group').length,
})

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
