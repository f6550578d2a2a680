/** Stills are the right frames, in the right colours, and say whose they are. */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readExif } from '../../../workers/media/exif.ts'
import { readChunks, readTexts } from '../../../workers/media/png.ts'
import type { EmittedFile, Job, JobFile, OperationError } from '../../../workers/operation.ts'
import stillsHq from '../../../workers/operations/stills_hq.ts'
import stillsWeb from '../../../workers/operations/stills_web.ts'
import { cutsClip, make, witness } from '../../media.ts'
import { emitted, jobFor } from '../job.ts'

const test = suite('stills')
const film = () => cutsClip('stills.mp4', [20, 30, 26])
const cuts = [0, 20, 50]

test('there is one PNG of every scene, of its middle frame, whole and described', async () => {
  const job = await jobFor(film(), { cuts, ticked: [2] })
  const context = witness()
  await stillsHq.run(job, context)
  const files = emitted(context).toSorted(byScene)
  assert.equal(
    files.map(({ scene, frame }) => [scene, frame]),
    [
      [1, 10],
      [2, 35],
      [3, 63],
    ],
  )
  const [first] = files
  assert.is(path.relative(job.folders.project, first?.path ?? ''), 'Stills/HQ/Tide-Study_HQ_01_16x9.png')
  assert.equal([first?.width, first?.height, first?.sourceFileId, first?.role], [320, 180, 1, 'still_hq'])
  const texts = readTexts(readFileSync(first?.path ?? ''))
  assert.is(texts.Copyright, '© Yambo Studio')
  assert.is(texts.Author, 'Yambo Studio')
  assert.is(texts.Description, 'Artwork: Tide Study')
  assert.is(texts.Source, 'stills.mp4')
  assert.is(texts.Frame, '10')
  assert.is(texts.Timecode, '00:00:00:10')
  assert.is(context.reports.at(-1), 1)
  assert.equal(context.warnings, [])
})

test('a scene whose frame was picked shows that one, in both sizes', async () => {
  const job = await jobFor(film(), { cuts })
  const scenes = job.scenes.map((scene) => (scene.number === 2 ? { ...scene, pickedFrame: 41 } : scene))
  const files = await both({ ...job, scenes })
  const shown = files.filter(({ scene }) => scene === 2).map(({ role, frame }) => [role, frame])
  assert.equal(shown, [
    ['still_hq', 41],
    ['still_web', 41],
  ])
})

test('web stills come from the PNG, at the size and quality of the preset', async () => {
  const overrides = {
    'stills_web.max_width': 160,
    'stills_web.chroma': '4:2:0',
    'thumbnails.enabled': true,
    'thumbnails.max_width': 64,
  }
  const job = await jobFor(film(), { cuts, overrides })
  const files = await both(job)
  const web = files.find(({ role, scene }) => role === 'still_web' && scene === 2)
  const thumbnail = files.find(({ role, scene }) => role === 'thumbnail' && scene === 2)
  assert.is(
    path.relative(job.folders.project, web?.path ?? ''),
    'Stills/Compressed/Tide-Study_web_02_16x9.jpg',
  )
  assert.is(
    path.relative(job.folders.project, thumbnail?.path ?? ''),
    'Stills/Thumbnails/Tide-Study_thumb_02_16x9.jpg',
  )
  assert.is(web?.sourceFileId, idOf(2))
  const told = await sharp(web?.path).metadata()
  assert.equal(
    [told.width, told.height, told.isProgressive, told.chromaSubsampling],
    [160, 90, true, '4:2:0'],
  )
  assert.ok(told.icc)
  const exif = readExif(told.exif ?? new Uint8Array())
  assert.is(exif.Copyright, '© Yambo Studio')
  assert.is(exif.ImageDescription, 'Artwork: Tide Study')
  const notes = JSON.parse(exif.UserComment ?? '') as Record<string, unknown>
  assert.is(notes.frame, 35)
  assert.is(notes.source, 'stills.mp4')
  assert.match(told.xmpAsString ?? '', '<rdf:li xml:lang="x-default">© Yambo Studio</rdf:li>')
  const small = await sharp(thumbnail?.path).metadata()
  assert.equal([small.width, small.height], [64, 36])
})

test('a web still is never larger than its source, and has its colours', async () => {
  const job = await jobFor(film(), { cuts })
  const files = await both(job)
  for (const scene of [1, 2, 3]) {
    const hq = files.find((file) => file.role === 'still_hq' && file.scene === scene)
    const web = files.find((file) => file.role === 'still_web' && file.scene === scene)
    assert.is((await sharp(web?.path).metadata()).width, 320)
    const [a, b] = [await means(hq?.path), await means(web?.path)]
    for (const [i, mean] of a.entries()) assert.ok(Math.abs(mean - (b[i] ?? 0)) < 1.5, `${a} is near ${b}`)
  }
})

test('with high-quality stills off there are web stills only, of the same frames', async () => {
  const job = await jobFor(film(), { cuts, overrides: { 'stills_hq.enabled': false } })
  const context = witness()
  await stillsHq.run(job, context)
  assert.equal(emitted(context), [])
  await stillsWeb.run(job, context)
  assert.equal(
    emitted(context)
      .toSorted(byScene)
      .map(({ frame, sourceFileId }) => [frame, sourceFileId]),
    [
      [10, 1],
      [35, 1],
      [63, 1],
    ],
  )
  assert.equal(context.warnings, [])
})

test('a black middle gives way to the nearest frame that is not, and the log says so', async () => {
  const job = await jobFor(film(), { cuts })
  job.frames?.brightness.fill(2, 5, 18)
  job.frames?.brightness.fill(1, 50, 76)
  job.frames?.brightness.fill(3, 55, 56)
  const context = witness()
  await stillsHq.run(job, context)
  assert.equal(
    emitted(context)
      .toSorted(byScene)
      .map(({ frame }) => frame),
    [4, 35, 55],
  )
  assert.is(context.warnings.length, 2)
  assert.match(context.warnings.join(), /Scene 1: frame 10 .* frame 4/)
  assert.match(context.warnings.join(), /Scene 3 is dark throughout.* frame 55/)
})

test('a full-size still that was damaged since is named, with what to do', async () => {
  const job = await jobFor(film(), { cuts })
  const [hq] = await run(job)
  const png = hq?.path ?? ''
  writeFileSync(png, readFileSync(png).fill(0, 200, 4000))
  const files = [...job.files, ...(hq ? [asJobFile(hq)] : [])]
  try {
    await run({ ...job, files }, stillsWeb)
    assert.unreachable('it was made of something')
  } catch (error) {
    assert.is((error as OperationError).code, 'not_whole')
    assert.match((error as Error).message, `${path.basename(png)} cannot be read any more`)
  }
})

test('what was emitted before an interruption is not made again', async () => {
  const job = await jobFor(film(), { cuts })
  const first = await run(job)
  job.done = first.filter(({ scene }) => scene !== 2).map(asJobFile)
  assert.equal(
    (await run(job)).map(({ scene }) => scene),
    [2],
  )
})

test('bright colours are right, tagged or not, limited or full range', async () => {
  const patches = ['-f', 'lavfi', '-i', 'color=0xC83264:size=64x64:rate=25:duration=0.2']
  const convert = (matrix: string, range: string) => [
    '-vf',
    `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int`,
  ]
  const lossless = ['-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv444p']
  const tagged = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']
  const large = ['-f', 'lavfi', '-i', 'color=0xC83264:size=1280x720:rate=25:duration=0.2']
  const films = [
    make('601.mkv', [...patches, ...convert('bt601', 'tv'), ...lossless]),
    make('709.mkv', [...patches, ...convert('bt709', 'tv'), ...lossless, ...tagged]),
    make('large.mkv', [...large, ...convert('bt709', 'tv'), ...lossless]),
    make('full.mkv', [
      ...patches,
      ...convert('bt601', 'pc'),
      ...lossless.with(-1, 'yuvj444p'),
      '-color_range',
      'pc',
    ]),
  ]
  for (const source of films) {
    const [file] = await run(await jobFor(source))
    const rgb = await means(file?.path)
    for (const [i, value] of [200, 50, 100].entries())
      assert.ok(Math.abs((rgb[i] ?? 0) - value) <= 2, `${source} ${rgb}`)
  }
})

test('ten bits stay sixteen, transparency stays, and the web copy is on white', async () => {
  const clear = 'color=0x3264C8@0.0:size=64x64:rate=25:duration=0.2,format=rgba'
  const args = ['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le']
  const job = await jobFor(make('alpha.mov', ['-f', 'lavfi', '-i', clear, ...args]))
  const files = await both(job)
  const hq = files.find(({ role }) => role === 'still_hq')
  const told = await sharp(hq?.path).metadata()
  assert.equal([told.depth, told.hasAlpha], ['ushort', true])
  const web = await means(files.find(({ role }) => role === 'still_web')?.path)
  assert.ok(
    web.every((value) => value > 250),
    `${web}`,
  )
})

test('turned pictures stand upright, and pixels are square', async () => {
  const upright = make('upright.mp4', [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=25:duration=0.4',
    '-vf',
    'setsar=4/3',
    '-pix_fmt',
    'yuv420p',
  ])
  const turned = make('turned.mp4', ['-i', film(), '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const sizes = []
  for (const source of [upright, turned]) {
    const [file] = await run(await jobFor(source))
    const { width, height } = await sharp(file?.path).metadata()
    sizes.push([width, height, file?.width, file?.aspect])
  }
  assert.equal(sizes, [
    [213, 90, 213, '235x100'],
    [180, 320, 180, '9x16'],
  ])
})

test('HDR keeps its depth and says so; its web copy is brought down to SDR', async () => {
  const bt2020 = ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084']
  const args = [
    '-c:v',
    'libx265',
    '-x265-params',
    'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc',
    '-pix_fmt',
    'yuv420p10le',
    ...bt2020,
  ]
  const source = make('pq.mkv', [
    '-f',
    'lavfi',
    '-i',
    'color=0x949494:size=320x180:rate=25:duration=0.4',
    ...args,
  ])
  const job = await jobFor(source)
  const files = await both(job)
  const hq = files.find(({ role }) => role === 'still_hq')
  const chunks = readChunks(readFileSync(hq?.path ?? ''))
  assert.equal([...(chunks.find(({ type }) => type === 'cICP')?.data ?? [])], [9, 16, 0, 1])
  const web = files.find(({ role }) => role === 'still_web')
  assert.is(web?.sourceFileId, idOf(1))
  const [grey = 0] = await means(web?.path)
  assert.ok(grey > 130 && grey < 256, `100-nit-white grey is bright in SDR: ${grey}`)
  const poor = { ...job, done: [], tools: { ...job.tools, filters: [] } }
  const context = witness()
  await stillsWeb.run(poor, context)
  assert.match(context.warnings.join(), /cannot tone-map/)
})

test.run()

const byScene = (a: EmittedFile, b: EmittedFile) => (a.scene ?? 0) - (b.scene ?? 0)
const idOf = (scene: number) => 100 + scene

const asJobFile = (file: EmittedFile): JobFile => ({
  id: idOf(file.scene ?? 0),
  role: file.role,
  path: file.path,
  bytes: file.bytes,
  sha256: file.sha256,
  scene: file.scene ?? null,
  frame: file.frame ?? null,
  width: null,
  height: null,
  sourceFileId: null,
  probe: null,
})

async function run(
  job: Job,
  operation: typeof stillsHq | typeof stillsWeb = stillsHq,
): Promise<EmittedFile[]> {
  const context = witness()
  await operation.run(job, context)
  return emitted(context).toSorted(byScene)
}

/** High-quality stills, then the web stills from them. */
async function both(job: Job): Promise<EmittedFile[]> {
  const hq = await run(job)
  job.files.push(...hq.map(asJobFile))
  return [...hq, ...(await run(job, stillsWeb))]
}

/** Mean red, green and blue, 0 to 255. */
async function means(file: string | undefined): Promise<number[]> {
  const { channels } = await sharp(
    await sharp(file).removeAlpha().toColourspace('srgb').png().toBuffer(),
  ).stats()
  return channels.map(({ mean }) => mean)
}
