/**
 * One JPEG of every scene for the web, and a thumbnail where the preset wants one, made from the high-quality still.
 */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { FileRole } from '../../db/schema.ts'
import { extractFrames } from '../frame_extract.ts'
import { chromaUsed, describePng, loadSharp, type JpegSettings, writeJpeg } from '../images.ts'
import { colourOf } from '../media/icc.ts'
import { foldersOf, stillName } from '../media/file_names.ts'
import { forWeb } from '../media/still_picture.ts'
import { chooseFrame } from '../media/stills.ts'
import { canToneMap } from '../media/video.ts'
import { type Context, type Job, type JobScene, type Operation, OperationError } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { aspectOf, type PictureSource, pictureSource, stillDescription } from '../still_job.ts'

export default {
  name: 'stills_web',
  title: 'Stills for the web',
  async run(job, context) {
    const sharp = await loadSharp()
    sharp.concurrency(job.tools.threads)
    const source = pictureSource(job)
    const stills = job.scenes
      .map((scene) => planStill(job, source, scene))
      .filter(({ copies }) => copies.length > 0)
    for (const sentence of warningsOf(job, source, stills)) context.warn(sentence)
    await makeStills(job, context, source, stills)
    return { settings: settingsOf(job) }
  },
} satisfies Operation

interface Still {
  scene: number
  frame: number
  /** The high-quality still to derive it from; null = the frame is taken from the video. */
  png: string | null
  sourceFileId: number
  /** What was found when the frame was chosen here. */
  note: string | null
  copies: Copy[]
}

interface Copy {
  kind: 'web' | 'thumb'
  role: FileRole
  folder: string
  jpeg: JpegSettings
}

/** HDR is tone-mapped, which only the video itself still allows; a still that failed is made up for here. */
function planStill(job: Job, source: PictureSource, scene: JobScene): Still {
  const hq = job.files.find((file) => file.role === 'still_hq' && file.scene === scene.number)
  const chosen = chooseFrame(scene, source.frames)
  const isDone = ({ role }: Copy) =>
    job.done.some((file) => file.role === role && file.scene === scene.number)
  return {
    scene: scene.number,
    frame: hq?.frame ?? chosen.frame,
    png: hq && !source.probe.video.hdr ? hq.path : null,
    sourceFileId: (hq ?? source.file).id,
    note: hq ? null : chosen.note,
    copies: copiesOf(job).filter((copy) => !isDone(copy)),
  }
}

function copiesOf({ session: { preset, naming } }: Job): Copy[] {
  const folders = foldersOf(naming)
  const web: Copy = { kind: 'web', role: 'still_web', folder: folders.stillsWeb, jpeg: preset.stills_web }
  if (!preset.thumbnails.enabled) return [web]
  const { quality, max_width } = preset.thumbnails
  const jpeg = { quality, max_width, progressive: true, chroma: '4:2:0' } as const
  return [web, { kind: 'thumb', role: 'thumbnail', folder: folders.thumbnails, jpeg }]
}

function warningsOf(job: Job, { probe }: PictureSource, stills: Still[]): string[] {
  const { stills_hq, stills_web } = job.session.preset
  const missing = stills.filter(({ sourceFileId }) => !job.files.some(isStill(sourceFileId))).length
  return [
    ...stills.map(({ note }) => note),
    stills_hq.enabled &&
      missing > 0 &&
      `${missing} web stills come from the video, for want of a high-quality still.`,
    probe.video.hdr &&
      !canToneMap(job.tools.filters) &&
      'This ffmpeg cannot tone-map HDR (it lacks zscale), so web stills will look flat.',
    stills_web.chroma === '4:2:2' &&
      'This JPEG encoder knows 4:4:4 and 4:2:0, so web stills are 4:4:4, the finer one.',
  ].filter((sentence) => typeof sentence === 'string')
}

const isStill = (id: number) => (file: Job['files'][number]) => file.id === id && file.role === 'still_hq'

async function makeStills(job: Job, context: Context, source: PictureSource, stills: Still[]): Promise<void> {
  const total = job.scenes.length * copiesOf(job).length
  let left = stills.reduce((sum, { copies }) => sum + copies.length, 0)
  const make = async (still: Still, png: string, args?: string[]) => {
    for (const copy of still.copies) {
      context.signal.throwIfAborted()
      await makeCopy(job, context, source, { still, png, copy, args })
      context.report(total - --left, total, 'files')
    }
  }
  context.report(total - left, total, 'files')
  for (const still of stills) if (still.png) await make(still, still.png)
  const taken = new Map(stills.filter(({ png }) => !png).map((still) => [still.frame, still]))
  const { file, probe, frames } = source
  const wanted = [...taken.keys()].toSorted((a, b) => a - b)
  const picture = forWeb(probe.video, job.tools.filters)
  const extraction = { source: file.path, probe, frames, wanted, picture, folder: job.folders.work }
  await extractFrames(extraction, job.tools, context, async (frame, png, args) => {
    const still = taken.get(frame)
    await describePng(png, png, colourTaken(source), {})
    if (still) await make(still, png, args)
    await rm(png)
  })
}

/** HDR has been brought to what browsers take for granted (or could not be, and is left flat, as warned). */
const colourTaken = ({ probe: { video } }: PictureSource) =>
  video.hdr ? colourOf(null, null) : colourOf(video.primaries, video.transfer)

interface Making {
  still: Still
  png: string
  copy: Copy
  /** What took it from the film; undefined where it comes from the full-size still. */
  args: string[] | undefined
}

async function makeCopy(job: Job, context: Context, source: PictureSource, making: Making): Promise<void> {
  const { still, png, copy, args } = making
  const startedAt = performance.now()
  const { scene, frame, sourceFileId } = still
  const aspect = aspectOf(job, source)
  const name = stillName(job.session, copy.kind, { number: scene, count: job.scenes.length, aspect })
  const settings = jpegUsed(copy.jpeg)
  const metadata = stillDescription(job, source, { scene, frame, settings })
  const made = workPath(job, name)
  const size = await writeJpeg(png, made, copy.jpeg, metadata).catch((error: unknown) => {
    throw isOfDisk(error) ? error : unreadable(png, error)
  })
  const facts = {
    role: copy.role,
    scene,
    frame,
    aspect,
    settings,
    metadata,
    ...size,
    codec: 'mjpeg',
    ...(args && { commands: [args] }),
    sourceFileId,
  }
  const target = path.join(job.folders.project, copy.folder, name)
  const file = await place(made, target, facts, { startedAt, signal: context.signal })
  await context.emit({ kind: 'file', file })
}

const isOfDisk = (error: unknown) => error instanceof Error && 'code' in error

/** A still that was whole when it got its name, and is not what it was. */
const unreadable = (png: string, cause: unknown) =>
  new OperationError(
    'not_whole',
    `${path.basename(png)} cannot be read any more: it is damaged or gone. Delete what is left of it and resume: it is taken from the film again.`,
    { cause },
  )

const jpegUsed = (jpeg: JpegSettings) => ({
  format: 'JPEG',
  ...jpeg,
  chroma: chromaUsed(jpeg),
  colour: 'sRGB',
})

const settingsOf = (job: Job): Record<string, unknown> =>
  Object.fromEntries(copiesOf(job).map(({ role, jpeg }) => [role, jpegUsed(jpeg)]))
