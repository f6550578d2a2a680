import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createApp } from '../../../server/app.ts'
import { scenesOf } from '../../../db/scenes.ts'
import { saveScores } from '../../../db/scores.ts'
import type { Session } from '../../../db/schema.ts'
import { setSetting } from '../../../db/settings.ts'
import { measurements } from '../../../workers/detectors/mod.ts'
import { addArchive, addFile, rows } from '../../db/fixture.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  session: Session
  get: (tail: string) => Promise<Response>
  post: (tail: string, form?: Record<string, string>, partial?: boolean) => Promise<Response>
}

const rooms = suite<Context>('the review room’s routes')

/** 1000 frames at 25 a second: scores of 60 at 250 and 500, of 40 at 750, of 4 elsewhere. */
rooms.before.each(async (context) => {
  context.services = await createServices()
  const app = createApp(context.services)
  const { db, roots } = context.services
  const session = await addArchive(db, { status: 'waiting', output_root_id: roots.output.id })
  await rows(db, `update operation set status = 'waiting' where name = 'choose' returning id`)
  await addFile(db, session, { role: 'master', path: 'p/master.mov', probe: JSON.stringify({ video }) })
  await db.transaction().execute((tx) => saveScores(tx, session.id, 0, measured()))
  context.session = session
  context.get = async (tail) => app.request(`/sessions/${session.key}${tail}`)
  context.post = async (tail, form = {}, partial = false) =>
    app.request(`/sessions/${session.key}${tail}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: partial ? { 'hx-request': 'true' } : {},
    })
})
rooms.after.each(({ services }) => services.close())

const video = { timeBase: { num: 1, den: 25 }, frameRate: { num: 25, den: 1 }, codec: 'h264', reordered: 0 }

function measured(): Record<string, Float64Array> {
  const names = measurements.flatMap(({ measures }) => measures)
  const all = Object.fromEntries(names.map((name) => [name, new Float64Array(1000)]))
  const score = Float64Array.from({ length: 1000 }, (_, frame) =>
    frame === 250 || frame === 500 ? 60 : frame === 750 ? 40 : 4,
  )
  return { ...all, hue: score, saturation: score, luma: score, pts: Float64Array.from(score, (_, i) => i) }
}

const starts = async ({ services, session }: Context) =>
  (await scenesOf(services.db, session.id)).map(({ start_frame }) => start_frame)

rooms('the page shows player, timeline, scene and cuts, complete without scripts', async (context) => {
  const page = await (await context.get('/scenes?scene=2')).text()
  for (const words of ['aria-label="Player"', 'data-timeline', 'Scene 2', 'Cut anew', '<noscript>'])
    assert.ok(page.includes(words), words)
  assert.not.match(page, / style=| onclick=|<script>/)
})

rooms('scores come by the pixel, whole or in part', async ({ get }) => {
  const all = (await (await get('/scores?width=100')).json()) as { from: number; to: number; most: number[] }
  assert.equal([all.from, all.to, all.most.length, Math.max(...all.most)], [0, 1000, 100, 60])
  const part = (await (await get('/scores?from=740&to=760&width=100')).json()) as typeof all
  assert.equal([part.from, part.to, part.most.length, part.most[10]], [740, 760, 20, 40])
  assert.is((await get('/scores?detector=nothing')).status, 422)
  const picture = await get('/scores.svg?width=80&height=16')
  assert.is(picture.headers.get('content-type'), 'image/svg+xml')
  assert.match(await picture.text(), /^<svg/)
})

rooms('each detector keeps its line: as it was used last, or as the settings have it', async (context) => {
  const { services, get, post } = context
  await setSetting(services.db, 'detector_thresholds', { adaptive: 4.5 })
  const line = async (name: string) =>
    new RegExp(`value="${name}"[^>]* data-usual="([^"]*)"`).exec(await (await get('/scenes')).text())?.[1]
  const before = [await line('content'), await line('adaptive'), await line('histogram')]
  assert.equal(before, [String(context.session.threshold), '4.5', '0.2'])
  await post('/cuts/find', { detector: 'content', threshold: '45', sure: 'yes' })
  await post('/cuts/find', { detector: 'adaptive', threshold: '6', sure: 'yes' })
  assert.equal([await line('content'), await line('adaptive')], ['45', '6'])
})

rooms('who gave a name is told of beside what was done', async (context) => {
  const { services, session } = context
  const app = createApp(services)
  const answer = await context.post('/name', { name: ' Maya & co. ' })
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/)
  const ask = (path: string, method: string, form: Record<string, string> = {}) =>
    app.request(`/sessions/${session.key}${path}`, {
      method,
      headers: { cookie },
      ...(method === 'POST' && { body: new URLSearchParams(form) }),
    })
  await ask('/cuts', 'POST', { frame: '100' })
  await context.post('/cuts', { frame: '120' })
  await ask('/groups', 'POST', { scene: '1' })
  const edits = await rows(services.db, 'select command, actor from edit order by id')
  assert.equal(edits, [
    { command: 'cut.add', actor: 'Maya & co.' },
    { command: 'cut.add', actor: null },
  ])
  const page = await (await ask('/scenes', 'GET')).text()
  assert.match(page, '<b>Maya &amp; co.</b>')
  assert.match(page, 'value="Maya &amp; co."')
})

rooms('a threshold is tried without writing anything', async (context) => {
  const tried = (await (await context.get('/recut?threshold=50')).json()) as object
  assert.equal(tried, { frames: [0, 250, 500], losses: 2 }, 'its tick, and its place in a group')
  assert.equal(await starts(context), [0, 250, 500, 750])
  assert.is((await context.get('/recut?threshold=999')).status, 422)
})

rooms('the number of scenes falls with the threshold, and the widest gap is suggested', async ({ get }) => {
  const { points, suggestion } = (await (await get('/curve')).json()) as {
    points: [number, number][]
    suggestion: { threshold: number; scenes: number; gap: object }
  }
  const counts = points.map(([, scenes]) => scenes)
  assert.is(counts.at(-1), 1)
  assert.ok(
    counts.every((count, index) => index < 4 || count <= (counts[index - 1] ?? 0)),
    counts.join(),
  )
  assert.equal([suggestion.threshold, suggestion.scenes, suggestion.gap], [50, 3, { from: 40, to: 60 }])
  const detectors = (await (await get('/detectors')).json()) as Record<string, number>
  assert.is(detectors.content, 4)
  assert.is(Object.keys(detectors).length, 8)
})

rooms('what a re-cut would cost is asked before it is done', async (context) => {
  const asked = await context.post('/cuts/find', { threshold: '50' })
  assert.match(await asked.text(), /Scene 4’s place in Group 1/)
  assert.equal(await starts(context), [0, 250, 500, 750])
  const dialog = await (await context.post('/cuts/find', { threshold: '50' }, true)).text()
  assert.match(dialog, /data-asks="recut"/)
  assert.is((await context.post('/cuts/find', { threshold: '50', sure: 'yes' })).status, 303)
  assert.equal(await starts(context), [0, 250, 500])
  await context.post('/undo', { edit: '1' })
  assert.equal(await starts(context), [0, 250, 500, 750])
})

rooms('a re-cut on what others have changed since is refused', async (context) => {
  const page = await (await context.get('/scenes')).text()
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec(page) ?? []
  await context.post('/cuts', { frame: '100' })
  const refused = await context.post('/cuts/find', { threshold: '31', seen, sure: 'yes' })
  assert.is(refused.status, 409)
  assert.equal(await starts(context), [0, 100, 250, 500, 750])
})

rooms('cuts are split, moved and merged by hand', async (context) => {
  await context.post('/cuts', { frame: '100' })
  const [, second] = await scenesOf(context.services.db, context.session.id)
  await context.post(`/cuts/${second?.cut_id}/move`, { from: '100', by: '-2' })
  assert.equal(await starts(context), [0, 98, 250, 500, 750])
  const [, moved] = await scenesOf(context.services.db, context.session.id)
  assert.is(moved?.start_time, 98 / 25)
  await context.post(`/cuts/${second?.cut_id}/merge`)
  assert.equal(await starts(context), [0, 250, 500, 750])
  assert.is((await context.post('/cuts', { frame: '1000' })).status, 422)
  assert.is((await context.post('/cuts', { frame: '250' })).status, 409)
  assert.is((await context.post('/cuts/999/merge')).status, 404)
})

rooms('ticks are told as what changed, or by a rule', async ({ services, session, post }) => {
  const ticked = async () =>
    (await scenesOf(services.db, session.id)).filter(({ ticked }) => ticked).map(({ number }) => number)
  const scenes = await scenesOf(services.db, session.id)
  await post('/scenes', { ticked: String(scenes[3]?.cut_id), unticked: String(scenes[0]?.cut_id) })
  assert.equal(await ticked(), [2, 3, 4])
  await post(`/cuts/${scenes[1]?.cut_id}`, { starred: '1' })
  await post('/scenes', { tick: 'starred' })
  assert.equal(await ticked(), [2])
  await post('/scenes', { tick: 'shorter', seconds: '10' })
  assert.equal(await ticked(), [])
  await post('/scenes', { tick: 'longer', seconds: '10' })
  assert.equal(await ticked(), [1, 2, 3, 4])
})

rooms('a note is kept, and what another wrote meanwhile is not overwritten', async (context) => {
  const [scene] = await scenesOf(context.services.db, context.session.id)
  const place = `/cuts/${scene?.cut_id}`
  assert.is((await context.post(place, { note: '<i>mine</i>', was: '' })).status, 303)
  const page = await (await context.get('/scenes')).text()
  assert.match(page, /&lt;i&gt;mine&lt;\/i&gt;/)
  const refused = await context.post(place, { note: 'other', was: '' })
  assert.is(refused.status, 409)
  assert.match(await refused.text(), /&lt;i&gt;mine/)
})

rooms(
  'before all is measured the scores are refused in words, and the page still answers',
  async (context) => {
    const { db } = context.services
    await db.deleteFrom('score').execute()
    assert.is((await context.get('/scores')).status, 409)
    const film = (await (await context.get('/film')).json()) as object
    assert.equal({ ...film, sheets: 0 }, { rate: 25, even: true, frames: 1000, end: 39.96, sheets: 0 })
    await db.updateTable('file').set({ frames: null }).where('role', '=', 'source').execute()
    assert.is((await context.get('/film')).status, 409, 'nobody knows its frames yet')
    assert.is((await context.get('/scenes')).status, 200)
  },
)

rooms.run()
