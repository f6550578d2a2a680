/**
 * The threshold as a line: what it would find is shown while it moves, and cut when it is let go.
 */

import { allScenes, base, room } from './film.js'
import { plot, redraw } from './timeline.js'

const line = room?.querySelector('[data-line]')
const scale = room?.querySelector('[data-scale]')
const counts = room?.querySelector('[data-counts]')
const trouble = room?.querySelector('[data-trouble]')
const form = () => document.querySelector('form[data-recut]')
const field = (name) => form().elements[name]
const chosen = () => form().querySelector('[name=detector]:checked')

let curve = null
let asked = ''
/** The scenes that the curve was counted with: those by hand are in it. */
let counted = ''
/** What was typed and is no number to search by, in words. */
let refused = ''
let trying = false
let again = false

export function startThreshold() {
  plot.onLine = line.disabled ? null : (value) => moveLine(round(value))
  plot.onLineDone = () => cut()
  line.addEventListener('input', () => moveLine(line.valueAsNumber))
  line.addEventListener('change', () => cut())
  document.addEventListener('input', ({ target }) => {
    if (!target.closest?.('form[data-recut]') || !isNumber(target)) return
    if (target.name === 'detector') {
      field('threshold').value = target.dataset.usual
      loadCurve()
    }
    if (target.name === 'shortest') loadCurve()
    moveLine(field('threshold').valueAsNumber)
  })
  document.addEventListener('change', ({ target }) => {
    if (!target.closest?.('form[data-recut]')) return
    if (isNumber(target)) cut()
    else putBack(target)
  })
  // What Enter would send has gone with the change.
  document.addEventListener('submit', (event) => event.target.matches('form[data-recut]') && event.preventDefault())
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('[data-suggestion] button') || !curve?.suggestion) return
    moveLine(curve.suggestion.threshold)
    cut()
  })
  settle()
}

/** After every swap: the line lies where the server says, unless somebody holds it. */
export function settle() {
  if (!chosen()) return
  refused = ''
  plot.onLine = field('threshold').matches(':disabled') ? null : (value) => moveLine(round(value))
  line.disabled = !plot.onLine
  plot.detector = chosen().value
  plot.threshold = field('threshold').valueAsNumber || 0
  loadCurve()
  loadCounts()
  if (isMoved()) tryIt()
  else showNone()
  showLine()
}

function showNone() {
  plot.trial = null
  say(allScenes().length, 0)
}

/** Something else is tried than the server knows of. */
const isMoved = () =>
  !chosen().defaultChecked || ['threshold', 'shortest'].some((name) => field(name).value !== field(name).defaultValue)

/** A field that is empty or out of its range is no number to search by; the line itself keeps to its ends. */
const isNumber = ({ type, value, validity }) =>
  type !== 'number' || (value !== '' && !validity.rangeUnderflow && !validity.rangeOverflow)

function putBack(input) {
  const { min, max, defaultValue } = input
  input.value = defaultValue
  moveLine(field('threshold').valueAsNumber)
  refused = `${max ? `It is ${min} to ${Number(max).toLocaleString('en-GB')}` : 'It is a number'}, and stays ${defaultValue}. `
}

/** Up or down by `steps`, as with keys. */
export function nudge(steps) {
  if (!plot.onLine) return
  moveLine(plot.threshold + steps * Number(line.step) * 5)
  clearTimeout(nudged)
  nudged = setTimeout(cut, 600)
}
let nudged

const round = (value) => {
  const step = Number(line.step) || 0.1
  return Number((Math.round(value / step) * step).toPrecision(6))
}

function moveLine(value) {
  refused = ''
  const { least, most } = chosen().dataset
  const threshold = Math.min(Number(most), Math.max(Number(least), Number.isFinite(value) ? value : 0))
  plot.threshold = round(threshold)
  if (document.activeElement !== field('threshold')) field('threshold').value = plot.threshold
  showLine()
  tryIt()
}

function showLine() {
  if (plot.threshold > plot.top) plot.top = plot.threshold * 1.1
  line.max = plot.top
  line.value = plot.threshold
  line.setAttribute('aria-valuetext', `${plot.threshold}: ${(plot.trial ?? allScenes()).length} scenes`)
  drawScale()
  drawCounts()
  redraw()
}

const query = () =>
  new URLSearchParams({ detector: chosen().value, threshold: plot.threshold, shortest: field('shortest').value || 0 })

/** One question at a time; the last one asked is always answered. */
async function tryIt() {
  if (trying) return void (again = true)
  trying = true
  const answer = await fetch(`${base}/recut?${query()}`).catch(() => null)
  trying = false
  if (answer?.ok) {
    const { frames, losses } = await answer.json()
    // It may have been let go meanwhile.
    if (!isMoved()) showNone()
    else {
      plot.trial = frames
      say(frames.length, losses)
    }
    showLine()
  }
  if (again) {
    again = false
    tryIt()
  }
}

function say(scenes, losses) {
  const place = form().querySelector('[data-trial]')
  const cost = losses > 0 ? `, and ${losses} ${losses === 1 ? 'thing' : 'things'} of yours would go` : ''
  place.textContent = `${refused}${scenes} ${scenes === 1 ? 'scene' : 'scenes'} at ${plot.threshold}${cost}`
}

/** Only what is another search than the last: a number typed as it was costs nothing. */
function cut() {
  clearTimeout(nudged)
  field('threshold').value = plot.threshold
  form().dispatchEvent(new CustomEvent('recut', { bubbles: true }))
}

/** What is said where there are no scores, or not yet. */
const withoutScores = {
  later: 'Scores come here once the film has been measured.',
  never: 'There are no scores of the whole film; cuts are set by hand.',
}

async function loadCurve() {
  plot.detector = chosen().value
  trouble.textContent = withoutScores[form().dataset.measured] ?? ''
  if (trouble.textContent) return
  const wanted = `detector=${plot.detector}&shortest=${field('shortest').value || 0}`
  const scenes = allScenes().map(({ from }) => from).join()
  if (wanted === asked && scenes === counted) return void (curve && suggest()) // every swap hides it
  asked = wanted
  counted = scenes
  const answer = await fetch(`${base}/curve?${wanted}`).catch(() => null)
  if (asked !== wanted || counted !== scenes) return
  if (!answer?.ok) {
    trouble.textContent = withoutScores.never
    asked = ''
    return
  }
  curve = await answer.json()
  Object.assign(plot, { top: Math.max(curve.top, plot.threshold * 1.1), suggestion: curve.suggestion })
  line.step = curve.step
  field('threshold').step = curve.step
  suggest()
  showLine()
}

function suggest() {
  const notice = form().querySelector('[data-suggestion]')
  notice.hidden = !curve.suggestion
  if (!curve.suggestion) return
  const { threshold, scenes, gap } = curve.suggestion
  const strong = document.createElement('b')
  strong.textContent = `${threshold} makes ${scenes} scenes.`
  const reason = ` No peak lies between ${short(gap.from)} and ${short(gap.to)}, the widest gap near the usual line.`
  notice.querySelector('p').replaceChildren(strong, reason)
}

const short = (value) => Number(value.toPrecision(3))

async function loadCounts() {
  if (form().dataset.measured !== 'yes') return
  const answer = await fetch(`${base}/detectors`).catch(() => null)
  if (!answer?.ok) return
  for (const [name, scenes] of Object.entries(await answer.json())) {
    const place = form().querySelector(`[data-scenes-by=${name}]`)
    if (place) place.textContent = `${scenes} ${scenes === 1 ? 'scene' : 'scenes'}`
  }
}

/** Beside the line's own flag there is no room for a number. */
function drawScale() {
  const at = plot.threshold / plot.top
  const marks = [0.25, 0.5, 0.75]
    .filter((share) => Math.abs(share - at) * scale.clientHeight > 14)
    .map((share) => text(short(plot.top * share), `${100 - share * 100}%`, '88%'))
  const value = text(plot.threshold, `${100 * (1 - at)}%`, '6')
  value.classList.add('value')
  scale.replaceChildren(...marks, value)
}

function text(content, y, x) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'text')
  for (const [name, given] of Object.entries({ x, y, dy: '4' })) made.setAttribute(name, given)
  made.textContent = content
  return made
}

/** How many scenes there are at each threshold, on the same scale of scores as the plot beside it. */
function drawCounts() {
  if (!curve) return
  const [width, height, density] = [counts.clientWidth, counts.clientHeight, window.devicePixelRatio]
  Object.assign(counts, { width: width * density, height: height * density })
  const pen = counts.getContext('2d')
  pen.scale(density, density)
  const style = getComputedStyle(counts)
  const most = Math.max(...curve.points.map(([, scenes]) => scenes))
  const y = (threshold) => height * (1 - threshold / plot.top)
  pen.strokeStyle = style.getPropertyValue('--ink')
  pen.lineWidth = 1.25
  pen.beginPath()
  for (const [threshold, scenes] of curve.points) pen.lineTo(6 + (width - 14) * (scenes / most), y(threshold))
  pen.stroke()
  pen.strokeStyle = style.getPropertyValue('--mark')
  pen.fillStyle = style.getPropertyValue('--soft')
  pen.font = `11px ${style.fontFamily}`
  const now = (plot.trial ?? allScenes()).length
  const lines = [{ threshold: plot.threshold, scenes: now, dashes: [] }]
  if (curve.suggestion) lines.push({ ...curve.suggestion, dashes: [1, 4] })
  lines.sort((a, b) => a.threshold - b.threshold)
  // The lowest line has its words below it where there is room, the other above; never two in one place.
  let words = Infinity
  lines.forEach(({ threshold, scenes, dashes }, index) => {
    const at = y(threshold)
    words = index === 0 && at + 15 <= height ? at + 13 : Math.min(at - 4, words - 13)
    pen.setLineDash(dashes)
    pen.beginPath()
    pen.moveTo(0, at)
    pen.lineTo(width, at)
    pen.stroke()
    pen.fillText(`${threshold} → ${scenes}`, 8, words)
  })
  counts.setAttribute('aria-label', `Number of scenes at each threshold: ${now} at ${plot.threshold}, at most ${most}.`)
}
