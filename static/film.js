/**
 * What the review room knows of its film: its scenes, which stand in the grid, and when each frame is shown.
 */

export const room = document.querySelector('[data-room]')
export const base = room && `/sessions/${room.dataset.room}`

/** Places are told by the clock. */
const uneven = room?.dataset.uneven !== undefined

/** `even`: frames follow each other at `rate`; else `times` says when each is shown. Sheets are thumbnails over all of it. */
export const film = { rate: 25, even: true, frames: 1, end: 0, sheets: [], times: null, ready: false }

let scenes = []

/** In order: `{ cut, from, to, start, end, origin, ticked, starred, item }`; frames, seconds, the grid's element. */
export const allScenes = () => scenes

/** Reads them from the grid, which every change of them swaps. */
export function readScenes() {
  scenes = [...document.querySelectorAll('li.scene[data-cut]')].map((item) => ({
    ...Object.fromEntries(['cut', 'from', 'to', 'start', 'end'].map((name) => [name, Number(item.dataset[name])])),
    origin: item.dataset.origin,
    item,
    ticked: item.querySelector('[name=scene]').checked,
    starred: item.querySelector('[name=star]').checked,
  }))
  if (!film.ready && scenes.length > 0) film.frames = scenes.at(-1).to
}

export const sceneAt = (frame) => scenes.findLast(({ from }) => from <= frame) ?? scenes[0]

/** Resolves to whether all is measured, so that there is something to draw. */
export async function loadFilm() {
  const answer = await fetch(`${base}/film`)
  if (!answer.ok) return false
  Object.assign(film, await answer.json())
  if (!film.even || uneven) film.times = new Float32Array(await (await fetch(`${base}/times`)).arrayBuffer())
  film.ready = true
  return true
}

/** Seconds from the first frame. */
export const timeOf = (frame) => (film.times ? (film.times[frame] ?? film.end) : frame / film.rate)

export function frameAt(time) {
  if (!film.times) return clamp(Math.floor(time * film.rate + 0.01))
  let [low, high] = [0, film.times.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (film.times[middle] <= time + 0.0005) low = middle
    else high = middle - 1
  }
  return low
}

export const clamp = (frame) => Math.max(0, Math.min(film.frames - 1, frame))

/** As workers/media/timecode.ts has it: where frames are uneven, the clock tells where a frame is. */
export const timecode = (frame) => (uneven ? clock(timeOf(frame)) : timecodeOf(frame))

/** How many letters at a timecode's end tell less than a second. */
export const fineLetters = uneven ? 4 : 3

function clock(time) {
  const ms = Math.round(time * 1000)
  return `${joined([ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60])}.${String(ms % 1000).padStart(3, '0')}`
}

function timecodeOf(frame) {
  const nominal = Math.max(1, Math.round(film.rate))
  const seconds = Math.floor(frame / nominal)
  return joined([seconds / 3600, (seconds / 60) % 60, seconds % 60, frame % nominal])
}

const joined = (parts) => parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
