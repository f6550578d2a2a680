import { once } from 'node:events'
import { connect, type ClientHttp2Session } from 'node:http2'
import { get } from 'node:https'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createListener } from '../../server/listener.ts'
import { folder } from '../media.ts'

const listener = suite('listening over TLS')

/** Self-signed for localhost; worth nothing anywhere else. */
const [cert = '', key = ''] = ['cert.pem', 'key.pem'].map((name) =>
  path.join(import.meta.dirname, 'tls', name),
)
const ca = readFileSync(cert)

const ends: (() => void)[] = []
listener.after(() => ends.forEach((end) => end()))

async function serve(
  answer: (request: Request) => Response | Promise<Response>,
  limits?: Parameters<typeof createListener>[2],
): Promise<string> {
  const { server, end } = createListener(answer, { cert, key }, limits)
  ends.push(end)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

async function ask(session: ClientHttp2Session, headers: Record<string, string>) {
  const stream = session.request(headers)
  const [answered] = (await once(stream, 'response')) as [Record<string, string | number>]
  let body = ''
  for await (const chunk of stream) {
    body += String(chunk)
    if (body.endsWith('\n\n')) break // a stream of events has no end
  }
  return { answered, body }
}

listener('a stream of events comes over HTTP/2, whatever it says of its connection', async () => {
  const events = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
  })
  const headers = {
    'Content-Type': 'text/event-stream',
    Connection: 'keep-alive',
    'Transfer-Encoding': 'chunked',
  }
  const session = connect(await serve(() => new Response(events, { headers })), { ca })
  const { answered, body } = await ask(session, { ':path': '/events' })
  assert.is(answered[':status'], 200)
  assert.is(answered['content-type'], 'text/event-stream')
  assert.is(answered.connection, undefined)
  assert.is(body, 'data: one\n\n')
  session.destroy()
})

listener('requests carry their method, path, headers and host', async () => {
  const address = await serve(
    (request) => new Response([request.method, request.url, request.headers.get('range')].join(' ')),
  )
  const session = connect(address, { ca })
  const { body } = await ask(session, { ':method': 'DELETE', ':path': '/files/1', range: 'bytes=0-9' })
  assert.is(body, `DELETE ${address}/files/1 bytes=0-9`)
  session.destroy()
})

listener('who knows only HTTP/1.1 is served as well', async () => {
  const address = await serve(() => new Response('hello'))
  const [answer] = (await once(get(address, { ca }), 'response')) as [
    AsyncIterable<Buffer> & { httpVersion: string },
  ]
  let body = ''
  for await (const chunk of answer) body += String(chunk)
  assert.is(`${answer.httpVersion} ${body}`, '1.1 hello')
})

listener('who dawdles is sent away over HTTP/2 and TLS, too; who only listens is not', async () => {
  const events = () =>
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('one\n\n')) })
  const address = await serve(
    async (request) => {
      const told = await request.text().catch(() => 'gone')
      return new Response(request.url.endsWith('/events') ? events() : told)
    },
    { headersMs: 400, requestMs: 800, checkMs: 50 },
  )
  const quiet = connect(address, { ca })
  const listening = connect(address, { ca })
  const told = listening.request({ ':path': '/events' })
  await once(told, 'data')
  const sending = connect(address, { ca })
  const endless = sending.request({ ':method': 'POST', ':path': '/' }, { endStream: false })
  endless.on('error', () => undefined)
  const drip = setInterval(() => endless.destroyed || endless.write('a'), 50)
  const port = Number(new URL(address).port)
  const silent = connectTcp(port, 'localhost')
  const slow = connectTls({ port, host: 'localhost', ca, ALPNProtocols: ['http/1.1'] })
  const slowDrip = setInterval(() => slow.writable && slow.write('a'), 50)
  slow.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
  slow.resume()
  silent.resume()
  const opened = Date.now()
  await Promise.all([quiet, endless, sending, silent, slow].map((one) => once(one, 'close')))
  clearInterval(drip)
  clearInterval(slowDrip)
  assert.ok(Date.now() - opened >= 800, 'a body has its time')
  assert.equal([told.closed, listening.destroyed], [false, false])
  assert.is((await ask(listening, { ':path': '/' })).answered[':status'], 200)
  listening.destroy()
})

listener('a key that is none is said to be', () => {
  const wrong = path.join(folder(), 'key.pem')
  writeFileSync(wrong, 'hello')
  for (const file of [wrong, `${wrong}.absent`])
    assert.throws(
      () => createListener(() => new Response(), { cert, key: file }),
      (error: Error) => error.message.includes('TLS cannot be served') && error.message.includes(file),
    )
})

listener.run()
