/**
 * One still of every scene: PNG at the source's size and depth, with its colour and its origin inside.
 */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { extractFrames } from '../frame_extract.ts'
import { describePng } from '../images.ts'
import { colourOf } from '../media/icc.ts'
import { foldersOf, stillName } from '../media/file_names.ts'
import { asIs } from '../media/still_picture.ts'
import { type Choice, chooseFrame } from '../media/stills.ts'
import type { Context, Job, Operation } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { aspectOf, type PictureSource, pictureSource, stillDescription } from '../still_job.ts'

export default {
  name: 'stills_hq',
  title: 'Stills, full size',
  async run(job, context) {
    if (!job.session.preset.stills_hq.enabled) return {}
    const source = pictureSource(job)
    const choices = job.scenes
      .filter(({ number }) => !job.done.some(({ scene }) => scene === number))
      .map((scene) => chooseFrame(scene, source.frames))
    for (const { note } of choices) if (note) context.warn(note)
    await takeStills(job, context, source, choices)
    return { settings: settingsOf(source) }
  },
} satisfies Operation

async function takeStills(job: Job, context: Context, source: PictureSource, choices: Choice[]) {
  const total = job.scenes.length
  let done = total - choices.length
  let startedAt = performance.now()
  context.report(done, total, 'files')
  const byFrame = new Map(choices.map((choice) => [choice.frame, choice]))
  const { file, probe, frames } = source
  const picture = asIs(probe.video)
  const wanted = [...byFrame.keys()].toSorted((a, b) => a - b)
  const extraction = { source: file.path, probe, frames, wanted, picture, folder: job.folders.work }
  await extractFrames(extraction, job.tools, context, async (frame, png, args) => {
    const choice = byFrame.get(frame)
    if (!choice) return
    await finishStill(job, context, source, { choice, png, args, startedAt })
    startedAt = performance.now()
    context.report(++done, total, 'files')
  })
}

interface Taken {
  choice: Choice
  /** As ffmpeg wrote it. */
  png: string
  args: string[]
  startedAt: number
}

async function finishStill(job: Job, context: Context, source: PictureSource, taken: Taken): Promise<void> {
  const { png, args, startedAt } = taken
  const { scene, frame } = taken.choice
  const { video } = source.probe
  const aspect = aspectOf(job, source)
  const name = stillName(job.session, 'HQ', { number: scene, count: job.scenes.length, aspect })
  const settings = settingsOf(source)
  const metadata = stillDescription(job, source, { scene, frame, settings })
  const made = workPath(job, name)
  await describePng(png, made, colourOf(video.primaries, video.transfer), metadata)
  await rm(png)
  const { size } = asIs(video)
  const facts = {
    scene,
    frame,
    aspect,
    settings,
    metadata,
    ...size,
    codec: 'png',
    commands: [args],
    sourceFileId: source.file.id,
  }
  const target = path.join(job.folders.project, foldersOf(job.session.naming).stillsHq, name)
  const { signal } = context
  const file = await place(made, target, { role: 'still_hq', ...facts }, { startedAt, signal })
  await context.emit({ kind: 'file', file })
}

function settingsOf({ probe: { video } }: PictureSource) {
  const { size, pixelFormat, matrix } = asIs(video)
  return {
    format: 'PNG',
    size: `${size.width}x${size.height}`,
    pixels: pixelFormat,
    colour: colourOf(video.primaries, video.transfer).name,
    matrix,
    range: video.range ?? 'tv',
  }
}
