/**
 * Stills as large as the window: one dialog, the others a key away.
 */

const viewer = document.getElementById('viewer')
const stills = () => [...document.querySelectorAll('[data-zoom]')]
let shown

if (viewer) {
  document.addEventListener('click', (event) => {
    const still = event.target.closest('[data-zoom]')
    if (!still || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    show(still)
    viewer.showModal()
  })
  viewer.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-step]')
    if (button) step(Number(button.dataset.step))
    if (target === viewer) viewer.close()
  })
  viewer.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') step(-1)
    if (event.key === 'ArrowRight') step(1)
  })
  viewer.addEventListener('close', () => stills().find((still) => still.href === shown)?.focus())
}

function show(still) {
  shown = still.href
  const picture = viewer.querySelector('img')
  picture.src = still.href
  picture.alt = still.querySelector('img')?.alt ?? ''
  viewer.querySelector('p').textContent = still.dataset.zoom
}

/** Round and round. */
function step(by) {
  const all = stills()
  const at = all.findIndex((still) => still.href === shown)
  show(all[(at + by + all.length) % all.length])
}
