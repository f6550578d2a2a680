/**
 * What a request wants of a file: all of it, one stretch, or nothing since it has it already (RFC 9110, 13 and 14).
 */

export interface Held {
  bytes: number
  /** Strong, with its quotes. */
  etag: string
  /** Milliseconds since 1970. */
  modified: number
}

export interface Asking {
  method: string
  header(name: string): string | undefined
}

/** First and last byte, both inclusive. */
export interface Span {
  start: number
  end: number
}

export interface Answer {
  status: 200 | 206 | 304 | 416
  /** What the body is made of; null where there is none, for HEAD too. */
  span: Span | null
  headers: Record<string, string>
}

/**
 * The answer to GET or HEAD. Several ranges at once are answered with the whole, as is a range that cannot be
 * read and, as the RFC has it, any range of a HEAD.
 */
export function answerTo(request: Asking, held: Held): Answer {
  const about = {
    etag: held.etag,
    'last-modified': new Date(held.modified).toUTCString(),
    'accept-ranges': 'bytes',
  }
  if (isKnown(request, held)) return { status: 304, span: null, headers: about }
  const isGet = request.method === 'GET'
  const range = isGet && isFresh(request.header('if-range'), held) ? request.header('range') : undefined
  const span = readRange(range, held.bytes)
  if (span === 'unsatisfiable') {
    const headers = { ...about, 'content-range': `bytes */${held.bytes}`, 'content-length': '0' }
    return { status: 416, span: null, headers }
  }
  const { start, end } = span ?? { start: 0, end: held.bytes - 1 }
  const headers = { ...about, 'content-length': String(end - start + 1) }
  return {
    status: span ? 206 : 200,
    span: isGet && end >= start ? { start, end } : null,
    headers: span ? { ...headers, 'content-range': `bytes ${start}-${end}/${held.bytes}` } : headers,
  }
}

/** Only the first of the two conditions counts where both are given. */
export function isKnown({ header }: Asking, { etag, modified }: Pick<Held, 'etag' | 'modified'>): boolean {
  const tags = header('if-none-match')
  if (tags !== undefined)
    return tags.trim() === '*' || [...tags.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag)
  const since = Date.parse(header('if-modified-since') ?? '')
  return wholeSeconds(modified) <= since
}

/** A range holds only for the very bytes that the asker has begun with; a weak tag proves nothing. */
function isFresh(condition: string | undefined, { etag, modified }: Held): boolean {
  if (condition === undefined) return true
  const wanted = condition.trim()
  return /^(W\/)?"/.test(wanted) ? wanted === etag : Date.parse(wanted) === wholeSeconds(modified)
}

/** Null stands for the whole. */
export function readRange(range: string | undefined, bytes: number): Span | null | 'unsatisfiable' {
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(range ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return null
  if (first === '')
    return last === '0' || bytes === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, bytes - Number(last)), end: bytes - 1 }
  if (last !== '' && Number(last) < Number(first)) return null
  if (Number(first) >= bytes) return 'unsatisfiable'
  return { start: Number(first), end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) }
}

/** HTTP dates know no more. */
const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000) * 1000
