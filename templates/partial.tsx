/**
 * Fragments addressed to what they replace, as htmx 4 takes them.
 */

import type { HtmlEscapedString } from 'hono/utils/html'
import { raw } from 'hono/html'

type Rendered = HtmlEscapedString | Promise<HtmlEscapedString>

/**
 * `<hx-partial>` that morphs the element with this id into `fragment`; a page without it passes it over.
 * @param swap how it is put there.
 */
export const partial = (id: string, fragment: Rendered | '', swap = 'outerMorph'): string =>
  // No component here is asynchronous: what is rendered is text.
  `<hx-partial hx-target="#${id}" hx-swap="${swap}">${(fragment as HtmlEscapedString).toString()}</hx-partial>`

/** Several partials as one answer. */
export const answer = (...partials: string[]) => raw(partials.join(''))
