/**
 * Groups and their scenes are put into order by dragging; the buttons beside them do the same for keys. What somebody else
 * changed meanwhile is told of, not overwritten.
 */

import { ask } from './ask.js'

let dragged

const kinds = ['[data-member]', '[data-group]']
const kindOf = (element) => kinds.find((kind) => element.closest?.(kind))

document.addEventListener('dragstart', (event) => {
  const kind = kindOf(event.target)
  if (!kind) return
  dragged = event.target.closest(kind)
  dragged.dataset.dragged = ''
  event.dataTransfer.effectAllowed = 'move'
})

document.addEventListener('dragover', (event) => {
  const target = placeUnder(event)
  unmark()
  if (!target) return
  event.preventDefault()
  target.dataset.drop = isAfter(event, target) ? 'after' : 'before'
})

document.addEventListener('drop', (event) => {
  const target = placeUnder(event)
  if (!target) return
  event.preventDefault()
  const others = [...target.parentElement.querySelectorAll(`:scope > ${kindOf(dragged)}`)].filter((one) => one !== dragged)
  const place = others.indexOf(target) + (isAfter(event, target) ? 1 : 0)
  const order = others.toSpliced(place, 0, dragged)
  const group = dragged.closest('[data-group]').dataset.group
  const was = [...target.parentElement.querySelectorAll(':scope > [data-member]')]
  send(group, dragged.dataset.member ? { cuts: membersOf(order), was: membersOf(was) } : { place: place + 1 })
})

document.addEventListener('dragend', () => {
  unmark()
  delete dragged?.dataset.dragged
  dragged = undefined
})

/** Of its own kind and list, and not itself. */
function placeUnder({ target }) {
  const place = dragged && target.closest?.(kindOf(dragged))
  return place && place !== dragged && place.parentElement === dragged.parentElement ? place : null
}

/** Scenes lie beside each other, groups below. */
function isAfter({ clientX, clientY }, target) {
  const { left, top, width, height } = target.getBoundingClientRect()
  return 'member' in target.dataset ? clientX > left + width / 2 : clientY > top + height / 2
}

function unmark() {
  for (const marked of document.querySelectorAll('[data-drop]')) delete marked.dataset.drop
}

const membersOf = (items) => items.map(({ dataset }) => dataset.member).join()

function send(group, values) {
  const { room } = document.querySelector('[data-room]').dataset
  ask('PATCH', `/sessions/${room}/groups/${group}`, values)
}

/** What stood in a name before it was typed over: the field keeps what is typed, the rest of its form follows others. */
let typed

document.addEventListener('beforeinput', ({ target }) => {
  if (target.matches('.group [name=name]') && typed?.field !== target) typed = { field: target, was: target.value }
})

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (typed && ctx.sourceElement === typed.field.form) ctx.request.body.set('was', typed.was)
})

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (ctx.response && ctx.sourceElement === typed?.field.form) typed = undefined
})
