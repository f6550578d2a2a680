import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lastEventId } from '../../db/events.ts'
import { createApp } from '../../server/app.ts'
import { rulesOf } from '../../server/http/route.ts'
import { addArchive } from '../db/fixture.ts'
import { createServices, type TestServices } from './services.ts'

const app = suite<{ services: TestServices; app: ReturnType<typeof createApp> }>('app')

app.before.each(async (context) => {
  context.services = await createServices()
  context.app = createApp(context.services)
})
app.after.each(({ services }) => services.close())

app('every route says who may use it and what it takes', ({ app }) => {
  const routes = new Map<string, object[]>()
  for (const { method, path, handler } of app.routes) {
    if (path === '/*' && method === 'ALL') continue // what every request passes
    routes.set(`${method} ${path}`, [...(routes.get(`${method} ${path}`) ?? []), handler])
  }
  assert.ok(routes.size > 20, String(routes.size))
  for (const [route, handlers] of routes) {
    const rules = handlers.map((handler) => rulesOf(handler))
    assert.is(rules[0]?.who, 'anyone', `${route} does not begin with may(…)`)
    assert.ok(rules[1]?.takes, `${route} does not say what it takes`)
  }
})

app('nothing is changed by GET', async ({ app, services }) => {
  const { key } = await addArchive(services.db)
  const before = await lastEventId(services.db)
  const paths = app.routes
    .filter(({ method, path }) => method === 'GET' && path !== '/events')
    .map(({ path }) => path)
  for (const path of new Set(paths)) {
    const url = path.replace(':key', key).replace(/:name\{[^}]*\}|:\w+(\{[^}]*\})?/g, '1')
    await app.request(`${url}?path=&for=master&after=0`)
  }
  assert.ok(paths.length > 10)
  assert.is(await lastEventId(services.db), before)
})

app(
  'what nobody expected is told as our fault, without its words, and kept for who runs it',
  async ({ services }) => {
    const fail = () => Promise.reject(new Error('secret of the engine'))
    const app = createApp({ ...services, sessions: { ...services.sessions, pause: fail } })
    const page = await app.request('/sessions/any/pause', { method: 'POST' })
    assert.is(page.status, 500)
    const text = await page.text()
    assert.match(text, /<h1>500: our fault<\/h1>[^]*Try again/)
    assert.not.match(text, /secret/)
    const headers = { 'hx-request': 'true' }
    const part = await app.request('/sessions/any/pause', { method: 'POST', headers })
    assert.is(part.status, 500)
    assert.match(await part.text(), /^<hx-partial hx-target="#notices"/)
    assert.equal(
      services.errors.map((error) => error instanceof Error && error.message),
      ['secret of the engine', 'secret of the engine'],
    )
  },
)

app('pages call every asset by its version, and it is kept for good', async ({ app }) => {
  const text = await (await app.request('/history')).text()
  const addresses = [...text.matchAll(/"(\/static\/[^"#]+)/g)].map(([, address = '']) => address)
  assert.ok(new Set(addresses).size >= 7, addresses.join())
  for (const address of new Set(addresses)) {
    const { headers } = await app.request(address)
    assert.is(headers.get('cache-control'), 'public, max-age=31536000, immutable', address)
  }
})

app('a Host that is not ours is refused', async ({ app }) => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
    assert.is((await app.request('/', { headers: { host } })).status, 403, host)
  }
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080', 'studio.lan']) {
    assert.is((await app.request('/', { headers: { host } })).status, 200, host)
  }
})

app('a change from another origin is refused, whatever it carries', async ({ app }) => {
  const post = (headers: Record<string, string>) =>
    app.request('/sessions/none/pause', { method: 'POST', headers })
  assert.is((await post({ origin: 'http://evil.example' })).status, 403)
  assert.is((await post({ 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.is((await post({ 'sec-fetch-site': 'same-site' })).status, 403)
  assert.is((await post({ origin: 'null' })).status, 403)
  assert.is((await post({ host: 'localhost', origin: 'http://localhost' })).status, 404)
  assert.is((await post({ 'sec-fetch-site': 'same-origin' })).status, 404)
})

app('headers allow nothing inline, nothing from elsewhere, no frames', async ({ app }) => {
  const { headers } = await app.request('/')
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, "default-src 'self'")
  assert.match(policy, "frame-ancestors 'none'")
  assert.not.match(policy, 'unsafe')
  assert.is(headers.get('x-content-type-options'), 'nosniff')
})

app('no page has an inline script, style or handler', async ({ app }) => {
  for (const path of ['/', '/archives/new', '/history', '/nowhere']) {
    const html = await (await app.request(path)).text()
    assert.not.match(html, /<script(?![^>]*\bsrc=)/, path)
    assert.not.match(html, /<style|\sstyle=|\son[a-z]+=/, path)
  }
})

app('a body that is too large is refused', async ({ app }) => {
  const body = new URLSearchParams({ artwork: 'x'.repeat(300_000) })
  assert.is((await app.request('/archives', { method: 'POST', body })).status, 413)
})

app('an unknown page and an error have pages of their own', async ({ app, services }) => {
  const missing = await app.request('/nowhere')
  assert.is(missing.status, 404)
  assert.match(await missing.text(), 'There is no such page.')
  await services.db.destroy()
  const broken = await app.request('/')
  assert.is(broken.status, 500)
  assert.match(await broken.text(), 'Something went wrong on our side')
  assert.is(services.errors.length, 1)
})

app.run()
