/**
 * Two pictures of one frame, one over the other: the line between them follows the slider, and whatever goes down on them.
 */

const figureOf = (element) => element.closest?.('.compare.over')

document.addEventListener('input', ({ target }) => target.matches('input[data-divide]') && draw(target))

document.addEventListener('pointerdown', (event) => {
  const pair = figureOf(event.target) && event.target.closest('.pair')
  if (!pair) return
  event.preventDefault()
  pair.setPointerCapture(event.pointerId)
  follow(pair, event)
})

document.addEventListener('pointermove', (event) => {
  if (event.target.matches?.('.pair') && event.target.hasPointerCapture(event.pointerId)) follow(event.target, event)
})

function follow(pair, { clientX }) {
  const { left, width } = pair.getBoundingClientRect()
  const line = figureOf(pair).querySelector('[data-divide]')
  line.value = String((100 * (clientX - left)) / width)
  draw(line)
}

const draw = (line) => figureOf(line).style.setProperty('--split', `${line.value}%`)
