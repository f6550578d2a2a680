/**
 * One MP4 for each ticked scene, and one seamless MP4 for each group of scenes.
 */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Encoded, encodeWarnings } from '../encode.ts'
import { type EncodedParts, encodeParts } from '../encode_parts.ts'
import { canShareEncode, encodeRun } from '../encode_run.ts'
import { firstTimestamp } from '../first_frame.ts'
import { mergeAdjacent, type Stretch } from '../media/clip_graph.ts'
import { planClipRuns } from '../media/clip_run.ts'
import { describe, mp4TagsOf } from '../media/metadata.ts'
import { clipName, foldersOf } from '../media/file_names.ts'
import {
  type Context,
  type Frames,
  type Job,
  type JobGroup,
  type Operation,
  OperationError,
} from '../operation.ts'
import { type FileFacts, place, workPath } from '../outputs.ts'
import { type Source, sourceOf } from '../source.ts'
import { aspectOf, timecodeAt } from '../still_job.ts'

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
    const wanted = wantedClips(job, aspectOf(job, source))
    if (wanted.length === 0) return { settings: { clips: 0, groups: 0 } }
    for (const sentence of encodeWarnings(source.probe, job.session.encoder, job.tools))
      context.warn(sentence)
    const { frames } = job
    if (!frames)
      throw new OperationError('no_frames', 'The scenes have not been detected yet, so no clip can be cut.')
    const origin = await firstTimestamp(source.path, source.probe, job.tools, context)
    const setting: Setting = { job, context, source, frames, origin }
    const clips = clipTaker(wanted, setting)
    for (const run of runsOf(wanted, setting)) {
      const rest = toMake(run, clips, frames)
      if (rest.length > 1) await makeTogether(rest, setting, clips)
      for (const clip of run) if (!clips.has(clip)) await makeAlone(clip, setting, clips)
    }
    return { settings: { ...clips.settings(), ...counts(wanted) } }
  },
} satisfies Operation

function wantedClips({ session, scenes, groups }: Job, aspect: string): Clip[] {
  const nameOf = (role: Clip['role'], number: number) =>
    clipName(session, role, { number, count: scenes.length, aspect })
  const ticked = scenes.filter((scene) => scene.ticked)
  return [
    ...ticked.map((scene) => clipOf('clip', scene.number, nameOf('clip', scene.number), [scene])),
    ...groups.map((group) =>
      clipOf('group', group.number, nameOf('group', group.number), membersOf(group, scenes)),
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
  frames: Frames
  /** PTS of the source's first frame, seconds. */
  origin: number
}

/** What is encoded in one go: neighbouring scenes where that can be, any other clip alone. */
function runsOf(wanted: Clip[], { job, source, frames }: Setting): Clip[][] {
  const { preset, encoder } = job.session
  const shared = canShareEncode({ video: preset.video, encoder }, job.tools)
  const scenes = wanted.filter((clip) => shared && clip.role === 'clip')
  const others = wanted.filter((clip) => !scenes.includes(clip))
  const runs = planClipRuns(scenes.flatMap(onlyStretch), frames, source.probe.video.frameRate)
  return [...runs.map((run) => run.map(({ clip }) => clip)), ...others.map((clip) => [clip])]
}

/** Seconds of film that are soon encoded again. */
const soon = 40

/**
 * What is encoded of a run some of whose clips are there: all of it once more where that costs little, since an encoder
 * remembers what came before, so that the others come out as they would have; else those that are not there.
 */
function toMake(run: Clip[], clips: ClipTaker, { times, duration }: Frames): Clip[] {
  const rest = run.filter((clip) => !clips.has(clip))
  const frames = sum(run.map((clip) => (clips.has(clip) ? clip.frames : 0)))
  return rest.length > 0 && (frames * duration) / times.length <= soon ? run : rest
}

/** A scene is one stretch. */
const onlyStretch = (clip: Clip) => clip.stretches.map((stretch) => ({ clip, ...stretch }))

/** Puts finished clips into their place, and tells how far the work is. */
function clipTaker(wanted: Clip[], { job, context, source }: Setting) {
  const taken = new Set(wanted.filter((clip) => isDone(job, clip)))
  const total = sum(wanted.map((clip) => clip.frames))
  const framesTaken = () => sum([...taken].map((clip) => clip.frames))
  let [furthest, startedAt] = [0, performance.now()]
  let settings: Encoded['settings'] = {}
  const report = (frames: number) => {
    furthest = Math.max(furthest, Math.min(frames, total))
    context.report(furthest, total, 'frames')
  }
  return {
    has: (clip: Clip) => taken.has(clip),
    settings: () => settings,
    /** For the frames that an encode says it has written so far. */
    counter() {
      const before = framesTaken()
      return (frames: number) => report(before + frames)
    },
    async take(clip: Clip, encoded: EncodedParts) {
      const target = path.join(job.folders.project, foldersOf(job.session.naming).clips, clip.name)
      const facts = rowOf(clip, encoded, job, source)
      const file = await place(workPath(job, clip.name), target, facts, { startedAt, signal: context.signal })
      await context.emit({ kind: 'file', file })
      ;({ settings } = encoded)
      startedAt = performance.now()
      taken.add(clip)
      report(framesTaken())
    },
  }
}

type ClipTaker = ReturnType<typeof clipTaker>

/** What comes out whole is taken. Anything else is left to `makeAlone`, which manages, or tells what is wrong. */
async function makeTogether(run: Clip[], setting: Setting, clips: ClipTaker): Promise<void> {
  const { job, context } = setting
  try {
    await encodeRun(
      {
        ...wishesOf(setting),
        folder: workPath(job, 'run'),
        clips: run.flatMap(onlyStretch).map((cut) => ({ ...cut, ...madeAs(cut.clip, setting) })),
        onFrames: clips.counter(),
        take: ({ clip, target }, encoded) => (clips.has(clip) ? rm(target) : clips.take(clip, encoded)),
      },
      job.tools,
      context,
    )
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'ffmpeg_failed') throw error
  }
}

async function makeAlone(clip: Clip, setting: Setting, clips: ClipTaker): Promise<void> {
  const encoded = await encodeParts(
    {
      ...wishesOf(setting),
      ...madeAs(clip, setting),
      stretches: clip.stretches,
      onFrames: clips.counter(),
    },
    setting.job.tools,
    setting.context,
  )
  await clips.take(clip, encoded)
}

const wishesOf = ({ job: { session }, source, frames, origin }: Setting) => ({
  source: source.path,
  probe: source.probe,
  video: session.preset.video,
  audio: session.preset.audio,
  encoder: session.encoder,
  frames,
  origin,
})

/** Where a clip is made, and what it is told of itself. */
function madeAs(clip: Clip, { job, source }: Setting) {
  const facts = clipFacts(clip, job, source)
  return { target: workPath(job, clip.name), tags: { ...mp4TagsOf(facts), comment: commentOf(clip, facts) } }
}

const rowOf = (clip: Clip, encoded: EncodedParts, job: Job, source: Source): FileFacts => ({
  role: clip.role,
  aspect: aspectOf(job, source),
  scene: clip.number,
  frame: clip.stretches[0]?.startFrame ?? null,
  sourceFileId: source.fileId,
  width: encoded.width,
  height: encoded.height,
  duration: encoded.duration,
  frames: encoded.frames,
  codec: 'h264',
  settings: encoded.settings,
  commands: encoded.commands,
  ranges: clip.stretches.map(({ startFrame, endFrame }) => [startFrame, endFrame]),
  metadata: { ...clipFacts(clip, job, source), ranges: rangesOf(clip) },
})

function clipFacts({ role, number, stretches }: Clip, { session, frames }: Job, { name, probe }: Source) {
  const frame = stretches[0]?.startFrame ?? 0
  const facts = describe({
    artwork: session.artwork,
    projectDate: session.projectDate,
    copyright: session.copyright,
    sourceName: name,
    frame,
    timecode: timecodeAt(probe, frames, frame),
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
