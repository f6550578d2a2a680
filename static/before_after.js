/**
 * Before and after: a slider moves the edge between two pictures.
 */

document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.edge === undefined) return
  const before = target.closest('#preview')?.querySelector('[data-before]')
  if (before) before.style.clipPath = `inset(0 ${100 - target.valueAsNumber}% 0 0)`
})
