/**
 * Requests that no page of ours would send: to every route, with everything wrong. None is our fault, none gets out.
 */

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createApp } from '../../server/app.ts'
import { addArchive } from '../db/fixture.ts'
import { createServices, type TestServices } from './services.ts'

interface Setting {
  services: TestServices
  app: ReturnType<typeof createApp>
  /** Of a session that is there, so that what comes after it in an address is reached. */
  key: string
}

const test = suite<Setting>('hostile requests')

/** What Node warns of, such as a leak. */
const warnings: string[] = []
process.on('warning', ({ message }) => void warnings.push(message))

/** What lies beside the roots, and what the machine has of its own. */
const secret = 'a-secret-beside-the-roots'
const leaks = new RegExp(`${secret}|root:x:0:0|node:internal|node_modules|SQLITE_|at async `)

test.before(async (context) => {
  const services = await createServices()
  const { media } = services.roots
  mkdirSync(media.path, { recursive: true })
  writeFileSync(path.join(media.path, '../secret.mov'), secret)
  symlinkSync('..', path.join(media.path, 'up'))
  symlinkSync('/etc', path.join(media.path, 'etc'))
  context.services = services
  context.app = createApp(services)
  context.key = (await addArchive(services.db)).key
})
test.after(({ services }) => services.close())

const ways = [
  ...['..', '../secret.mov', '../../../../../../etc/passwd', '/etc/passwd', 'up/secret.mov', 'etc/passwd'],
  ...[
    '..\\secret.mov',
    'a\0b',
    '....//secret.mov',
    '%2e%2e%2fsecret.mov',
    'file:///etc/passwd',
    '\\\\host\\share',
  ],
]
const odd = [
  ...['', ' ', '-1', '0', '1e999', 'NaN', 'null', 'true', '[]', '{}', '9'.repeat(400), '0x10', '1,2-', '٣'],
  ...[
    "' or 1=1 --",
    '"; drop table session; --',
    '<script>alert(1)</script>',
    '${7*7}',
    '{{7*7}}',
    '$(id)',
    '🎬',
    '\u202e',
  ],
  ...['x'.repeat(20_000), '\ud800', '\r\nSet-Cookie: a=b', 'constructor', '__proto__', 'toString'],
]
const values = [...ways, ...odd]
/** Addresses are read in one way only: a third of it all is enough for each. */
const names = values.filter((_, n) => n % 3 === 0)

/** Every name that a form or an address of ours has, and some that none has. */
const fields = [
  ...[
    'artwork',
    'date',
    'master',
    'rd',
    'preset',
    'encoder',
    'detector',
    'threshold',
    'minSceneLength',
    'aspect',
  ],
  ...[
    'scenes',
    'groups',
    'ifExists',
    'overrides',
    'open',
    'rdOpen',
    'for',
    'path',
    'q',
    'sort',
    'order',
    'page',
  ],
  ...[
    'after',
    'v',
    'download',
    'outputs',
    'scene',
    'tick',
    'ticks',
    'name',
    'move',
    'settings',
    'description',
  ],
  ...['file', 'json', 'task', 'confirm', 'key', 'days', 'schedule', 'constructor', '__proto__'],
]

/** It copies and checks the whole database, whatever it is given: once is enough. */
const costly = ['POST /upkeep/backups']
const cheap = (app: Setting['app']) => routesOf(app).filter((route) => !costly.includes(route.join(' ')))

/** `GET /sessions/:key` and the like, each once; what every request passes is none of them. */
const routesOf = (app: Setting['app']) =>
  [
    ...new Set(
      app.routes.filter(({ path: at }) => at !== '/*').map(({ method, path: at }) => `${method} ${at}`),
    ),
  ].map((route) => route.split(' ') as [method: string, address: string])

/** The address with `value` where it has a name. */
const addressed = (address: string, value: string) =>
  address.replace(
    /:\w+(\{(?:[^{}]|\{[^}]*\})*\})?/g,
    encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')),
  )

/** The answer, read to its end or, where it has none, not at all. */
async function answered(
  app: Setting['app'],
  address: string,
  init: RequestInit,
): Promise<Response & { told: string }> {
  const response = await app.request(`http://localhost${address}`, init)
  const endless = response.headers.get('content-type')?.startsWith('text/event-stream')
  if (endless) await response.body?.cancel()
  const told = endless ? '' : await response.text()
  return Object.assign(response, { told })
}

const bodyText = (body: RequestInit['body']) =>
  typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : ''

async function holds({ app, services }: Setting, address: string, init: RequestInit): Promise<number> {
  const { status, told, headers } = await answered(app, address, init)
  const what = `${init.method} ${address.slice(0, 200)} ${bodyText(init.body).slice(0, 200)}: ${status}`
  assert.ok(status < 500, `${what} ${String(services.errors.at(-1))}`)
  assert.not.match(told, leaks, what)
  // One cookie alone is ever set, where somebody says his name; whatever that is, it ends nothing but its own value.
  const cookie = headers.get('set-cookie')
  const isName =
    /\/name(\?|$)/.test(address) &&
    /^cutroom-name=[^;,\s]*(; (Max-Age=\d+|Path=\/|HttpOnly|SameSite=Lax)){4}$/
  assert.ok(cookie === null || (isName && isName.test(cookie)), `${what} ${cookie}`)
  // A refusal is a sentence that a person can read.
  if (status >= 400 && init.method !== 'HEAD') assert.match(told, /[A-Z][^<>]{8,}\./, what)
  return status
}

test('everything wrong in the address itself', async (setting) => {
  for (const [method, address] of routesOf(setting.app).filter(([, address]) => address.includes(':')))
    for (const value of names) await holds(setting, addressed(address, value), { method })
})

test('everything wrong in every field, alone and repeated', async (setting) => {
  for (const [method, address] of cheap(setting.app)) {
    const place = addressed(address, setting.key)
    for (let round = 0; round < values.length; round += 13) {
      const all = fields.map((name, field): [string, string] => [
        name,
        values[(field * 5 + round) % values.length] ?? '',
      ])
      const [once, twice] = [new URLSearchParams(all), new URLSearchParams([...all, ...all])]
      if (method === 'GET') {
        await holds(setting, `${place}?${once}`, { method })
        await holds(setting, `${place}?${twice}`, { method })
      } else {
        await holds(setting, place, { method, body: once })
        await holds(setting, place, { method, body: twice })
      }
    }
  }
})

test('bodies of the wrong kind', async (setting) => {
  const form = new FormData()
  form.set('artwork', new File(['x'], '../../x.mov'))
  form.set('scene', 'x')
  const bodies: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['application/json', '{"artwork":'],
    ['application/json', JSON.stringify({ artwork: { $ne: 1 } })],
    ['multipart/form-data', 'no boundary at all'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data'],
    ['application/x-www-form-urlencoded', '%ZZ=%&&&==&a=%00'],
    ['text/xml', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'],
    ['', new Uint8Array([0xff, 0xfe, 0, 1])],
    ['application/x-www-form-urlencoded', 'x=1&'.repeat(60_000)],
  ]
  for (const [method, address] of cheap(setting.app)) {
    if (method === 'GET') continue
    const place = addressed(address, setting.key)
    for (const [type, body] of bodies)
      await holds(setting, place, { method, body, headers: { 'content-type': type } })
    await holds(setting, place, { method, body: form })
    const huge = await holds(setting, place, { method, body: 'artwork='.padEnd(300_000, 'x') })
    // A list of cuts may be longer than a form: there it is only no list.
    assert.ok(huge === 413 || (huge === 422 && place.endsWith('/import')), `${place}: ${huge}`)
  }
})

test('methods that a route does not know', async (setting) => {
  for (const address of new Set(cheap(setting.app).map(([, address]) => address)))
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
      await holds(setting, addressed(address, 'nothing-of-this-key'), { method })
})

test('ways out in the address are no ways', async (setting) => {
  const raw = [
    '/static/../package.json',
    '/static/..%2fpackage.json',
    '/static/%2e%2e/package.json',
    '/files/..%2f..%2fsecret.mov',
  ]
  const more = [
    '//etc/passwd',
    '/%00',
    '/%ff',
    '/%',
    '/static/..%5c..%5cpackage.json',
    '/static/%00app.css',
    '/.env',
    '/.git/config',
  ]
  for (const address of [...raw, ...more]) {
    const status = await holds(setting, address, { method: 'GET' })
    assert.ok(status === 404 || status === 400, `${address}: ${status}`)
  }
})

test('what was tried changed nothing that counts, and nothing was our fault', async ({ services }) => {
  assert.equal(services.errors, [])
  assert.equal(warnings, [])
})

test.run()
