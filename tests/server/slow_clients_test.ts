/**
 * Clients that are slow, many, or gone: over real sockets, to a server with a real disk and feed.
 */

import { once } from 'node:events'
import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newKey } from '../../db/keys.ts'
import { addArchive } from '../db/fixture.ts'
import { createApp } from '../../server/app.ts'
import { createListener, type Listener } from '../../server/listener.ts'
import { createServices, type TestServices } from './services.ts'

interface Setting {
  services: TestServices
  listener: Listener
  port: number
}

const test = suite<Setting>('slow, many and vanished clients')

/** A second instead of what people get, which is far longer than a test. */
const limits = { headersMs: 500, requestMs: 1000, checkMs: 100 }

test.before(async (context) => {
  context.services = await createServices()
  context.listener = createListener(createApp(context.services).fetch, undefined, limits)
  context.listener.server.listen(0, '127.0.0.1')
  await once(context.listener.server, 'listening')
  context.port = (context.listener.server.address() as AddressInfo).port
})
test.after(async ({ services, listener }) => {
  listener.end()
  await services.close()
})

const get = async (port: number, address: string, agent?: Agent): Promise<IncomingMessage> => {
  const asked = request({ host: '127.0.0.1', port, path: address, ...(agent && { agent }) })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

async function bodyOf(answer: IncomingMessage): Promise<number> {
  let bytes = 0
  for await (const chunk of answer) bytes += (chunk as Buffer).length
  return bytes
}

/** Sends `begin`, then never ends it. @returns what the server said when it had enough. */
async function dawdle(port: number, begin: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  socket.on('error', () => undefined)
  socket.write(begin)
  const drip = setInterval(() => socket.write('a'), 50)
  await once(socket, 'close')
  clearInterval(drip)
  return said
}

test('who never ends a header or a body is sent away, and others are served meanwhile', async ({ port }) => {
  const form =
    'POST /archives HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999\r\n\r\n'
  const slow = [
    ...Array.from({ length: 20 }, () => dawdle(port, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')),
    ...Array.from({ length: 20 }, () => dawdle(port, form)),
  ]
  assert.is((await get(port, '/history')).statusCode, 200)
  for (const said of await Promise.all(slow)) assert.match(said, /^(HTTP\/1\.1 408 |$)/)
})

test('200 requests at once are all answered', async ({ port, services }) => {
  const agent = new Agent({ maxSockets: 200 })
  const addresses = ['/', '/history', '/archives/new', '/browse?for=master', '/static/app.css', '/nowhere']
  const statuses = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const answer = await get(port, addresses[n % addresses.length] ?? '/', agent)
      await bodyOf(answer)
      return answer.statusCode ?? 0
    }),
  )
  agent.destroy()
  assert.ok(
    statuses.every((status) => status === 200 || status === 404),
    statuses.join(),
  )
  assert.equal(services.errors, [])
})

test('readers who stop reading a large file hold little of it', async ({ port, services }) => {
  const { db, roots } = services
  const key = newKey()
  mkdirSync(roots.output.path, { recursive: true })
  const file = path.join(roots.output.path, 'large.mov')
  writeFileSync(file, '')
  truncateSync(file, 2 ** 30)
  const { id } = await addArchive(db)
  await db
    .insertInto('file')
    .values({ key, session_id: id, root_id: roots.output.id, path: 'large.mov', role: 'clip' })
    .execute()
  const before = process.memoryUsage().rss
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(port, `/files/${key}`)))
  await sleep(1000)
  const grown = process.memoryUsage().rss - before
  for (const answer of answers) answer.destroy()
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
  // Both ends are in this process: the network's own buffers count, too.
  assert.ok(grown < 150e6, `${Math.round(grown / 1e6)} MB for 20 readers of 1 GB`)
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Live heap in bytes and open file descriptors. */
async function held() {
  await sleep(200)
  collect()
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  return { heap: process.memoryUsage().heapUsed, descriptors }
}

/** Connects, hears the first bytes where some come, and goes without a word. */
async function visit(port: number): Promise<void> {
  const answer = await get(port, '/events?after=0')
  answer.on('error', () => undefined)
  answer.destroy()
}

test('1,000 event streams that come and go leave nothing behind', async ({ port, services }) => {
  const rounds = async (count: number) => {
    for (let n = 0; n < count; n += 50) await Promise.all(Array.from({ length: 50 }, () => visit(port)))
  }
  await rounds(200) // what is made once is made now
  const before = await held()
  await rounds(1000)
  const after = await held()
  assert.ok(after.heap - before.heap < 4e6, `${after.heap - before.heap} bytes more`)
  assert.ok(
    after.descriptors - before.descriptors < 10,
    `${after.descriptors - before.descriptors} descriptors more`,
  )
  assert.equal(services.errors, [])
})

test.run()
