/**
 * The messages of the event stream, as bytes.
 */

const encoder = new TextEncoder()

/** Opens the stream at once, before anything has changed. */
export const opening = encoder.encode(': Cutroom\n\n')

/** A sign of life that pages can hear, so that a line gone dead is noticed from either end. */
export const beat = encoder.encode('event: beat\ndata: {}\n\n')

/** What changed after event `from`, up to `id`: a page that stands before `from` has missed something. */
export const changed = (from: number, id: number, html: string): Uint8Array =>
  encoder.encode(`id: ${id}\ndata: ${JSON.stringify({ from, html })}\n\n`)

/** The page has to be read anew. */
export const reload = (id: number): Uint8Array => encoder.encode(`id: ${id}\nevent: reload\ndata: {}\n\n`)

/** Of several `<hx-partial>`s that replace the same thing, only the last; the others in their order. */
export function collapsed(html: string): string {
  const last = new Map<string, string>()
  for (const partial of html.split(/(?=<hx-partial\s)/)) {
    const [tag = ''] = /^<hx-partial\s[^>]*>/.exec(partial) ?? []
    const key = /hx-swap="(outer|inner)/.test(tag) ? tag : partial
    last.delete(key)
    last.set(key, partial)
  }
  return [...last.values()].join('')
}
