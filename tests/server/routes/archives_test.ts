import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createApp } from '../../../server/app.ts'
import { dateText } from '../../../workers/media/naming.ts'
import { rows } from '../../db/fixture.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  send: (form: Record<string, string>) => Promise<Response>
  get: (path: string) => Promise<Response>
}

const archives = suite<Context>('new archives')
const name = 'R&D – café "final" 100%.mp4'

archives.before.each(async (context) => {
  const services = await createServices()
  const media = services.roots.media.path
  mkdirSync(path.join(media, 'reference'), { recursive: true })
  mkdirSync(services.roots.output.path, { recursive: true })
  copyFileSync(services.sample, path.join(media, name))
  const app = createApp(services)
  context.services = services
  context.send = async (form) => app.request('/archives', { method: 'POST', body: new URLSearchParams(form) })
  context.get = async (place) => app.request(place)
})
archives.after.each(({ services }) => services.close())

const good = { master: name, artwork: 'Dune', date: '26-11-20', preset: 'ultra_light' }

archives('an order becomes a session that waits for a person', async ({ send, services }) => {
  const answer = await send({
    ...good,
    rd: 'reference',
    crf: '21',
    maxWidth: '800',
    more: 'audio.bitrate = 192\n\n',
    threshold: '27,5',
  })
  assert.is(answer.status, 303)
  const [session] = await rows<{ key: string; preset_settings: string }>(services.db, 'select * from session')
  assert.is(answer.headers.get('location'), `/sessions/${session?.key}`)
  const { artwork, threshold, choice, overrides } = session as unknown as Record<string, unknown>
  assert.equal([artwork, threshold, choice], ['Dune', 27.5, null])
  assert.equal(JSON.parse(String(overrides)), {
    'video.crf': '21',
    'stills_web.max_width': '800',
    'audio.bitrate': '192',
  })
})

const refusals: [what: string, change: Record<string, string>, field: string, words: RegExp][] = [
  ['no name', { artwork: ' ' }, 'artwork', /Give the artwork a name/],
  ['a month 13', { date: '26-13-20' }, 'date', /YY-MM-DD/],
  ['a word for a number', { threshold: 'much' }, 'threshold', /“much” is not a number/],
  ['half a frame', { minSceneLength: '1.5' }, 'minSceneLength', /whole number/],
  ['a CRF of 99', { crf: '99' }, 'crf', /video\.crf/],
  ['a line without =', { more: 'video.size' }, 'more', /key=value/],
  ['an unknown setting', { more: 'video.colour=red' }, 'more', /There is no setting/],
]

for (const [what, change, field, words] of refusals) {
  archives(`${what} is refused at its field, and all that was typed is kept`, async ({ send, services }) => {
    const answer = await send({ ...good, aspect: '1x1', ...change })
    assert.is(answer.status, 422)
    const page = await answer.text()
    const control = new RegExp(`<(input|textarea)[^>]*id="field-${field}"[^>]*>`).exec(page)?.[0] ?? ''
    assert.match(control, /aria-invalid="true"/)
    assert.match(page, words)
    assert.match(page, /value="1x1"/)
    assert.match(page, /value="R&amp;D – café &quot;final&quot; 100%.mp4" checked=""/)
    assert.equal(await rows(services.db, 'select id from session'), [])
  })
}

archives('a master outside the media folder, or none, is refused', async ({ send }) => {
  for (const master of ['', '../cutroom.db', '/etc/passwd', 'gone.mp4']) {
    const answer = await send({ ...good, master })
    assert.is(answer.status, 422, master)
    assert.match(await answer.text(), /Not started/)
  }
})

archives('what the address says is filled in, and a bad folder shows the top one', async ({ get }) => {
  const page = await (
    await get(`/archives/new?artwork=Tears&open=gone&master=${encodeURIComponent(name)}`)
  ).text()
  assert.match(page, /id="field-artwork" value="Tears"/)
  assert.match(page, /Space needed/)
  assert.match(page, /reference\//)
})

archives('the date that is used if none is given is shown as one is written', async ({ get }) => {
  const page = await (await get('/archives/new')).text()
  assert.match(page, new RegExp(`id="field-date"[^>]*placeholder="${dateText(new Date())}"`))
})

archives('a refusal is told in whole sentences', async ({ send }) => {
  const page = await (await send({ ...good, threshold: '999' })).text()
  assert.match(page, '<b>Not started.</b> The threshold of content is 1 to 255. <a href="#field-threshold">')
})

archives('the sample is one request away', async ({ services }) => {
  const answer = await createApp(services).request('/archives/sample', { method: 'POST' })
  assert.is(answer.status, 303)
  const [session] = await rows(services.db, 'select artwork, choice from session')
  assert.equal(session, { artwork: 'Sintel', choice: '{"scenes":"all","groups":[]}' })
})

archives.run()
