/**
 * What is asked of the room before the last answer has come: it stands on what that will say, so that keys may be faster
 * than the server.
 */

import { allScenes } from './film.js'
import { playhead } from './player.js'

/** Where cuts will lie, by their ids, once all moves that are on their way are done: `{ to, asked }`. */
const moves = new Map()

export function startEdits() {
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    const { split, move } = ctx.sourceElement.dataset
    if (split !== undefined) ctx.request.body.set('frame', String(playhead()))
    if (move !== undefined) moveOn(Number(move), ctx.request.body)
  })
  document.addEventListener('htmx:before:request', turnOn)
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => moved(Number(ctx.sourceElement.dataset.move)))
}

/** From where the grid has the cut, as the panel may be a moment behind; or from where it is about to be. */
function moveOn(cut, body) {
  const { to, asked } = moves.get(cut) ?? { to: allScenes().find((scene) => scene.cut === cut)?.from, asked: 0 }
  if (to === undefined) return
  body.set('from', String(to))
  moves.set(cut, { to: to + Number(body.get('by')), asked: asked + 1 })
}

function moved(cut) {
  const move = moves.get(cut)
  if (move && --move.asked === 0) moves.delete(cut)
}

/** The edit that was undone or redone last from here. */
let turned

/**
 * Undone is what comes before what has been undone meanwhile, or what has been redone. What somebody else did is not: that
 * it is refused is how one hears of it.
 */
function turnOn(event) {
  const { sourceElement, request } = event.detail.ctx
  const verb = sourceElement.querySelector(':scope > [data-turn]')?.dataset.turn
  if (!verb) return
  const [asked, now] = [request.body.get('edit'), sourceElement.elements.edit.value].map(Number)
  if (now === 0) return event.preventDefault()
  const follows = now === turned || (verb === 'undo' ? now < asked : now > asked)
  turned = follows ? now : asked
  request.body.set('edit', String(turned))
}
