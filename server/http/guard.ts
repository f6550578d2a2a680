/**
 * What every request passes: the right Host, the same origin for every change, a small body, strict headers.
 */

import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { AppError } from '../errors.ts'

/** Forms are small; a list of cuts may be of a long film. */
const maxBodyBytes = 256 * 1024
const maxListBytes = 4 * 1024 * 1024

/** No inline script or style, nothing from elsewhere, no framing. */
export const headers = (): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    // Plain HTTP is how a LAN is served; the promise of TLS would lock people out.
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
  })

/**
 * Refuses a name this server does not go by: a page elsewhere whose own name is made to point here (DNS
 * rebinding) would otherwise be of the same origin.
 */
export function knownHost(hosts: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const name = hostName(c.req.header('host') ?? new URL(c.req.url).host)
    if (!isLoopback(name) && !hosts.includes(name)) throw new AppError('unknown_host', { detail: name })
    await next()
  }
}

/** A change is made from our own pages, or by a program that is no browser. */
export function sameOrigin(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && isForeign(c.req.raw))
      throw new AppError('foreign_origin')
    await next()
  }
}

export function smallBody(): MiddlewareHandler {
  const upTo = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: () => {
        throw new AppError('too_large')
      },
    })
  const [form, list] = [upTo(maxBodyBytes), upTo(maxListBytes)]
  return (c, next) => (/^\/sessions\/[^/]+\/import$/.test(c.req.path) ? list : form)(c, next)
}

function isForeign(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = request.headers.get('origin')
  if (origin === null) return false
  const host = request.headers.get('host') ?? new URL(request.url).host
  return !URL.canParse(origin) || new URL(origin).host !== host
}

const hostName = (host: string) =>
  host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')

const isLoopback = (name: string) =>
  name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)
