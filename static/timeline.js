/**
 * Film, scenes, scores and cuts on one axis of time: drawn, zoomed, scrolled, and pointed at.
 */

import { allScenes, base, clamp, film, fineLetters, room, sceneAt, timecode, timeOf } from './film.js'
import { onFrame, playhead, seek } from './player.js'
import { paint, rows } from './timeline_paint.js'

const lanes = room?.querySelector('.lanes')
const canvas = lanes?.querySelector('canvas')
const hover = lanes?.querySelector('[data-hover]')
const slider = lanes?.querySelector('[data-seek]')
const pan = room?.querySelector('[data-pan]')

/** What is plotted: set by static/threshold.js. `trial`: where scenes would begin, while the line is moved. */
export const plot = { detector: '', top: 100, threshold: 0, suggestion: null, trial: null }

/** Frames in sight. */
const view = { from: 0, to: 1 }
/** Scores of columns, as the server gave them last: `{ key, from, to, least, most }`. */
let columns = null
let waiting = false
const leastFrames = 24

export function startTimeline() {
  showAll()
  onFrame(follow)
  new ResizeObserver(redraw).observe(canvas)
  canvas.addEventListener('pointermove', point)
  canvas.addEventListener('pointerleave', () => hover.classList.remove('on'))
  canvas.addEventListener('pointerdown', press)
  canvas.addEventListener('touchstart', touch, { passive: false })
  canvas.addEventListener('touchmove', spread, { passive: false })
  for (const end of ['touchend', 'touchcancel']) canvas.addEventListener(end, () => (fingers = null))
  canvas.addEventListener('wheel', wheel, { passive: false })
  slider.addEventListener('input', () => seek(slider.valueAsNumber))
  pan.addEventListener('input', () => moveTo(pan.valueAsNumber))
  room.querySelector('.zoom').addEventListener('click', ({ target }) => {
    const by = target.closest('[data-zoom-by]')?.dataset.zoomBy
    if (by === 'all') showAll()
    else if (by) zoom(Number(by), playhead())
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
}

export function showAll() {
  Object.assign(view, { from: 0, to: film.frames })
  moved()
}

function zoom(by, around) {
  const length = Math.min(film.frames, Math.max(leastFrames, (view.to - view.from) * by))
  const share = Math.min(1, Math.max(0, (around - view.from) / (view.to - view.from)))
  view.to = view.from + length
  moveTo(around - share * length)
}

function moveTo(from) {
  const length = view.to - view.from
  view.from = Math.max(0, Math.min(film.frames - length, from))
  view.to = view.from + length
  moved()
}

function moved() {
  const length = view.to - view.from
  pan.hidden = length >= film.frames
  pan.max = film.frames - length
  pan.value = view.from
  slider.max = film.frames - 1
  redraw()
}

/** What plays stays in sight. */
function follow(frame) {
  slider.value = frame
  slider.setAttribute('aria-valuetext', `${timecode(frame)}, scene ${1 + allScenes().indexOf(sceneAt(frame))}`)
  if (frame < view.from || frame >= view.to) moveTo(frame - (view.to - view.from) / 10)
  else redraw()
}

/** Once a frame of the screen, however much changes. */
export function redraw() {
  if (waiting) return
  waiting = true
  requestAnimationFrame(() => {
    waiting = false
    const width = canvas.clientWidth
    if (width === 0) return
    fetchScores(width)
    paint(canvas, { view, plot, columns, scenes: allScenes(), playhead: playhead(), film, timeOf, timecode, fineLetters, again: redraw })
  })
}

let asked = ''

/** A column for each pixel of what is in sight; what is there already is shown until they come. */
async function fetchScores(width) {
  const [from, to] = [Math.floor(view.from), Math.ceil(view.to)]
  const key = `detector=${plot.detector}&from=${from}&to=${to}&width=${width}`
  if (key === asked || !film.ready || plot.detector === '') return
  asked = key
  await new Promise((resolve) => setTimeout(resolve, 40))
  if (asked !== key) return
  const answer = await fetch(`${base}/scores?${key}`)
  if (!answer.ok || asked !== key) return
  columns = { key, ...(await answer.json()) }
  redraw()
}

const frameUnder = ({ offsetX }) => view.from + (offsetX / canvas.clientWidth) * (view.to - view.from)

function point(event) {
  const frame = clamp(Math.floor(frameUnder(event)))
  const score = scoreAt(frame)
  hover.textContent = `frame ${frame.toLocaleString('en-GB')} · ${timecode(frame)}${score === null ? '' : ` · ${score}`}`
  hover.classList.add('on')
  const left = Math.min(canvas.clientWidth - hover.offsetWidth - 4, Math.max(4, event.offsetX + 12))
  hover.style.translate = `${left}px 0`
  canvas.style.cursor = isOnLine(event) ? 'ns-resize' : 'crosshair'
}

/** The highest within the pixel. */
function scoreAt(frame) {
  if (!columns || frame < columns.from || frame >= columns.to) return null
  const share = (frame - columns.from) / (columns.to - columns.from)
  const score = columns.most[Math.floor(share * columns.most.length)]
  // Of several frames in one column only the highest is known here.
  const several = columns.to - columns.from > columns.most.length
  return score === undefined ? null : `${several ? 'up to ' : ''}${Number(score.toPrecision(3))}`
}

const lineY = () => rows.plot + rows.plotHeight * (1 - plot.threshold / plot.top)
/** A finger is wider than a mouse is. */
const isOnLine = ({ offsetY, pointerType }) =>
  plot.onLine && Math.abs(offsetY - lineY()) < (pointerType === 'touch' ? 16 : 6)

/** Where two fingers were last: `{ middle, width }`, CSS pixels; null while there are not two. */
let fingers = null
/** Ends what one pointer is about to do; null while it does nothing, or holds the line. */
let seeking = null

/** A finger on the line drags it; anywhere else it may scroll the page. Two spread what is in sight. */
function touch(event) {
  const [{ clientY }] = event.touches
  const offsetY = clientY - canvas.getBoundingClientRect().top
  fingers = event.touches.length === 2 && seeking ? between(event.touches) : null
  if (fingers) seeking.abort()
  if (fingers || isOnLine({ offsetY, pointerType: 'touch' })) event.preventDefault()
}

function between([one, other]) {
  const { left } = canvas.getBoundingClientRect()
  return { middle: (one.clientX + other.clientX) / 2 - left, width: Math.max(1, Math.abs(one.clientX - other.clientX)) }
}

/** What was under the middle of the fingers stays there. */
function spread(event) {
  if (!fingers) return
  event.preventDefault()
  const { middle, width } = between(event.touches)
  const held = frameUnder({ offsetX: fingers.middle })
  zoom(fingers.width / width, held)
  moveTo(view.from + held - frameUnder({ offsetX: middle }))
  fingers = { middle, width }
}

/**
 * The line is dragged where it is taken; anywhere else the playhead comes, and follows the pointer: a finger's only when
 * it moves or is lifted, as it may be the first of two.
 */
function press(event) {
  if (event.button !== 0 || !event.isPrimary) return
  canvas.setPointerCapture(event.pointerId)
  const onLine = isOnLine(event)
  const drag = onLine ? dragLine : (at) => seek(frameUnder(at))
  if (!onLine && event.pointerType !== 'touch') drag(event)
  const ended = new AbortController()
  seeking = onLine ? null : ended
  const options = { signal: ended.signal }
  const listen = (name, act) => canvas.addEventListener(name, (at) => at.isPrimary && act(at), options)
  listen('pointermove', drag)
  // Where the browser takes the finger for scrolling, nothing was decided.
  listen('pointercancel', () => ended.abort())
  listen('pointerup', (at) => {
    ended.abort()
    if (onLine) plot.onLineDone()
    else drag(at)
  })
}

const dragLine = ({ offsetY }) => plot.onLine(plot.top * (1 - (offsetY - rows.plot) / rows.plotHeight))

/** With ctrl (as pinching is told) it zooms; sideways it scrolls; else the page scrolls as everywhere. */
function wheel(event) {
  const { deltaX, deltaY } = event
  if (event.ctrlKey || event.altKey) {
    event.preventDefault()
    zoom(Math.exp(deltaY / 200), frameUnder(event))
  } else if (event.shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) {
    event.preventDefault()
    moveTo(view.from + ((deltaX || deltaY) / canvas.clientWidth) * (view.to - view.from))
  }
}
