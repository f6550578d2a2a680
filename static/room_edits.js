/**
 * What is asked of the room before the last answer has come: it stands on what that will say, so that keys may be faster
 * than the server.
 */

import { allScenes } from './film.js'
import { playhead } from './player.js'
import { sendTicks } from './scenes.js'

/** Changes that are on their way. */
const asked = new Set()
/** Edits that were made, undone or redone from here, by their ids. */
const mine = new Set()

export function startEdits() {
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches('[data-split]')) ctx.request.body.set('frame', String(playhead()))
    if (isOfTheRoom(ctx)) asked.add(ctx)
  })
  document.addEventListener('htmx:before:request', settleTurn)
  document.addEventListener('htmx:before:request', settleMove)
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (asked.delete(ctx) && ctx.response?.raw.ok && !verbOf(ctx)) mine.add(editOf('undo'))
  })
  document.addEventListener('click', ({ target }) => target.closest('[data-turn]') && sendTicks(), true)
}

/** Those that wait for each other (`inOrder`), and those that no form sends. */
const isOfTheRoom = ({ request, sourceElement }) =>
  request.method !== 'GET' && (sourceElement === document.body || sourceElement.matches('[hx-sync$="queue all"]'))

const verbOf = ({ sourceElement }) => sourceElement.querySelector(':scope > [data-turn]')?.dataset.turn
const buttonOf = (verb) => document.querySelector(`[data-turn=${verb}]`)
const editOf = (verb) => Number(buttonOf(verb)?.form.elements.edit.value)

/** Undoes or, with `redo`, does again: also what is still on its way. */
export function turn(redo) {
  sendTicks()
  const button = buttonOf(redo ? 'redo' : 'undo')
  if (button && (!button.disabled || asked.size > 0)) button.form.requestSubmit()
}

/**
 * Once it is its turn: undone is what comes before what has been undone meanwhile, or what was done from here meanwhile.
 * What somebody else did is not: that it is refused is how one hears of it.
 */
function settleTurn(event) {
  const { ctx } = event.detail
  const verb = verbOf(ctx)
  if (!verb) return
  const [then, now] = [Number(ctx.request.body.get('edit')), editOf(verb)]
  if (now === 0) return event.preventDefault()
  const follows = mine.has(now) || (verb === 'undo' ? now < then : now > then)
  ctx.request.body.set('edit', String(follows ? now : then))
  mine.add(follows ? now : then)
}

/** Once it is its turn: from where the grid has the cut, as the panel may be a moment behind. */
function settleMove({ detail: { ctx } }) {
  const cut = Number(ctx.sourceElement.dataset.move)
  const scene = allScenes().find((one) => one.cut === cut)
  if (scene) ctx.request.body.set('from', String(scene.from))
}
