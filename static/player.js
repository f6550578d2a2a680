/**
 * The player: a playhead that counts frames, whatever plays; faster, backwards, in a loop, one frame at a time.
 */

import { allScenes, clamp, film, fineLetters, frameAt, room, sceneAt, timecode, timeOf } from './film.js'

const video = room?.querySelector('[data-player]')
const transport = room?.querySelector('[data-transport]')
const listeners = []
const fastest = 8

let frame = 0
let loops = false
/** Scenes that are played one after another: those of a group. */
let queue = []
let backwards
let pace = 1

export const playhead = () => frame

export const isStill = () => video.paused && !backwards

/** Told of every frame that is shown. */
export const onFrame = (listener) => listeners.push(listener)

export function seek(to) {
  show(clamp(Math.round(to)))
  // Into its middle: neither rounding nor the edge of the one before shows another.
  if (video.src) video.currentTime = (timeOf(frame) + timeOf(frame + 1)) / 2
}

export function step(by) {
  stop()
  seek(frame + by)
}

function show(next) {
  const changed = next !== frame
  frame = next
  if (changed) for (const listener of listeners) listener(frame)
}

export function stop() {
  clearInterval(backwards)
  backwards = undefined
  queue = []
  video.pause()
}

/** Twice, and it goes faster. */
export function play() {
  if (backwards) stop()
  if (video.paused) {
    video.playbackRate = 1
    video.play().catch(() => undefined) // the notice of what cannot be played says it
  } else video.playbackRate = Math.min(fastest, video.playbackRate * 2)
}

const toggle = () => (isStill() ? play() : stop())

/** No browser plays backwards: ten times a second it is somewhere earlier. */
export function playBack() {
  pace = backwards ? Math.min(fastest, pace * 2) : 1
  stop()
  backwards = setInterval(() => (frame === 0 ? stop() : seek(frame - (film.rate / 10) * pace)), 100)
}

/** To the beginning of the scene, or of the one before it. */
export function toCut(way) {
  const starts = allScenes().map(({ from }) => from)
  const to = way > 0 ? starts.find((from) => from > frame) : starts.findLast((from) => from < frame)
  stop()
  seek(to ?? (way > 0 ? film.frames - 1 : 0))
}

/** Plays these scenes, by their cuts, as one. */
export function playScenes(cuts) {
  stop()
  const all = cuts.flatMap((cut) => allScenes().find((scene) => scene.cut === cut) ?? [])
  const [first, ...rest] = all
  if (!first) return
  seek(first.from)
  play()
  queue = [first, ...rest]
}

function turnLoop() {
  loops = !loops
  transport.querySelector('[data-transport-do=loop]').setAttribute('aria-pressed', String(loops))
}

const actions = {
  'last-cut': () => toCut(-1),
  'next-cut': () => toCut(1),
  back: () => step(-1),
  forward: () => step(1),
  play: toggle,
  loop: turnLoop,
}

/** The scene that loops is the one it came from. Scenes of a group end on their last frame, however late it is noticed. */
function follow(next) {
  const before = sceneAt(frame)
  if (queue.length > 0 && next >= queue[0].to) {
    const { to } = queue.shift()
    if (queue.length === 0) {
      stop()
      return seek(to - 1)
    }
    if (queue[0].from !== next) return seek(queue[0].from)
  } else if (loops && !video.paused && before && next >= before.to) return seek(before.from)
  show(next)
}

function watch(_now, { mediaTime }) {
  if (!video.seeking) follow(frameAt(mediaTime))
  video.requestVideoFrameCallback(watch)
}

export function startPlayer() {
  video.controls = false
  transport.hidden = false
  transport.addEventListener('click', ({ target }) => actions[target.closest('[data-transport-do]')?.dataset.transportDo]?.())
  video.addEventListener('click', toggle)
  for (const name of ['play', 'pause']) video.addEventListener(name, showState)
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(watch)
  else video.addEventListener('timeupdate', () => !video.seeking && follow(frameAt(video.currentTime)))
  video.addEventListener('error', () => settlePlayer(true))
  onFrame(readOut)
}

/** What cannot be played is said, and a light copy taken as soon as there is one. */
export function settlePlayer(failed = Boolean(video.error)) {
  const notice = room.querySelector('[data-proxy]')
  const light = notice?.dataset.proxy
  if (light && !video.src.endsWith(light)) {
    video.src = light
    seek(frame)
  }
  if (notice && failed && !light) notice.hidden = false
}

function showState() {
  const button = transport.querySelector('[data-transport-do=play]')
  const playing = !video.paused
  button.setAttribute('aria-label', playing ? 'Pause' : 'Play')
  const use = button.querySelector('use')
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, playing ? '#pause' : '#play'))
}

function readOut() {
  const [code] = transport.querySelector('[data-playhead]').children
  const text = timecode(frame)
  code.replaceChildren(text.slice(0, -fineLetters), Object.assign(document.createElement('i'), { textContent: text.slice(-fineLetters) }))
}
