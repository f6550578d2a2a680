/**
 * Ticking scenes: ranges with shift, the keyboard, all, none and invert; the tally follows at once.
 */

import { patience } from './away.js'
import { hold, release } from './keep.js'

const grid = () => document.querySelector('[data-scenes=open]')
const boxes = () => [...(grid()?.querySelectorAll('input[name=scene]') ?? [])]

/** Those that a search has not hidden: who ticks many means what he sees. */
const inSight = () => boxes().filter((box) => !box.closest('.scene').hidden)

/** Where the last tick was: the other end of a range. */
let anchor
let shift = false

/** Ticks the server has not been told, and those on their way; whether a telling, or the choice itself, is on its way. */
let unsaid = new Set()
let said = new Set()
let sending = false
let choosing = false
let timer

document.addEventListener('pointerdown', (event) => (shift = event.shiftKey), true)

document.addEventListener('mousedown', (event) => {
  // A click with shift would select the words in between.
  if (event.shiftKey && event.target.closest('[data-scenes]')) event.preventDefault()
})

document.addEventListener('change', ({ target }) => {
  if (target.name !== 'scene' || !grid()?.contains(target)) return
  tick(target, target.checked, shift)
  shift = false
})

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-tick]')
  if (!button || !grid()) return
  event.preventDefault()
  tickBy(button.dataset.tick)
})

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !grid() || document.querySelector('dialog[open]')) return
  // A key that is held down does its deed once.
  if (event.repeat && !event.key.startsWith('Arrow')) return
  const here = event.target.name === 'scene' ? event.target : undefined
  if (!here && event.target.matches('input, textarea, select')) return
  if (pressed(event.key.toLowerCase(), event.shiftKey, here)) event.preventDefault()
})

function pressed(key, withShift, here) {
  if (key === 'a') return tickBy('all')
  if (key === 'i') return tickBy('invert')
  if (key.startsWith('arrow')) return step(key, here)
  // In the review room the scene at the playhead is meant.
  const box = here ?? grid().querySelector('[aria-current] [name=scene]')
  if (key === 'x' && box) return tick(box, !box.checked, withShift)
  if (!here) return false
  // It would press the form's first button.
  if (key === 'enter') return true
  if (key === 'home' || key === 'end') return focus(inSight().at(key === 'home' ? 0 : -1))
  if (key === ' ' && withShift) return tick(here, !here.checked, withShift)
  return false
}

/** One scene, or with `range` all from the last one ticked to it. */
function tick(box, checked, range) {
  const all = inSight()
  const [from, to] = [all.indexOf(anchor), all.indexOf(box)]
  const isRange = range && from >= 0 && to >= 0
  const ticked = isRange ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box]
  for (const one of ticked) one.checked = checked
  anchor = box
  tell(ticked)
  return true
}

/** As server/routes/sessions.ts has these rules. */
function tickBy(which) {
  const limit = Number(document.querySelector('[name=seconds]')?.value)
  const rules = {
    all: () => true,
    none: () => false,
    invert: (box) => !box.checked,
    starred: (box) => box.closest('.scene').querySelector('[name=star]').checked,
    longer: (box) => Number(box.dataset.seconds) >= limit,
    shorter: (box) => Number(box.dataset.seconds) < limit,
  }
  const changed = inSight().filter((box) => rules[which](box) !== box.checked)
  for (const box of changed) box.checked = !box.checked
  tell(changed)
  return true
}

/** Left and right by one, up and down by a row; into the grid from elsewhere on the page. */
function step(key, here) {
  const all = inSight()
  // In the review room arrows step through frames and cuts.
  if (!here && document.querySelector('[data-room]')) return false
  if (!here) return key === 'arrowdown' && document.activeElement === document.body && focus(all[0])
  const columns = Math.max(1, all.findIndex((box) => top(box) > top(all[0])))
  const by = { arrowleft: -1, arrowright: 1, arrowup: -columns, arrowdown: columns }[key]
  return focus(all[all.indexOf(here) + by])
}

const top = (box) => box.getBoundingClientRect().top

function focus(box) {
  if (!box) return true
  rove(box)
  box.focus()
  box.closest('.scene').scrollIntoView({ block: 'nearest' })
  return true
}

/** The grid is one stop of the tab key; arrows move within. */
function rove(current) {
  for (const box of boxes()) box.tabIndex = box === current ? 0 : -1
}

/** A stop that can be seen. */
export function roveInSight() {
  const all = inSight()
  rove(all.find((box) => box === document.activeElement || box === anchor) ?? all[0])
}

document.addEventListener('focusin', ({ target }) => target.name === 'scene' && rove(target))

/** The tally says it at once; the server is told a moment after the last change. */
function tell(changed) {
  count()
  for (const box of changed) {
    hold(box)
    unsaid.add(box)
  }
  clearTimeout(timer)
  timer = setTimeout(send, 120, grid().closest('form'))
}

/** At once, what was not sent yet. */
export function sendTicks() {
  clearTimeout(timer)
  if (grid()) send(grid().closest('form'))
}

/** One at a time: what is ticked while one is on its way goes with the next. The choice takes the ticks along. */
function send(form) {
  if (unsaid.size > 0 && !sending && !choosing) form.dispatchEvent(new CustomEvent('ticked'))
}

/** Told is what changed, by the cuts that scenes begin with: others who tick meanwhile are not overruled. */
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const { body } = ctx.request
  if (!body?.has?.('ticks') || !grid()) return
  body.delete('scene')
  body.delete('star')
  body.set('cuts', cutsOf(boxes().filter((box) => box.checked)))
  if (!isGo(ctx) && !isTicks(ctx)) return
  said = new Set([...said, ...unsaid])
  unsaid = new Set()
  body.set('ticked', cutsOf([...said].filter((box) => box.checked)))
  body.set('unticked', cutsOf([...said].filter((box) => !box.checked)))
  if (isGo(ctx)) choosing = true
  else sending = true
})

const cutsOf = (ticks) => ticks.map((box) => box.closest('.scene')?.dataset.cut).filter(Boolean).join()

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (isGo(ctx)) choosing = false
  else if (isTicks(ctx)) sending = false
  else return
  if (!ctx.response) {
    unsaid = new Set([...said, ...unsaid])
    timer = setTimeout(() => grid() && send(grid().closest('form')), patience)
    return
  }
  for (const box of said) if (!unsaid.has(box)) release(box)
  said = new Set()
  if (!sending && !choosing && grid()) send(grid().closest('form'))
})

const isTicks = ({ sourceElement }) => sourceElement.matches('form[hx-trigger=ticked]')
const isGo = ({ sourceElement }) => sourceElement.matches('[data-go]')

function count() {
  const tally = document.querySelector('.tally')
  const ticked = boxes().filter((box) => box.checked)
  const say = (name, text) => {
    const place = tally?.querySelector(`[data-tally=${name}]`)
    if (place && place.textContent !== text) place.textContent = text
  }
  const seconds = ticked.reduce((sum, box) => sum + Number(box.dataset.seconds), 0)
  say('scenes', String(ticked.length))
  say('seconds', `${seconds.toFixed(1)} s`)
  const { rate, grouped } = tally?.dataset ?? {}
  if (rate) say('bytes', bytesToCome((seconds + Number(grouped)) * Number(rate)))
  // Opened again, it says what comes of it whatever is ticked.
  if (tally?.dataset.again === undefined) say('go', goText(ticked.length, Number(tally?.dataset.groups)))
}

/** As templates/tally.tsx says it. */
function goText(clips, groups) {
  const parts = [countText(clips, 'clip'), countText(groups, 'group')].filter(Boolean)
  return parts.length === 0 ? 'Go on without clips' : `Make ${parts.join(' and ')}`
}

const bytesToCome = (bytes) => (bytes > 0 ? `about ${aboutBytesText(bytes)} of clips` : '')

/** As templates/words.ts says it. */
function aboutBytesText(bytes) {
  const whole = Number(bytes.toPrecision(2))
  if (whole < 1000) return `${whole} B`
  const power = Math.min(4, Math.floor(Math.log10(whole) / 3))
  const value = Number((whole / 1000 ** power).toPrecision(2))
  return `${power === 1 ? Math.round(value) : value} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`
}

const countText = (count, one) => (count === 0 ? '' : `${count} ${one}${count === 1 ? '' : 's'}`)

function settle() {
  if (!grid()) return
  roveInSight()
  document.getElementById('range-help')?.removeAttribute('hidden')
  count()
}

settle()
document.addEventListener('htmx:after:swap', settle)
