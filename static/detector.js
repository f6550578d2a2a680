/**
 * The threshold's range follows the detector that is picked.
 */

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== 'detector' || target.dataset.usual === undefined) return
  const field = document.getElementById('field-threshold')
  const help = document.getElementById('help-threshold')
  if (!field || !help) return
  const { usual, least, most } = target.dataset
  // What was typed was meant for the one that was picked then.
  Object.assign(field, { placeholder: usual, min: least, max: most, value: '' })
  help.textContent = `${least} to ${most}; ${usual} if empty`
})
