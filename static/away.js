/**
 * Where the server is not reached: it is said at once, and what was written is sent again until it is kept.
 */

/** Milliseconds between two tries. */
export const patience = 3000

document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  // What goes wrong after an answer is something else; what is only looked at is asked for again by itself.
  if (ctx.response || ctx.request.method === 'GET') return
  const form = ctx.sourceElement
  const written = isWritten(form)
  const isSentAgain = written || form.matches('[data-again]')
  tell(isSentAgain ? 'It is sent as soon as that is back.' : 'It was not done: do it again when that is back.')
  if (written) setTimeout(() => form.isConnected && isWritten(form) && form.requestSubmit(), patience)
})

/** Something in it differs from what the server knows. A form that sends itself again is none of these. */
const isWritten = (form) =>
  form.matches('form[hx-patch]:not([data-again])') &&
  [...form.elements].some((field) => field.matches('textarea, input:not([type=hidden])') && field.value !== field.defaultValue)

function tell(consequence) {
  const place = document.getElementById('notices')
  const notice = document.getElementById('not-reached').content.cloneNode(true)
  notice.querySelector('p').append(` ${consequence}`)
  place.role = 'alert'
  place.replaceChildren(notice)
}
