/**
 * Keeps the page as the database is: takes the changes that the tabs' shared line tells, and says whether there is one.
 */

import { keepWhatIsEdited } from './keep.js'
import { openLine } from './live_line.js'

/** Longer than the line itself takes to notice that it is dead. */
const longestSilence = 60_000
const words = {
  on: () => 'Live',
  connecting: () => 'Connecting',
  lost: (since) => `Lost since ${new Date(since).toLocaleTimeString([], { timeStyle: 'short' })}`,
}

/** The event up to which this page shows everything. */
let shown = Number(document.body.dataset.eventId)
/** The newest event that an answer to something done on this page has told of. */
let answered = 0
let line
let heard
let told = false
let work = Promise.resolve()

if (document.body.dataset.eventId) {
  keepWhatIsEdited(window.htmx)
  document.addEventListener('htmx:before:swap', weigh)
  join()
  addEventListener('pagehide', leave)
  // Back from the browser's own cache: as it was, and deaf since.
  addEventListener('pageshow', ({ persisted }) => persisted && join())
  addEventListener('online', () => line.hurry())
  document.addEventListener('visibilitychange', look)
  setInterval(listen, 5000)
}

function join() {
  heard = Date.now()
  line = 'SharedWorker' in window ? sharedLine() : ownLine()
  catchUp()
  // Most often it is there at once, and a word that flashes by on every page tells nobody anything.
  setTimeout(() => told || say({ state: 'connecting' }), 700)
}

function leave() {
  line.close()
}

function look() {
  if (document.hidden) return line.own && line.close()
  if (line.own) return join()
  line.hurry()
  catchUp()
}

/** A worker can die, like anything. */
function listen() {
  if (document.hidden || line.own || Date.now() - heard < longestSilence) return
  line.close()
  heard = Date.now()
  line = ownLine()
}

function sharedLine() {
  const channel = new BroadcastChannel('cutroom-live')
  channel.onmessage = ({ data }) => hear(data)
  const worker = new SharedWorker('/static/live_worker.js', { type: 'module', name: 'cutroom-live' })
  const shared = {
    hurry: () => worker.port.postMessage({ hurry: true }),
    close() {
      channel.close()
      worker.port.close()
    },
  }
  worker.onerror = () => {
    if (line !== shared) return
    shared.close()
    line = ownLine()
  }
  worker.port.onmessage = ({ data }) => hear(data)
  worker.port.postMessage({ hello: shown })
  return shared
}

/** Only while the tab is looked at, so that hidden ones use no connection. */
function ownLine() {
  const none = { hurry() {}, close() {} }
  return { own: true, ...(document.hidden ? none : openLine(shown, hear)) }
}

function hear(message) {
  heard = Date.now()
  if (message.state) say(message)
  if (message.id > shown && message.state) catchUp(message.id)
  if (message.html !== undefined) queue(() => take(message))
  if (message.reload) reload()
}

/** In the order they came, one after the other. */
function queue(job) {
  work = work.then(job).catch((error) => console.warn('Cutroom: a change could not be shown.', error))
}

async function take({ from, id, html }) {
  if (id <= shown) return
  // What lies between is not in this message; or it was on its way while an answer told newer things.
  if (from > shown || id < answered) return fetchChanges()
  await apply(html, id)
}

/** An answer that was overtaken would bring back what is no more: it is asked for anew, if the line has not told it. */
function weigh(event) {
  const id = Number(event.detail.ctx.response?.headers.get('cutroom-event') ?? NaN)
  if (Number.isNaN(id)) return
  if (id >= shown && id >= answered) return void (answered = id)
  event.preventDefault()
  catchUp(id)
}

/** Asks for what the page has missed; with `wanted`, only if it still lacks that event by then. */
function catchUp(wanted = Infinity) {
  queue(() => wanted > shown && fetchChanges())
}

async function fetchChanges(triesLeft = 3) {
  // Where the server is away, the line says so, and brings what was missed when it is back.
  const answer = await fetch(`/changes?after=${shown}`, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
  if (!answer?.ok) return
  const { id, html } = await answer.json()
  if (id < shown) return reload()
  // Overtaken on its way by the answer to something done here.
  if (id < answered && triesLeft > 0) return fetchChanges(triesLeft - 1)
  await apply(html, id)
}

async function apply(html, id) {
  try {
    if (html) await window.htmx.swap({ text: html, sourceElement: document.body, swap: 'none' })
  } finally {
    shown = id
  }
}

/** Another database, or too much missed. Once: a page that says the same again would go round for ever. */
function reload() {
  const last = Number(sessionStorage.getItem('cutroom-reloaded'))
  if (Date.now() - last < 5000) return
  sessionStorage.setItem('cutroom-reloaded', Date.now())
  location.reload()
}

function say({ state, since }) {
  told = true
  for (const place of document.querySelectorAll('.live')) {
    const text = words[state](since)
    place.dataset.live = state
    if (place.textContent !== text) place.textContent = text
  }
}
