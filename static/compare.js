/**
 * The master over its version for the web: they lie beside each other without script. Any frame of them is shown.
 */

import './before_after.js'

for (const figure of document.querySelectorAll('[data-compare]')) begin(figure)

function begin(figure) {
  const [frame, told] = ['frame', 'told'].map((name) => figure.querySelector(`[data-${name}]`))
  figure.classList.add('over')
  figure.querySelector('[data-tools]').hidden = false
  let waiting
  frame.addEventListener('input', () => {
    told.value = Number(frame.value).toLocaleString('en-GB')
    clearTimeout(waiting)
    waiting = setTimeout(() => show(figure, Number(frame.value)), 150)
  })
}

/** Both are there before either is shown: never two frames side by side that are not the same. */
async function show(figure, frame) {
  figure.dataset.wanted = String(frame)
  const sides = [...figure.querySelectorAll('[data-side]')]
  const pictures = sides.map(({ dataset }) => {
    const picture = new Image()
    picture.src = `${figure.dataset.compare}/${dataset.side}/${frame}.jpg`
    return picture
  })
  const loaded = await Promise.allSettled(pictures.map((picture) => picture.decode()))
  if (figure.dataset.wanted !== String(frame) || loaded.some(({ status }) => status === 'rejected')) return
  for (const [n, side] of sides.entries()) {
    side.src = pictures[n].src
    side.alt = side.alt.replace(/frame \d+/, `frame ${frame}`)
  }
}
