/** The R&D folder is taken whole: images and videos of every kind, wherever they lie. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readExif } from '../../../workers/media/exif.ts'
import type { Job } from '../../../workers/operation.ts'
import research, { listSources } from '../../../workers/operations/research.ts'
import { cutsClip, folder, make, witness } from '../../media.ts'
import { emitted, inspect, jobFor } from '../job.ts'

const test = suite('research')
const film = () => cutsClip('rd.mp4', [10])

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c83264' } })

async function jobWith(fill: (rd: string) => Promise<void> | void, overrides = {}): Promise<Job> {
  const job = await jobFor(film(), { overrides })
  job.folders.rd = folder()
  await fill(job.folders.rd)
  return job
}

async function run(job: Job) {
  const context = witness()
  await research.run(job, context)
  const files = emitted(context).map(({ path: file }) => path.relative(job.folders.project, file))
  return { context, files, emissions: emitted(context) }
}

test('without a folder there is nothing to do', async () => {
  const { files } = await run(await jobFor(film()))
  assert.equal(files, [])
})

test('a file that goes away meanwhile is left out, and the others are made', async () => {
  const job = await jobWith(async (rd) => {
    for (const name of ['1.png', '2.png']) await picture(160, 90).png().toFile(path.join(rd, name))
  })
  const context = witness()
  const emit = context.emit.bind(context)
  context.emit = async (emission) => {
    rmSync(path.join(job.folders.rd ?? '', '2.png'), { force: true })
    await emit(emission)
  }
  await research.run(job, context)
  assert.is(emitted(context).length, 2)
  assert.match(context.warnings.join(), /^2\.png could not be read and was left out/)
})

test('images and videos become two files each, numbered in the order people count in', async () => {
  const job = await jobWith(async (rd) => {
    mkdirSync(path.join(rd, 'sub'))
    await picture(160, 90).png().toFile(path.join(rd, 'shot 10.png'))
    await picture(90, 160).jpeg().toFile(path.join(rd, 'shot 2.JPG'))
    await picture(100, 100)
      .webp()
      .toFile(path.join(rd, 'sub', 'shot 2.webp'))
    execFileSync('cp', [film(), path.join(rd, 'sub', `-the "take" 100%.mp4`)])
    writeFileSync(path.join(rd, 'notes.txt'), 'not a picture')
    writeFileSync(path.join(rd, '.hidden.png'), '')
  })
  const { files, context, emissions } = await run(job)
  assert.equal(files.toSorted(), [
    'R&D/Compressed/Tide-Study_RD_compressed_01_9x16.jpg',
    'R&D/Compressed/Tide-Study_RD_compressed_02_16x9.jpg',
    'R&D/Compressed/Tide-Study_RD_compressed_03_16x9.mp4',
    'R&D/Compressed/Tide-Study_RD_compressed_04_1x1.jpg',
    'R&D/High-res/Tide-Study_RD_HQ_01_9x16.png',
    'R&D/High-res/Tide-Study_RD_HQ_02_16x9.png',
    'R&D/High-res/Tide-Study_RD_HQ_03_16x9.mp4',
    'R&D/High-res/Tide-Study_RD_HQ_04_1x1.png',
  ])
  assert.equal(context.warnings, [])
  assert.is(context.reports.at(-1), 1)
  const videos = emissions.filter(({ codec }) => codec === 'h264')
  assert.equal(
    videos.map(({ settings }) => [settings?.crf, settings?.speed]),
    [
      [17, 'slow'],
      [23, 'faster'],
    ],
  )
  const { format } = inspect(videos[0]?.path ?? '', '-show_format')
  assert.is(format?.tags?.copyright, '© Yambo Studio')
  assert.is(emissions.find(({ codec }) => codec === 'h264')?.metadata?.source, 'sub/-the "take" 100%.mp4')
})

test('transparency, depth, orientation and profile are kept; the JPEG is sRGB on white, no wider than asked', async () => {
  const job = await jobWith(
    async (rd) => {
      const clear = { create: { width: 120, height: 60, channels: 4 as const, background: '#00000000' } }
      await sharp(clear).png().toFile(path.join(rd, 'a.png'))
      await picture(120, 60).withMetadata({ orientation: 6 }).jpeg().toFile(path.join(rd, 'b.jpg'))
      await picture(120, 60).withIccProfile('p3').toFile(path.join(rd, 'c.png'))
      await picture(120, 60).toColourspace('rgb16').png().toFile(path.join(rd, 'd.png'))
      await picture(120, 60).toColourspace('cmyk').tiff().toFile(path.join(rd, 'e.tif'))
    },
    { 'stills_web.max_width': 50 },
  )
  const { emissions, context } = await run(job)
  assert.equal(context.warnings, [])
  const told = async (role: string, number: number) => {
    const file = emissions.find(
      (emission) => emission.role === role && emission.path.includes(`_0${number}_`),
    )
    return sharp(file?.path).metadata()
  }
  assert.is((await told('rd_hq', 1)).hasAlpha, true)
  const upright = await told('rd_hq', 2)
  assert.equal([upright.width, upright.height], [60, 120])
  assert.match((await told('rd_hq', 3)).icc?.toString('latin1') ?? '', /P.?3/s)
  assert.is((await told('rd_hq', 4)).depth, 'ushort')
  assert.is((await told('rd_hq', 5)).space, 'srgb')
  const web = await told('rd_web', 1)
  assert.equal([web.width, web.hasAlpha], [50, false])
  assert.is(readExif(web.exif ?? new Uint8Array()).Copyright, '© Yambo Studio')
  const [jpeg] = emissions.filter(({ role }) => role === 'rd_web')
  assert.ok((await sharp(jpeg?.path).stats()).channels.every(({ mean }) => mean > 254))
})

test('BMP is read too, and unreadable files are said and left out', async () => {
  const bmp = make('x.bmp', ['-f', 'lavfi', '-i', 'color=red:size=64x64', '-frames:v', '1'])
  const job = await jobWith((rd) => {
    execFileSync('cp', [bmp, path.join(rd, 'x.bmp')])
    writeFileSync(path.join(rd, 'torn.png'), 'no picture at all')
    writeFileSync(path.join(rd, 'torn.mov'), 'no video at all')
    writeFileSync(path.join(rd, 'empty.jpg'), '')
  })
  const { files, context } = await run(job)
  assert.equal(files, [
    'R&D/High-res/Tide-Study_RD_HQ_04_1x1.png',
    'R&D/Compressed/Tide-Study_RD_compressed_04_1x1.jpg',
  ])
  assert.is(context.warnings.length, 3)
  for (const name of ['torn.png', 'torn.mov', 'empty.jpg'])
    assert.ok(
      context.warnings.some((warning) => warning.startsWith(`${name} could not be read`)),
      name,
    )
})

test('what was emitted before an interruption is not made again', async () => {
  const job = await jobWith((rd) =>
    picture(160, 90)
      .toFile(path.join(rd, 'a.png'))
      .then(() => undefined),
  )
  const { emissions } = await run(job)
  const [hq] = emissions
  const rest = { id: 9, scene: null, frame: null, width: null, height: null, sourceFileId: null, probe: null }
  job.done = hq ? [{ ...rest, role: hq.role, path: hq.path, bytes: hq.bytes, sha256: hq.sha256 }] : []
  assert.equal((await run(job)).files, ['R&D/Compressed/Tide-Study_RD_compressed_01_16x9.jpg'])
})

test('links are followed inside the folder only, each place once', async () => {
  const [rd, elsewhere] = [folder(), folder()]
  mkdirSync(path.join(rd, 'a'))
  writeFileSync(path.join(rd, 'a', 'x.png'), '')
  writeFileSync(path.join(elsewhere, 'secret.png'), '')
  symlinkSync(rd, path.join(rd, 'a', 'loop'))
  symlinkSync(elsewhere, path.join(rd, 'out'))
  symlinkSync(path.join(elsewhere, 'secret.png'), path.join(rd, 'out.png'))
  symlinkSync('/nowhere', path.join(rd, 'dangling.png'))
  symlinkSync(path.join(rd, 'a', 'x.png'), path.join(rd, 'again.png'))
  assert.equal(await listSources(rd), [path.join(rd, 'a', 'x.png')])
})

test.run()
