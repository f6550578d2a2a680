/**
 * The R&D folder: every image becomes PNG and JPEG, every video H.264 of two qualities.
 */

import { readdir, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { encodeVideo, encodeWarnings } from '../encode.ts'
import { ffmpeg, input } from '../ffmpeg.ts'
import { chromaUsed, loadSharp, writeJpeg, writePng } from '../images.ts'
import { type Description, describe, mp4TagsOf } from '../media/metadata.ts'
import { foldersOf, rdName } from '../media/file_names.ts'
import { aspectSuffix } from '../media/naming.ts'
import type { PresetSettings } from '../media/presets.ts'
import { squareSize } from '../media/still_picture.ts'
import type { Size } from '../media/video.ts'
import type { Context, Job, Operation } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { probeFile } from '../probe_file.ts'
import { subjectOf } from '../still_job.ts'

const images = new Set(['.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp'])
const videos = new Set(['.mov', '.mp4', '.avi', '.mkv', '.mts', '.m2ts', '.webm', '.mxf'])

export default {
  name: 'research',
  title: 'R&D files',
  async run(job, context) {
    if (!job.folders.rd) return {}
    const sharp = await loadSharp()
    sharp.concurrency(job.tools.threads)
    const sources = await listSources(job.folders.rd)
    const bytes = await bytesOf(sources)
    context.report(0, sources.length, 'files')
    for (const [index, source] of sources.entries()) {
      context.signal.throwIfAborted()
      await processSource(job, context, { source, number: index + 1, count: sources.length })
      context.report(index + 1, sources.length, 'files')
    }
    const { stills_web } = job.session.preset
    return { settings: { files: sources.length, bytes, images: stills_web, videos: videoSettings(job) } }
  },
} satisfies Operation

/**
 * Images and videos in a folder and below it, as absolute paths in the order people count in. Hidden ones are
 * left out; links are followed inside the folder only, and each place is visited once.
 */
export async function listSources(folder: string): Promise<string[]> {
  const root = await realpath(folder)
  const visited = new Set<string>()
  const found: string[] = []
  const visit = async (place: string) => {
    const real = await realpath(place).catch(() => null) // a link to nowhere
    if (!real || visited.has(real) || !isInside(root, real)) return
    visited.add(real)
    const facts = await stat(real)
    if (facts.isDirectory()) {
      for (const name of await readdir(place)) if (!name.startsWith('.')) await visit(path.join(place, name))
    } else if (facts.isFile() && isWanted(place)) found.push(place)
  }
  await visit(folder)
  const { compare } = new Intl.Collator('en', { numeric: true })
  return found.toSorted((a, b) => compare(a, b) || (a < b ? -1 : 1))
}

/** Bytes of all these files; one that went away meanwhile has none. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(sizeOf))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}

const isInside = (root: string, real: string) => real === root || real.startsWith(root + path.sep)

const isWanted = (file: string) => images.has(endingOf(file)) || videos.has(endingOf(file))

const endingOf = (file: string) => path.extname(file).toLowerCase()

interface Numbered {
  source: string
  number: number
  count: number
}

/** What cannot be read is said and left out; a full disk or a cancel is no fault of the file. */
async function processSource(job: Job, context: Context, numbered: Numbered): Promise<void> {
  const make = images.has(endingOf(numbered.source)) ? makeImages : makeVideos
  try {
    await make(job, context, numbered)
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof Error) || isOutOfSpace(error)) throw error
    const reason = error.message.split('\n')[0]
    context.warn(`${relativeName(job, numbered.source)} could not be read and was left out: ${reason}`)
  }
}

const isOutOfSpace = (error: Error & { code?: string }) =>
  ['ENOSPC', 'EDQUOT', 'EROFS'].includes(error.code ?? '')

const relativeName = (job: Job, source: string) => path.relative(job.folders.rd ?? '', source)

type Kind = 'HQ' | 'compressed'

async function makeImages(job: Job, context: Context, numbered: Numbered): Promise<void> {
  const readable = await readableImage(job, context, numbered.source)
  const { stills_web: jpeg } = job.session.preset
  try {
    await makeOutput(job, context, { ...numbered, kind: 'HQ', ending: 'png' }, async (made, description) => {
      const size = await writePng(readable, made, description)
      return { size, shape: size, codec: 'png', settings: { format: 'PNG' } }
    })
    await makeOutput(
      job,
      context,
      { ...numbered, kind: 'compressed', ending: 'jpg' },
      async (made, description) => {
        const size = await writeJpeg(readable, made, jpeg, description)
        return { size, shape: size, codec: 'mjpeg', settings: { ...jpeg, chroma: chromaUsed(jpeg) } }
      },
    )
  } finally {
    if (readable !== numbered.source) await rm(readable, { force: true })
  }
}

/** The image, or, where its format (BMP) is strange to sharp, a PNG of it by ffmpeg in the work folder. */
async function readableImage(job: Job, context: Context, source: string): Promise<string> {
  const sharp = await loadSharp()
  const known = await sharp(source)
    .metadata()
    .then(
      () => true,
      () => false,
    )
  if (known) return source
  const png = workPath(job, 'image.png')
  const output = ['-frames:v', '1', '-c:v', 'png', '-f', 'image2', `file:${png.replaceAll('%', '%%')}`]
  // A name such as `%04d.bmp` would otherwise be taken for a sequence of files.
  const format = source.includes('%') ? ['-f', 'bmp_pipe'] : []
  await ffmpeg(job.tools, [...input(source, ...format), ...output], context).catch((cause: unknown) => {
    context.signal.throwIfAborted()
    throw new Error('it is not an image, is damaged, or is of a kind that is not read here.', { cause })
  })
  return png
}

async function makeVideos(job: Job, context: Context, numbered: Numbered): Promise<void> {
  const { source } = numbered
  const probe = await probeFile(source, job.tools, context)
  const { encoder, preset } = job.session
  for (const sentence of encodeWarnings(probe, encoder, job.tools))
    context.warn(`${relativeName(job, source)}: ${sentence}`)
  for (const [kind, video] of Object.entries(videoSettings(job)) as [Kind, PresetSettings['video']][]) {
    await makeOutput(job, context, { ...numbered, kind, ending: 'mp4' }, async (target, description) => {
      const tags = mp4TagsOf(description)
      const wanted = { source, probe, target, video, audio: preset.audio, encoder, tags }
      const { settings, commands, ...size } = await encodeVideo(wanted, job.tools, context)
      return { size, shape: squareSize(probe.video), codec: 'h264', settings, commands }
    })
  }
}

/** The archive's copy keeps its size; the web's is as small as the preset says. */
const videoSettings = ({ session: { preset } }: Job): Record<Kind, PresetSettings['video']> => ({
  HQ: { ...preset.video, size: 'source', fps: 'source', profile: 'high', crf: 17, speed: 'slow' },
  compressed: { ...preset.video, crf: 23, speed: 'faster' },
})

interface Output extends Numbered {
  kind: Kind
  ending: 'png' | 'jpg' | 'mp4'
}

interface Made {
  size: Size
  /** What it looks like, which names it. */
  shape: Size
  codec: string
  settings: Record<string, unknown>
  commands?: string[][]
}

/** Makes one output with `write`, names it by what came of it, and hands it over; nothing where it is there already. */
async function makeOutput(
  job: Job,
  context: Context,
  output: Output,
  write: (made: string, description: Description) => Promise<Made>,
): Promise<void> {
  if (isDone(job, output)) return
  const startedAt = performance.now()
  const { source, kind, ending } = output
  const metadata = describe({ ...subjectOf(job), sourceName: relativeName(job, source) })
  const made = workPath(job, `making.${ending}`)
  const { size, shape, codec, settings, commands } = await write(made, metadata)
  const aspect = job.session.aspect ?? aspectSuffix(shape.width, shape.height)
  const folders = foldersOf(job.session.naming)
  const folder = kind === 'HQ' ? folders.rdHq : folders.rdWeb
  const target = path.join(job.folders.project, folder, nameOf(job, output, aspect))
  const facts = {
    role: roleOf(output),
    aspect,
    codec,
    settings,
    metadata,
    ...size,
    ...(commands && { commands }),
  } as const
  const file = await place(made, target, facts, { startedAt, signal: context.signal })
  await context.emit({ kind: 'file', file })
}

/** Files are numbered through the whole folder, so two of the same name in different places never meet. */
const nameOf = ({ session }: Job, { kind, number, count, ending }: Output, aspect: string) =>
  rdName(session, kind, { number, count, aspect }, ending)

/** Its aspect is known only once it is made; the rest of its name says which one it is. */
function isDone(job: Job, output: Output): boolean {
  const role = roleOf(output)
  const [start = '', ...ends] = nameOf(job, output, unknown).split(unknown)
  const end = ends.at(-1)
  const names = job.done.filter((file) => file.role === role).map((file) => path.basename(file.path))
  return names.some((name) =>
    end === undefined ? name === start : name.startsWith(start) && name.endsWith(end),
  )
}

const roleOf = ({ kind }: Output) => (kind === 'HQ' ? 'rd_hq' : 'rd_web')

/** Stands for an aspect; long enough to be found nowhere else in a name. */
const unknown = 'aspect-not-known-yet'
