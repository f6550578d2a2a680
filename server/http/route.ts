/**
 * The one idiom of routes: each says who may use it and what it takes, so that a test can walk them all.
 */

import type { Context, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import { faultWords } from '../../workers/media/faults.ts'
import { AppError } from '../errors.ts'

/** Who may use a route. Until there are people, anyone who can reach the server. */
export type Who = 'anyone'

const rules = new WeakMap<object, { who?: Who; takes?: Taken }>()

interface Taken {
  from: 'nothing' | 'query' | 'form' | 'file' | 'bytes'
}

/** Marks who may use a route; stands first in it. */
export function may(who: Who): MiddlewareHandler {
  const check: MiddlewareHandler = async (_c, next) => next()
  rules.set(check, { who })
  return check
}

/** Marks a route that reads nothing but its path. */
export function takesNothing(): MiddlewareHandler {
  const check: MiddlewareHandler = async (_c, next) => next()
  rules.set(check, { takes: { from: 'nothing' } })
  return check
}

/** Reads and checks the query. Values that cannot be used are a problem, 422. */
export function takesQuery<T extends z.ZodType>(shape: T): MiddlewareHandler<Env<z.infer<T>>> {
  const read: MiddlewareHandler<Env<z.infer<T>>> = async (c, next) => {
    c.set('taken', checked(shape, lists(new URL(c.req.url).searchParams)))
    await next()
  }
  rules.set(read, { takes: { from: 'query' } })
  return read
}

/** Reads and checks a small form (at most 256 kB), however it was sent. */
export function takesForm<T extends z.ZodType>(shape: T): MiddlewareHandler<Env<z.infer<T>>> {
  const read: MiddlewareHandler<Env<z.infer<T>>> = async (c, next) => {
    c.set('taken', checked(shape, await readForm(c)))
    await next()
  }
  rules.set(read, { takes: { from: 'form' } })
  return read
}

/** Reads the text of one small file (at most 256 kB) that a form sends along. None is a problem, 422. */
export function takesFile(field: string): MiddlewareHandler<Env<{ name: string; text: string }>> {
  const read: MiddlewareHandler<Env<{ name: string; text: string }>> = async (c, next) => {
    const file = (await c.req.formData().catch(() => null))?.get(field)
    if (!(file instanceof File) || file.name === '')
      throw new AppError('bad_input', { field, detail: 'pick a file first' })
    c.set('taken', { name: file.name, text: await file.text() })
    await next()
  }
  rules.set(read, { takes: { from: 'file' } })
  return read
}

export interface Env<T> {
  Variables: { taken: T }
}

/** What is known of a handler, for the test that walks the routes. */
export const rulesOf = (handler: object) => rules.get(handler)

async function readForm(c: Context): Promise<Record<string, string | string[]>> {
  const type = c.req.header('content-type') ?? ''
  if (type.includes('multipart/form-data')) {
    const form = await c.req.formData().catch(notWhole)
    return lists(
      new URLSearchParams(
        [...form.entries()].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    )
  }
  return lists(new URLSearchParams(await c.req.text().catch(notWhole)))
}

/** Whoever went away while sending, or sent what is none, is at fault himself. */
function notWhole(cause: unknown): never {
  if (cause instanceof AppError) throw cause // it was too large
  throw new AppError('bad_input', { detail: 'the form did not arrive whole; send it again', cause })
}

/** A name given once is a text, given more often a list. */
function lists(params: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(params.keys())].map((key) => {
      const values = params.getAll(key)
      return [key, values.length > 1 ? values : (values[0] ?? '')]
    }),
  )
}

function checked<T extends z.ZodType>(shape: T, given: unknown): z.infer<T> {
  const result = shape.safeParse(given, { error: faultWords })
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path[0]
  throw new AppError('bad_input', {
    ...(field !== undefined && { field: String(field) }),
    detail: issue?.message ?? 'unreadable',
  })
}
