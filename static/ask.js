/**
 * Requests that no form sends, one after the other: htmx would drop the third of a kind that comes before the first is
 * answered.
 */

let last = Promise.resolve()

/** Resolves once the answer is shown, or there was none. */
export function ask(verb, path, values) {
  const send = () => window.htmx.ajax(verb, path, { values, swap: 'none' })
  last = last.then(send, send)
  return last
}
