import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scenesOf } from '../../../db/scenes.ts'
import { saveScores } from '../../../db/scores.ts'
import { createPictures } from '../../../server/disk/pictures.ts'
import { tileOf } from '../../../server/disk/tiles.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { make, tools, witness } from '../../media.ts'
import { createFilesRig, type FilesRig } from '../routes/rig.ts'

const facts = { interval: 0.5, columns: 10, width: 320, height: 180, count: 100, firstTime: 0 }
const second = { ...facts, count: 20, firstTime: 50 }
const place = (column: number, row: number) => ({
  left: 320 * column,
  top: 180 * row,
  width: 320,
  height: 180,
})

const pictures = suite<{ rig: FilesRig }>('pictures')

pictures.before.each(async (context) => void (context.rig = await createFilesRig()))
pictures.after.each(({ rig }) => rig.close())

pictures('the thumbnail nearest a scene’s middle is taken, on whichever sheet it is', () => {
  const sheets = [{ facts }, { facts: second }]
  const at = (start_time: number, end_time: number) => tileOf(sheets, { start_time, end_time })
  assert.equal(at(0, 4), { sheet: sheets[0], tile: place(4, 0) })
  assert.equal(at(10, 12.2), { sheet: sheets[0], tile: place(2, 2) })
  assert.equal(at(49.9, 50.4), { sheet: sheets[1], tile: place(0, 0) })
  assert.equal(at(0, 0.2), { sheet: sheets[0], tile: place(0, 0) })
})

pictures('a scene between two thumbnails, at their very edge, or behind them has none', () => {
  const at = (start_time: number, end_time: number) => tileOf([{ facts: second }], { start_time, end_time })
  for (const [from, to] of [
    [50.1, 50.4],
    [50.5, 50.6],
    [50.3, 50.5],
    [70, 80],
    [0, 40],
  ] as const)
    assert.is(at(from, to), null, `${from}-${to}`)
  assert.is(tileOf([{ facts: { ...facts, count: 0 } }], { start_time: 0, end_time: 9 }), null)
})

/** Red, then green, then blue, a second each, as the master of the session. */
async function addMaster({ db, roots, session, add }: FilesRig) {
  const parts = ['red', 'lime', 'blue'].map((colour) => `color=${colour}:size=640x360:rate=25:duration=1`)
  const graph = `${parts.map((part, i) => `${part}[c${i}]`).join(';')};[c0][c1][c2]concat=n=3,format=yuv420p`
  const film = make('colours.mp4', ['-filter_complex', graph, '-c:v', 'libx264'])
  await add('master.mp4', 'replaced', { role: 'master' })
  copyFileSync(film, path.join(roots.output.path, session.output_path ?? '', 'master.mp4'))
  const { signal, children } = witness()
  const probe = JSON.stringify(await probeFile(film, await tools(), { signal, children }))
  await db.updateTable('file').set({ probe, duration: 3 }).where('role', '=', 'master').execute()
  const source = { role: 'source' as const, probe, duration: 3, frames: 75, frame_rate: '25/1' }
  await add('source.mp4', '', source)
  for (const frame of [0, 25, 50]) {
    const cut = {
      session_id: session.id,
      frame,
      time: frame / 25,
      origin: frame ? 'detector' : 'start',
    } as const
    await db.insertInto('cut').values(cut).execute()
  }
  assert.is((await scenesOf(db, session.id)).length, 3)
}

async function colourOf(picture: ArrayBuffer | Uint8Array | null) {
  if (picture === null) return null
  const image = sharp(picture instanceof Uint8Array ? picture : new Uint8Array(picture))
  const { width, format } = await image.metadata()
  const { dominant } = await image.stats()
  const [name] = Object.entries(dominant).toSorted(([, a], [, b]) => b - a)[0] ?? []
  return `${width} ${format} ${name}`
}

pictures('without sheets a picture is taken from the film, and kept', async ({ rig }) => {
  await addMaster(rig)
  const picture = async (number: number) =>
    colourOf(await (await rig.ask(`/sessions/${rig.session.key}/scenes/${number}.jpg`)).arrayBuffer())
  assert.equal(await Promise.all([1, 2, 3].map(picture)), ['320 jpeg r', '320 jpeg g', '320 jpeg b'])
  const project = path.join(rig.roots.output.path, rig.session.output_path ?? '')
  rmSync(path.join(project, 'master.mp4'))
  assert.is(await picture(2), '320 jpeg g')
  assert.equal(rig.errors, [])
})

async function addCut({ db, session }: FilesRig, frame: number, time: number) {
  await db.insertInto('cut').values({ session_id: session.id, frame, time, origin: 'hand' }).execute()
}

pictures('a scene of one frame shows that frame, also at the end', async ({ rig }) => {
  await addMaster(rig)
  await addCut(rig, 24, 24 / 25)
  await addCut(rig, 74, 74 / 25)
  const picture = async (number: number) =>
    colourOf(await (await rig.ask(`/sessions/${rig.session.key}/scenes/${number}.jpg`)).arrayBuffer())
  assert.equal(await Promise.all([2, 3, 5].map(picture)), ['320 jpeg r', '320 jpeg g', '320 jpeg b'])
  assert.equal(rig.errors, [])
})

pictures('frames that are not evenly spaced are found by their own times', async ({ rig }) => {
  await addMaster(rig)
  const { db, session, roots } = rig
  const place = path.join(roots.output.path, session.output_path ?? '', 'master.mp4')
  const stretched = make('stretched.mkv', [
    ...['-i', place, '-vf', "select='lt(n,52)',setpts='if(lt(N,50),N/10,5+(N-50)/2)/TB'"],
    ...['-vsync', '0', '-c:v', 'libx264'],
  ])
  copyFileSync(stretched, place)
  const pts = Float64Array.from({ length: 52 }, (_, frame) => (frame < 51 ? frame * 100 : 5500))
  await db
    .updateTable('file')
    .set({ frames: 52, duration: 9, time_base: '1/1000' })
    .where('role', '=', 'source')
    .execute()
  await db.transaction().execute((tx) => saveScores(tx, session.id, 0, { pts }))
  await db.updateTable('cut').set({ time: 2.5 }).where('frame', '=', 25).execute()
  await db.updateTable('cut').set({ time: 5 }).where('frame', '=', 50).execute()
  const picture = async (number: number) =>
    colourOf(await (await rig.ask(`/sessions/${session.key}/scenes/${number}.jpg`)).arrayBuffer())
  assert.equal(await Promise.all([1, 2, 3].map(picture)), ['320 jpeg r', '320 jpeg g', '320 jpeg b'])
  assert.equal(rig.errors, [])
})

pictures('with a sheet no film is needed', async ({ rig }) => {
  await addMaster(rig)
  const tiles = ['#f00', '#0f0', '#00f'].map((background, index) => ({
    input: { create: { width: 320, height: 180, channels: 3 as const, background } },
    left: 320 * index,
    top: 0,
  }))
  const sheet = await sharp({ create: { width: 3200, height: 1800, channels: 3, background: '#000' } })
    .composite(tiles)
    .jpeg()
    .toBuffer()
  const metadata = JSON.stringify({ ...facts, interval: 1, count: 3, rows: 10, firstTime: 0.5 })
  await rig.add('.cutroom/sheet_001.jpg', new Uint8Array(sheet), { role: 'sheet', metadata })
  rmSync(path.join(rig.roots.output.path, rig.session.output_path ?? '', 'master.mp4'))
  const answer = await rig.ask(`/sessions/${rig.session.key}/scenes/3.jpg`)
  assert.is(await colourOf(await answer.arrayBuffer()), '320 jpeg b')
})

pictures('who asks at the same time is given the same work', async ({ rig }) => {
  await addMaster(rig)
  const cache = path.join(rig.roots.media.path, 'cache')
  const own = await createPictures({ db: rig.db, tools: await tools(), cache, onError: () => undefined })
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => own.ofScene(rig.session, 1)))
  assert.ok(first)
  for (const other of others) assert.is(other, first)
  assert.equal(readdirSync(path.join(cache, rig.session.key)), ['0-25.jpg'])
  own.close()
  writeFileSync(path.join(cache, 'old'), '')
  await createPictures({ db: rig.db, tools: await tools(), cache, onError: () => undefined })
  assert.not(existsSync(cache))
})

pictures('a film that is gone gives no picture, and the reason is told', async ({ rig }) => {
  await addMaster(rig)
  rmSync(path.join(rig.roots.output.path, rig.session.output_path ?? '', 'master.mp4'))
  assert.is((await rig.ask(`/sessions/${rig.session.key}/scenes/1.jpg`)).status, 404)
  assert.is(rig.errors.length, 1)
  assert.is((await rig.ask(`/sessions/${rig.session.key}/scenes/9.jpg`)).status, 404)
  assert.is((await rig.ask('/sessions/nothing/scenes/1.jpg')).status, 404)
})

pictures('a picture is known by its frame, and kept for good under its number', async ({ rig }) => {
  await addMaster(rig)
  const url = `/sessions/${rig.session.key}/scenes/2.jpg`
  const { headers } = await rig.ask(url)
  assert.is(headers.get('etag'), `"${rig.session.key}-37"`)
  assert.is(headers.get('cache-control'), 'private, no-cache')
  assert.is((await rig.ask(url, { 'if-none-match': headers.get('etag') ?? '' })).status, 304)
  const cached = async (v: number) => (await rig.ask(`${url}?v=${v}`)).headers.get('cache-control')
  assert.equal(
    [await cached(37), await cached(36)],
    ['private, max-age=31536000, immutable', 'private, no-cache'],
  )
})

pictures('the picture of a frame shows that one, also beside a cut', async ({ rig }) => {
  await addMaster(rig)
  const cache = path.join(rig.roots.media.path, 'cache')
  const onError = (error: unknown) => void rig.errors.push(error)
  const { ofFrame, close } = await createPictures({ db: rig.db, tools: await tools(), cache, onError })
  const colourAt = async (frame: number) => colourOf(await ofFrame(rig.session, frame, (frame - 0.5) / 25))
  assert.not.equal(await colourAt(24), await colourAt(25))
  assert.equal(await colourAt(24), await colourAt(1))
  assert.equal(await colourAt(25), await colourAt(49))
  assert.equal(rig.errors, [])
  close()
})

pictures.run()
