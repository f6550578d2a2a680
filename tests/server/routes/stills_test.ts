/** A scene offers three frames for its still; one is picked, stepped from, and given back, each with an edit that undoes it. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Session } from '../../../db/schema.ts'
import { saveScores } from '../../../db/scores.ts'
import { createApp } from '../../../server/app.ts'
import { addArchive, rows } from '../../db/fixture.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  session: Session
  cut: number
  ask: (path: string, form?: Record<string, string>, headers?: Record<string, string>) => Promise<Response>
}

const test = suite<Context>('picking stills')

test.before.each(async (context) => {
  context.services = await createServices()
  const { db, roots } = context.services
  const app = createApp(context.services)
  context.session = await addArchive(db, { output_root_id: roots.output.id, artwork: '<b>R&D</b>' })
  const pace = { timeBase: { num: 1, den: 25 }, frameRate: { num: 25, den: 1 } }
  const probe = JSON.stringify({ video: { ...pace, codec: 'h264', reordered: 0 } })
  await rows(db, `update file set probe = '${probe}' where role = 'source' returning id`)
  const { id } = context.session
  // The second scene is frames 250 to 499: black, then blurred, then sharp. The third has a dark middle, the first is dark.
  const measure = (of: (frame: number) => number) => Float64Array.from({ length: 1000 }, (_, n) => of(n))
  await db.transaction().execute((tx) =>
    saveScores(tx, id, 0, {
      pts: measure((n) => n),
      brightness: measure((n) => (n === 3 ? 5 : n < 330 || Math.abs(n - 625) < 16 ? 2 : 100)),
      luma: measure(() => 1),
      sharpness: measure((n) => (n < 410 ? 10 : 500)),
    }),
  )
  const [row] = await rows<{ id: number }>(db, `select id from cut where session_id = ${id} and frame = 250`)
  context.cut = row?.id ?? 0
  context.ask = async (path, form, headers = {}) => {
    const sent = form && { method: 'POST', body: new URLSearchParams(form) }
    return app.request(`/sessions/${context.session.key}${path}`, { ...sent, headers })
  }
})
test.after.each(({ services }) => services.close())

const offered = (text: string) => [...text.matchAll(/frames\/(\d+)\.jpg/g)].map(([, frame]) => Number(frame))

test('three frames are offered, sharp ones first, beside the one in the middle', async ({ ask, cut }) => {
  const page = await ask(`/stills?cut=${cut}`)
  assert.is(page.status, 200)
  const text = await page.text()
  const frames = offered(text)
  assert.is(frames.length, 4)
  assert.ok(
    frames.slice(0, 2).every((frame) => frame >= 410),
    frames.join(),
  )
  assert.is(frames[3], 375, 'what is taken as things are')
  assert.match(text, /in the middle/)
  assert.not.match(text, /<b>R&D| style=| onclick=/)
  const part = await ask(`/stills?cut=${cut}`, undefined, { 'hx-request': 'true' })
  assert.match(await part.text(), /^<section/)
  assert.is((await ask('/stills?cut=99999')).status, 404)
})

test('why it is the frame that it is, is told truly', async ({ ask, services }) => {
  const told = async (frame: number) => {
    const [cut] = await rows<{ id: number }>(services.db, `select id from cut where frame = ${frame}`)
    return /Still: (frame \d+), [\d:]+ (\(.*?\))/
      .exec(await (await ask(`/stills?cut=${cut?.id}`)).text())
      ?.slice(1)
  }
  assert.equal(await told(250), ['frame 375', '(in the middle)'])
  assert.equal(await told(500), ['frame 609', '(the nearest to the middle that is not dark)'])
  assert.equal(await told(0), ['frame 3', '(its middle is dark)'])
})

test('of a film with uneven frames the clock is told, and its middle is the one in time', async (context) => {
  const { ask, cut, services, session } = context
  // From 10 s to 20 s: two hundred frames in its first half, fifty in the second.
  const ms = (n: number) =>
    n < 250 || n >= 500 ? n * 40 : n < 450 ? 10_000 + (n - 250) * 25 : n * 100 - 30_000
  const pts = Float64Array.from({ length: 1000 }, (_, n) => ms(n))
  const brightness = pts.map(() => 100)
  await rows(
    services.db,
    `update file set probe = json_set(probe, '$.video.variable', 1, '$.video.timeBase.den', 1000) where role = 'source'`,
  )
  await rows(services.db, 'delete from score returning file_id')
  await services.db.transaction().execute((tx) => saveScores(tx, session.id, 0, { pts, brightness }))
  const text = await (await ask(`/stills?cut=${cut}`)).text()
  assert.match(text, 'Still: frame 450, 00:00:15.000 (in the middle)')
  await ask(`/cuts/${cut}/still`, { frame: '375' })
  assert.match(await (await ask(`/stills?cut=${cut}`)).text(), 'Still: frame 375, 00:00:13.125 (picked)')
})

test('a frame is picked, stepped from, kept inside the scene, and given back', async (context) => {
  const { ask, cut, services } = context
  const picked = async () => {
    const [row] = await rows<{ still_frame: number | null }>(
      services.db,
      `select still_frame from scene where cut_id = ${cut}`,
    )
    return row?.still_frame
  }
  const pick = async (form: Record<string, string>) => {
    assert.is((await ask(`/cuts/${cut}/still`, form)).status, 303)
    return picked()
  }
  assert.is(await pick({ frame: '420' }), 420)
  assert.is(await pick({ frame: '420', by: '-1' }), 419)
  assert.is(await pick({ frame: '9000' }), 499)
  assert.is(await pick({ frame: '250', by: '-5' }), 250)
  assert.is(await pick({ frame: '' }), null)
  assert.is((await ask(`/cuts/${cut}/still`, { frame: 'x' })).status, 422)
  const edits = await rows<{ before: string; after: string }>(
    services.db,
    `select before, after from edit where command = 'scene.still' order by id`,
  )
  assert.is(edits.length, 5)
  assert.equal(JSON.parse(edits[0]?.before ?? ''), { cuts: { [cut]: { still_frame: null } } })
  assert.equal(JSON.parse(edits[0]?.after ?? ''), { cuts: { [cut]: { still_frame: 420 } } })
})

test('a pick is told of to everyone who looks, and one that changes nothing is not', async (context) => {
  const { ask, cut, services, session } = context
  const told = () =>
    rows(services.db, `select id from event where topic = 'scene' and subject = '${session.key}'`)
  const before = await told()
  await ask(`/cuts/${cut}/still`, { frame: '' })
  assert.equal(await told(), before)
  await ask(`/cuts/${cut}/still`, { frame: '300' })
  assert.not.equal(await told(), before)
})

test('before all frames are measured there is nothing to choose from', async ({ ask, cut, services }) => {
  await rows(services.db, `delete from score returning file_id`)
  assert.is((await ask(`/stills?cut=${cut}`)).status >= 400, true)
})

test.run()
