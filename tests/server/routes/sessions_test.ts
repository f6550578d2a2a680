import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createApp } from '../../../server/app.ts'
import type { Session } from '../../../db/schema.ts'
import { saveLineage } from '../../../db/lineage.ts'
import { scenesOf } from '../../../db/scenes.ts'
import { updateSession } from '../../../db/sessions.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'
import { addArchive, addFile, addSession, rows } from '../../db/fixture.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  session: Session
  ask: (path: string, form?: Record<string, string | string[]>, init?: RequestInit) => Promise<Response>
}

const pages = suite<Context>('pages of sessions')

pages.before.each(async (context) => {
  context.services = await createServices()
  const app = createApp(context.services)
  const { db, roots } = context.services
  context.session = await addArchive(db, {
    status: 'waiting',
    output_root_id: roots.output.id,
    artwork: '<b>R&D</b> "café"',
  })
  await rows(db, `update operation set status = 'waiting' where name = 'choose' returning id`)
  context.ask = async (path, form, init = {}) => {
    const pairs = Object.entries(form ?? {}).flatMap(([key, given]) =>
      [given].flat().map((value): [string, string] => [key, value]),
    )
    const sent = form && { method: 'POST', body: new URLSearchParams(pairs) }
    return app.request(path, { ...sent, ...init })
  }
})
pages.after.each(({ services }) => services.close())

const htmx = { headers: { 'hx-request': 'true' } }

pages('every page of a session answers, and writes names as text', async ({ ask, session }) => {
  for (const tail of ['', '/outputs', '/log', '/cancel', '/delete']) {
    const answer = await ask(`/sessions/${session.key}${tail}`)
    assert.is(answer.status, 200, tail)
    const text = await answer.text()
    assert.not.match(text, /<b>R&D/)
    assert.match(text, /&lt;b&gt;R&amp;D&lt;\/b&gt;/, tail)
    assert.not.match(text, / style=| onclick=|<script>/, tail)
  }
})

pages('web stills are said to be made from full-size ones only where those are made', async (context) => {
  const { ask, services, session } = context
  const add = (name: string, sequence: number) =>
    services.db.insertInto('operation').values({ session_id: session.id, sequence, name }).execute()
  await add('stills_web', 9)
  const plan = async () =>
    /<span>Stills for the web<\/span><span class="did">(.*?)</.exec(
      await (await ask(`/sessions/${session.key}`)).text(),
    )?.[1]
  assert.is(await plan(), 'one from every scene')
  await add('stills_hq', 8)
  assert.is(await plan(), 'made from the full-size stills')
})

pages('outputs come in pages of 120 of a kind; what is new is told to the first', async (context) => {
  const { ask, services, session } = context
  for (let scene = 3; scene <= 298; scene++)
    await addFile(services.db, session, { role: 'clip', path: `p/Video-clips/Dune_clip_${scene}.mp4`, scene })
  const clips = async (query: string) => {
    const text = await (await ask(`/sessions/${session.key}/outputs${query}`)).text()
    return { shown: text.match(/aria-label="Dune_(clip|group)_\d+\.mp4"/g)?.length ?? 0, text }
  }
  const [first, last] = [await clips(''), await clips('?page=3')]
  assert.equal([first.shown, (await clips('?page=2')).shown, last.shown], [120, 120, 59])
  assert.match(first.text, /Page 1 of 3/)
  assert.match(first.text, /299 files/)
  assert.match(first.text, new RegExp(`id="gallery-${session.key}"`))
  assert.not.match(last.text, new RegExp(`id="gallery-${session.key}"`))
  assert.is((await ask(`/sessions/${session.key}/outputs?page=0`)).status, 422)
  assert.is((await ask(`/sessions/${session.key}/outputs?page=99`)).status, 200)
})

pages('torn and missing outputs are told wherever one looks, with what mends them', async (context) => {
  const { ask, services, session } = context
  const { id, key } = session
  const preset_settings = JSON.stringify(builtinPresets[0]?.settings)
  await updateSession(services.db, id, { status: 'completed', preset_settings })
  const text = async (tail: string) => (await ask(`/sessions/${key}${tail}`)).text()
  assert.not.match(await text(''), 'Repair')
  assert.match(await text('/stale'), 'Nothing: every output')
  await rows(services.db, `update file set torn_at = created_at where path like '%clip_01.mp4' returning id`)
  await rows(
    services.db,
    `update file set missing_at = created_at where path like '%clip_02.mp4' returning id`,
  )
  for (const tail of ['', '/stale']) {
    assert.match(await text(tail), 'Repair 2 outputs', tail)
    assert.match(await text(tail), `action="/sessions/${key}/resume"`, tail)
  }
  assert.match(await text('/stale'), '1 output is torn, 1 is missing')
  assert.not.match(await text('/stale'), 'Nothing: every')
  assert.is((await ask(`/sessions/${key}/resume`, {})).status, 303)
  assert.equal(await rows(services.db, 'select status from session'), [{ status: 'processing' }])
})

pages('where the choice that was given was refused, its scenes can be changed', async (context) => {
  const { ask, services, session } = context
  const { key } = session
  await updateSession(services.db, session.id, { status: 'completed', choice: '{"scenes":"99","groups":[]}' })
  await rows(services.db, `update operation set status = 'completed' returning id`)
  await rows(
    services.db,
    `update operation set status = 'failed', error_code = 'bad_choice', error_message = 'There is no scene 99.'
     where name = 'choose' returning id`,
  )
  const again = `/sessions/${key}/operations/choose/retry`
  const text = await (await ask(`/sessions/${key}`)).text()
  assert.match(text, new RegExp(`action="${again}"><button[^>]*>Change scenes`))
  assert.is((await ask(again, {})).status, 303)
  const [row] = await rows(services.db, 'select status, choice from session')
  assert.equal(row, { status: 'processing', choice: null })
})

pages('the start page shows who waits, the history what ended', async ({ ask, services, session }) => {
  assert.match(await (await ask('/')).text(), new RegExp(`id="card-${session.key}"`))
  await rows(services.db, `update session set status = 'completed' returning id`)
  const home = await (await ask('/')).text()
  assert.not.match(home, new RegExp(`id="card-${session.key}"`))
  assert.match(home, new RegExp(`/sessions/${session.key}/outputs`))
  assert.match(await (await ask('/history?q=caf&sort=artwork&order=asc')).text(), /1 to 1 of 1/)
  assert.match(await (await ask('/history?q=zebra')).text(), /No session called/)
  assert.match(await (await ask('/history?q=%25')).text(), /No session called/)
  assert.is((await ask('/history?sort=;drop&page=-3&order=x')).status, 200)
})

pages('an ended session tells how long was worked, not how long it waited', async (context) => {
  const { ask, services, session } = context
  await rows(services.db, `update operation set seconds = 15 where name in ('detect', 'clips') returning id`)
  const times = `started_at = '2026-11-20 08:00:00', completed_at = '2026-11-20 20:00:00'`
  await rows(services.db, `update session set status = 'completed', ${times} returning id`)
  const head = new RegExp(`id="head-${session.key}".*?</div>`).exec(
    await (await ask(`/sessions/${session.key}`)).text(),
  )
  assert.match(head?.[0] ?? '', ', 30 s of work')
})

pages('one that was cancelled at once offers nothing that it does not have', async ({ services }) => {
  const { db, roots } = services
  const cancelled = await addSession(db, {
    output_root_id: roots.output.id,
    output_path: null,
    status: 'cancelled',
  })
  const { key } = cancelled
  await addFile(db, cancelled, { role: 'source', path: 'tide.mp4' })
  const app = createApp(services)
  const text = async (tail: string) => (await app.request(`/sessions/${key}${tail}`)).text()
  const room = await text('/scenes')
  assert.match(room, /data-proxy="" hidden/)
  assert.not.match(room.replace(/<noscript>[^]*?<\/noscript>/g, ''), /scores\.svg/)
  assert.match(await text(''), '<dd>none was made</dd>')
  assert.not.match(await text('/delete'), /files it made/)
})

pages('an R&D file tells which file it was made from', async ({ ask, services, session }) => {
  const { db } = services
  const [file] = await rows<{ id: number; key: string }>(
    db,
    `update file set metadata = '{"source":"sketches/sea.png"}' where role = 'rd_hq' returning id, key`,
  )
  const lineage = { presetKey: 'ultra_light', presetVersion: 1, wanted: {}, ranges: null, commands: [] }
  await db.transaction().execute((tx) => saveLineage(tx, session.id, file?.id ?? 0, lineage))
  const text = await (await ask(`/files/${file?.key}/lineage`, undefined, htmx)).text()
  assert.match(text, '<dt>R&amp;D file</dt><dd>sketches/sea.png</dd>')
  assert.not.match(text, /café\.mov/)
  assert.match(text, 'ultra_light <span class="soft">version 1</span>')
})

pages('what is not there has a page that says so', async ({ ask }) => {
  for (const path of ['/nothing', '/sessions/nope', '/sessions/nope/outputs']) {
    const answer = await ask(path)
    assert.is(answer.status, 404)
    assert.match(await answer.text(), /<h1>404: nothing here<\/h1>/)
  }
})

pages(
  'ticks go to the database; without JavaScript one is sent back to the page',
  async ({ ask, services, session }) => {
    const place = `/sessions/${session.key}/scenes`
    const answer = await ask(place, { scene: ['1', '4'] })
    assert.is(answer.status, 303)
    assert.is(answer.headers.get('location'), `/sessions/${session.key}#scenes-${session.key}`)
    const ticked = async () =>
      (await scenesOf(services.db, session.id)).filter(({ ticked }) => ticked).map(({ number }) => number)
    assert.equal(await ticked(), [1, 4])
    await ask(place, { scene: ['1'], tick: 'invert' })
    assert.equal(await ticked(), [2, 3], 'what is stored is inverted')
    await ask(place, { scene: '3' }, { method: 'PATCH', ...htmx })
    assert.equal(await ticked(), [3])
    await ask(place, {})
    assert.equal(await ticked(), [])
    assert.is((await ask(place, { scene: '99' })).status, 404)
    assert.is((await ask(place, { scene: 'x' })).status, 422)
  },
)

pages(
  'htmx is answered with the fragments that changed, and with the problem in words',
  async ({ ask, session }) => {
    const base = `/sessions/${session.key}`
    const group = await (await ask(`${base}/groups`, { scene: ['1', '2'] }, htmx)).text()
    assert.match(group, new RegExp(`hx-target="#tally-${session.key}"`))
    assert.match(group, new RegExp(`hx-target="#groups-${session.key}"`))
    const refused = await ask(`${base}/groups`, { scene: '1' }, htmx)
    assert.is(refused.status, 422)
    assert.match(await refused.text(), /^<hx-partial hx-target="#notices"[^]*Tick two or more scenes/)
  },
)

pages('a choice is confirmed once; then it stands', async ({ ask, services, session }) => {
  const base = `/sessions/${session.key}`
  assert.is((await ask(`${base}/choice`, { ticks: 'given', scene: '2' })).status, 303)
  const [choose] = await rows(services.db, `select status, settings from operation where name = 'choose'`)
  assert.equal(choose, { status: 'completed', settings: '{"scenes":1,"groups":[[3,4]]}' })
  assert.is((await ask(`${base}/choice`, {})).status, 409)
  assert.is((await ask(`${base}/scenes`, { scene: '1' })).status, 409)
  const [group] = await rows<{ key: string }>(services.db, 'select key from scene_group')
  assert.is((await ask(`${base}/groups/${group?.key}`, { name: 'x' })).status, 409)
})

pages('commands are written down; deleting leads home', async ({ ask, services, session }) => {
  const base = `/sessions/${session.key}`
  const wanted = async () => (await rows(services.db, 'select wanted from session'))[0]
  assert.is((await ask(`${base}/pause`, {})).status, 303)
  assert.equal(await wanted(), { wanted: 'pause' })
  assert.match(await (await ask(`${base}/resume`, {}, htmx)).text(), new RegExp(`#head-${session.key}`))
  assert.equal(await wanted(), { wanted: 'run' })
  assert.is((await ask(`${base}/operations/probe/retry`, {})).status, 422, 'it has not failed')
  assert.is((await ask(`${base}/delete`, {})).headers.get('location'), '/')
  assert.is((await ask(base)).status, 404)
})

pages.run()
