/**
 * The review room comes alive: player, timeline and line know of each other, keys do what buttons do.
 */

import { ask } from './ask.js'
import { allScenes, base, loadFilm, readScenes, room, sceneAt } from './film.js'
import { isStill, onFrame, play, playBack, playhead, playScenes, seek, settlePlayer, startPlayer, step, stop, toCut } from './player.js'
import { nudge, settle as settleLine, startThreshold } from './threshold.js'
import { startEdits, turn } from './room_edits.js'
import { roveInSight } from './scenes.js'
import { exactScore } from './scores.js'
import { plot, redraw, showAll, startTimeline } from './timeline.js'

if (room) start()

async function start() {
  readScenes()
  startPlayer()
  startTimeline()
  startThreshold()
  onFrame(showScene)
  document.addEventListener('htmx:after:swap', settle)
  startEdits()
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => ctx.sourceElement.closest('[data-scene]') && onTheirWay.add(ctx))
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => onTheirWay.delete(ctx) && answered(ctx))
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => ctx.sourceElement.matches('[data-recut]') && forgetSearch())
  document.addEventListener('change', ({ target }) => target.name === 'scene' && changed())
  document.addEventListener('change', ({ target }) => target.name === 'star' && star(target))
  document.addEventListener('click', goTo)
  document.addEventListener('keydown', press)
  document.addEventListener('focusin', walk)
  document.addEventListener('close', leaveAsItIs, true)
  reveal()
  document.addEventListener('input', ({ target }) => target.matches('[data-search]') && find(target.value))
  if (await loadFilm()) showAll()
  const given = document.querySelector('[data-scene]')?.dataset.scene
  seek(allScenes().find(({ cut }) => cut === Number(given))?.from ?? 0)
  showScene(playhead())
}

function changed() {
  readScenes()
  redraw()
}

/** What came from the server: the grid says which scenes there are now. */
async function settle() {
  const dialog = document.querySelector('dialog[data-asks]')
  if (dialog && !dialog.open) dialog.showModal()
  const before = allScenes()
  readScenes()
  if (before.length === 0 && allScenes().length > 0 && (await loadFilm())) showAll()
  settleLine()
  settlePlayer()
  follow(before.find(({ cut }) => cut === shown))
  showScene(playhead(), true)
  mark()
  reveal()
  find(document.querySelector('[data-search]')?.value ?? '')
  redraw()
}

/** A cut that is moved takes a playhead along that stands on it, or that it leaves behind in another scene. */
function follow(before) {
  const after = allScenes().find(({ cut }) => cut === before?.cut)
  if (!after || after.from === before.from || !isStill()) return
  if (playhead() === before.from || sceneAt(playhead()).cut !== after.cut) seek(after.from)
}

/** Who walks through the grid by keys looks at the scene that the keys are about. */
function walk({ target }) {
  const scene = target.name === 'scene' && allScenes().find(({ item }) => item.contains(target))
  if (scene && scene.cut !== shown && target.matches(':focus-visible') && isStill()) seek(scene.from)
}

/** What works only here. */
function reveal() {
  for (const hidden of document.querySelectorAll('[data-find][hidden], [data-play][hidden]')) hidden.hidden = false
}

let shown
let asking
/** Requests of the panel itself: their answers would be lost with it. */
const onTheirWay = new Set()

/** The panel beside the player tells of the scene at the playhead; asked for when the playhead rests there. */
function showScene(frame, anew = false) {
  readOut()
  const scene = sceneAt(frame)
  if (!scene || (scene.cut === shown && !anew)) return
  shown = scene.cut
  mark()
  askForPanel()
}

function askForPanel() {
  clearTimeout(asking)
  asking = setTimeout(fetchPanel, 120)
}

function readOut() {
  const frame = playhead()
  const score = exactScore(plot.detector, frame, readOut)
  const told = score === null ? '' : ` · score ${Number(score.toPrecision(3))}`
  room.querySelector('[data-readout]').textContent = `frame ${frame.toLocaleString('en-GB')}${told}`
  const cut = room.querySelector('[data-cut-score]')
  if (cut && Number(cut.dataset.cutScore) === frame && score !== null) cut.dataset.score = `, score ${Number(score.toPrecision(3))}`
}

async function fetchPanel() {
  if (isPanelInUse()) return askForPanel()
  const answer = await fetch(`${base}/scene?cut=${shown}`).catch(() => null)
  if (!answer?.ok) return
  const template = document.createElement('template')
  template.innerHTML = await answer.text()
  if (isPanelInUse()) return askForPanel()
  const target = document.querySelector('[data-scene]')
  const fresh = template.content.querySelector('[data-scene]')
  if (Number(fresh?.dataset.scene) !== shown || fresh.outerHTML === target.outerHTML) return
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset?.key : undefined
  target.replaceWith(fresh)
  window.htmx.process(fresh)
  readOut()
  if (focused) fresh.querySelector(`[data-key="${focused}"]`)?.focus()
}

/** Replaced, it would lose half a note, or what is answered to it. */
function isPanelInUse() {
  const note = document.querySelector('[data-scene] textarea')
  return onTheirWay.size > 0 || (note && note.value !== note.defaultValue)
}

/** A note that is kept is what one written after it stands on; of one that is refused, the notice tells what was lost. */
function answered({ sourceElement, request, response }) {
  const note = sourceElement.querySelector(':scope > [name=note]')
  if (note && response?.raw.ok) note.form.elements.was.value = note.defaultValue = request.body.get('note')
  else if (note && response?.status < 500) {
    tellLost(note.value)
    note.form.reset()
  }
}

function tellLost(text) {
  const notice = document.querySelector('#notices p')
  if (notice && !notice.textContent.includes(`“${text}”`)) notice.append(` Yours was not kept: “${text}”.`)
}

function mark() {
  for (const { cut, item } of allScenes()) {
    if (cut === shown) item.setAttribute('aria-current', 'true')
    else item.removeAttribute('aria-current')
  }
}

async function star(box) {
  const starred = box.checked
  await ask('PATCH', `${base}/cuts/${box.value}`, { starred: starred ? '1' : '0' })
  // It was not kept, and nothing else was said since.
  if (box.checked === starred) box.checked = box.defaultChecked
}

function goTo(event) {
  const link = event.target.closest('[data-go-to]')
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    stop()
    seek(allScenes().find(({ cut }) => cut === Number(link.dataset.goTo)).from)
  }
  const group = event.target.closest('[data-play]')
  if (group) playScenes(group.dataset.play.split(',').map(Number))
}

/** What was asked and not done is not shown any longer; done, the form says so by itself. */
function leaveAsItIs({ target }) {
  if (target.dataset.asks !== 'recut') return
  delete target.dataset.asks
  forgetSearch()
}

function forgetSearch() {
  document.querySelector('form[data-recut]').reset()
  settleLine()
}

const isWriting = (element) => element.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range])')

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  if (isWriting(event.target)) return void (event.key === 'Escape' && event.target.blur())
  const inGrid = event.target.name === 'scene'
  const onRange = event.target.matches('[type=range], [type=radio]')
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (!action || (event.key.startsWith('Arrow') && (inGrid || onRange))) return
  event.preventDefault()
  if (!event.repeat || /^Arrow|^[[\]]$/.test(event.key)) action(event.shiftKey)
}

const keys = {
  ArrowLeft: (far) => step(far ? -10 : -1),
  ArrowRight: (far) => step(far ? 10 : 1),
  ArrowUp: () => toCut(-1),
  ArrowDown: () => toCut(1),
  j: playBack,
  k: stop,
  l: play,
  z: turn,
  m: (back) => back && document.querySelector('[data-merge-back]')?.click(),
  '[': () => nudge(-1),
  ']': () => nudge(1),
}

/** Scenes whose note or group says so, or that have this number. */
function find(words) {
  const wanted = words.trim().toLowerCase()
  const says = (item) => [...item.querySelectorAll('.note, .tag')].some((one) => one.textContent.toLowerCase().includes(wanted))
  allScenes().forEach(({ item }, index) => (item.hidden = wanted !== '' && wanted !== String(index + 1) && !says(item)))
  document.querySelector('[data-unfound]')?.toggleAttribute('hidden', allScenes().some(({ item }) => !item.hidden))
  roveInSight()
}
