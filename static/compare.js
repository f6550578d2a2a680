/**
 * Two pictures of the same frame, one over the other: a line between them, and the frame they are of.
 */

for (const figure of document.querySelectorAll('[data-compare]')) begin(figure)

function begin(figure) {
  const [split, frame, told] = ['split', 'frame', 'told'].map((name) => figure.querySelector(`[data-${name}]`))
  figure.classList.add('over')
  figure.querySelector('[data-tools]').hidden = false
  const draw = () => figure.style.setProperty('--split', `${split.value}%`)
  split.addEventListener('input', draw)
  let waiting
  frame.addEventListener('input', () => {
    told.value = Number(frame.value).toLocaleString('en-GB')
    clearTimeout(waiting)
    waiting = setTimeout(() => show(figure, Number(frame.value)), 150)
  })
  // The line follows the mouse, the finger or the pen, wherever it goes down on the pictures.
  const pair = figure.querySelector('.pair')
  const follow = (event) => {
    const { left, width } = pair.getBoundingClientRect()
    split.value = String((100 * (event.clientX - left)) / width)
    draw()
  }
  pair.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    pair.setPointerCapture(event.pointerId)
    follow(event)
  })
  pair.addEventListener('pointermove', (event) => pair.hasPointerCapture(event.pointerId) && follow(event))
  draw()
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
