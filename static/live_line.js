/**
 * One connection to /events that never gives up. It runs in the worker that all tabs share or, where there is none, in
 * the page.
 */

const firstWait = 500
const longestWait = 10_000
/** The server gives a sign of life every 15 s; a line that is silent for longer than two of them is dead. */
const longestSilence = 35_000

/**
 * Opens the line at event `after` and tells what comes:
 * `{ state: 'on' | 'connecting' | 'lost', since, id }` (since: when it was lost, ms; id: what has been told up to),
 * `{ id, from, html }` (changes after `from` up to `id`), `{ reload: true }`. `now()` is the first of these.
 */
export function openLine(after, tell) {
  let id = after
  let state = 'connecting'
  let since = null
  let wait = firstWait
  let source
  let timer
  connect()
  return { now, hurry, close }

  function connect() {
    clearTimeout(timer)
    source = new EventSource(`/events?after=${id}`)
    timer = setTimeout(lose, longestWait)
    source.onopen = () => {
      wait = firstWait
      since = null
      become('on')
    }
    source.onerror = lose
    source.addEventListener('message', (event) => {
      id = Number(event.lastEventId)
      alive()
      tell({ id, ...JSON.parse(event.data) })
    })
    source.addEventListener('reload', (event) => {
      id = Number(event.lastEventId)
      alive()
      tell({ reload: true })
    })
    source.addEventListener('beat', () => {
      alive()
      // A tab that did not hear yet when it was said hears it now.
      tell(now())
    })
  }

  // The browser comes back by itself only to a server that has answered once, and never slows down.
  function lose() {
    source.close()
    since ??= Date.now()
    become('lost')
    clearTimeout(timer)
    // Spread, so that a server that comes back does not meet every browser at once.
    timer = setTimeout(connect, wait * (0.7 + 0.6 * Math.random()))
    wait = Math.min(wait * 1.7, longestWait)
  }

  /** Tries at once: somebody looks, or the network is back. */
  function hurry() {
    if (state === 'on' || source.readyState !== EventSource.CLOSED) return
    wait = firstWait
    connect()
  }

  function become(next) {
    state = next
    if (state === 'on') alive()
    tell(now())
  }

  function alive() {
    clearTimeout(timer)
    timer = setTimeout(lose, longestSilence)
  }

  function now() {
    return { state, since, id }
  }

  function close() {
    clearTimeout(timer)
    source.close()
  }
}
