/**
 * What people call themselves: a name in a cookie of their browser, which stands beside what they change. It proves nothing.
 */

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const cookie = 'cutroom-name'
const mostLetters = 60
const aYear = 31_536_000

/** Null where nothing is said. */
export function nameOf(c: Context): string | null {
  const name = (getCookie(c, cookie) ?? '').trim().slice(0, mostLetters)
  return name === '' ? null : name
}

/** An empty name is forgotten. */
export const keepName = (c: Context, name: string) =>
  setCookie(c, cookie, name.trim().slice(0, mostLetters), {
    ...{ path: '/', httpOnly: true, sameSite: 'Lax', maxAge: name.trim() === '' ? 0 : aYear },
  })
