/**
 * Where requests come in: HTTP/1.1 in the open, or HTTP/2 over TLS, with 1.1 for those who know no better.
 */

import { readFileSync } from 'node:fs'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Config } from './config.ts'

type Fetch = (request: Request) => Response | Promise<Response>

export interface Listener {
  server: ServerType
  /** Ends every connection, also those that would stay open, as event streams do. */
  end(): void
}

/** How long a client may take, milliseconds, and how often that is looked at. */
export interface Limits {
  /** From the first byte to the end of the headers; over HTTP/2 also from the connection to its first request. */
  headersMs: number
  /** To the end of the body. An answer may take as long as it does. Over HTTP/2 also how long a connection may rest. */
  requestMs: number
  checkMs: number
}

/** Enough for a slow line; who dawdles on purpose holds a connection no longer than that. */
const patience: Limits = { headersMs: 20_000, requestMs: 300_000, checkMs: 5000 }

const inNode = ({ headersMs, requestMs, checkMs }: Limits) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: checkMs,
})

/** @throws Error in words, where certificate or key cannot be read or used. */
export function createListener(fetch: Fetch, tls: Config['tls'], limits = patience): Listener {
  if (tls) return overTls(fetch, tls, limits)
  const server = createAdaptorServer({ fetch, serverOptions: inNode(limits) })
  return {
    server,
    end() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }
}

function overTls(fetch: Fetch, tls: NonNullable<Config['tls']>, limits: Limits): Listener {
  const server = createSecure(fetch, tls, limits)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    sendDawdlersAway(session, limits)
    session.once('close', () => sessions.delete(session))
  })
  return {
    server,
    end() {
      server.close()
      for (const session of sessions) session.destroy()
    },
  }
}

/** Requests of one connection that may be open at once; browsers are told, and hold back the rest. */
const mostStreams = 200

/** Node knows no limits of time for HTTP/2: a connection without a request rests, a stream is one request. */
function sendDawdlersAway(session: ServerHttp2Session, { headersMs, requestMs }: Limits): void {
  const open = new Set<ServerHttp2Stream>()
  const leaveIn = (ms: number) => setTimeout(() => session.destroy(), ms).unref()
  let leaving = leaveIn(headersMs)
  session.on('stream', (stream) => {
    clearTimeout(leaving)
    open.add(stream)
    const late = setTimeout(() => {
      if (stream.state.remoteClose !== 1) stream.close(constants.NGHTTP2_CANCEL)
    }, requestMs).unref()
    stream.once('close', () => {
      clearTimeout(late)
      open.delete(stream)
      if (open.size === 0 && !session.destroyed) leaving = leaveIn(requestMs)
    })
  })
  session.once('close', () => clearTimeout(leaving))
}

function createSecure(
  fetch: Fetch,
  { cert, key }: NonNullable<Config['tls']>,
  limits: Limits,
): Http2SecureServer {
  try {
    const server = createAdaptorServer({
      fetch: async (request: Request) => withoutConnection(await fetch(request)),
      createServer: createSecureServer,
      serverOptions: {
        ...{ allowHTTP1: true, cert: readFileSync(cert), key: readFileSync(key) },
        ...{ handshakeTimeout: limits.headersMs, settings: { maxConcurrentStreams: mostStreams } },
      },
    }) as Http2SecureServer
    // For who speaks HTTP/1.1 here: this kind of server takes these from no option.
    return Object.assign(server, inNode(limits))
  } catch (error) {
    throw new Error(`TLS cannot be served with ${cert} and ${key} (${(error as Error).message}).`, {
      cause: error,
    })
  }
}

/** What HTTP/2 forbids a response to say of its connection (RFC 9113, 8.2.2): Node ends the process over it. */
const ofConnections = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']

function withoutConnection(response: Response): Response {
  if (!ofConnections.some((name) => response.headers.has(name))) return response
  const headers = new Headers(response.headers)
  for (const name of ofConnections) headers.delete(name)
  return new Response(response.body, { status: response.status, headers })
}
