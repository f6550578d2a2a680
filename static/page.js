/**
 * What every page has: dialogs, keys, times in the reader's own zone, and paths to copy.
 */

for (const hidden of document.querySelectorAll('[data-opens][hidden], [data-copy][hidden]'))
  hidden.hidden = false

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]')
  const dialog = opener && document.getElementById(opener.dataset.opens)
  if (dialog) {
    event.preventDefault()
    dialog.showModal()
  }
  event.target.closest('[data-closes]')?.closest('dialog')?.close()
  const copier = event.target.closest('[data-copy]')
  if (copier) copy(copier)
})

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  // A key that is held down does its deed once.
  if (event.repeat) return
  if (event.key === 'Enter' && event.shiftKey) return press(event, document.querySelector('[data-go]'))
  if (isWriting(event.target)) return
  if (event.key === '?') return press(event, document.querySelector('[data-opens=keys]'))
  if (event.key === '/') return press(event, document.querySelector('[data-search]'))
  // Some keyboards have signs such as + only with shift.
  if (!event.shiftKey || !/^[a-z]$/i.test(event.key)) press(event, document.querySelector(`[data-key=${CSS.escape(event.key.toLowerCase())}]`))
})

/** Does what the control does; fields are entered. */
function press(event, control) {
  if (!control || control.disabled || control.closest('[hidden]')) return
  event.preventDefault()
  if (control.matches('input, textarea')) control.select()
  else control.click()
}

const isWriting = (element) =>
  element instanceof HTMLTextAreaElement ||
  element instanceof HTMLSelectElement ||
  (element instanceof HTMLInputElement && !['checkbox', 'radio'].includes(element.type))

async function copy(button) {
  const label = button.querySelector('span') ?? button
  const [words, path] = [label.textContent, button.dataset.copy]
  label.textContent = (await copied(path)) ? 'Copied' : 'Select it and copy'
  setTimeout(() => (label.textContent = words), 2000)
}

/** The clipboard is for secure pages only; on a LAN the older way still is. */
async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false)
  const field = Object.assign(document.createElement('textarea'), { value: text, className: 'visually-hidden' })
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  return done
}

/** "14:02" today, "Tue 14:02" this week, "3 Nov" this year, "3 Nov 2025" before. */
function localTime(date, now) {
  const days = (startOf(now) - startOf(date)) / 86_400_000
  const clock = date.toLocaleTimeString(undefined, { timeStyle: 'short' })
  if (days < 0.5) return clock
  if (days < 1.5) return `yesterday ${clock}`
  if (days < 6.5) return `${date.toLocaleDateString(undefined, { weekday: 'short' })} ${clock}`
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year })
}

const startOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

function tellTimes() {
  const now = new Date()
  for (const time of document.querySelectorAll('time[datetime]')) {
    const text = localTime(new Date(time.dateTime), now)
    if (time.textContent === text) continue
    time.textContent = text
    time.title = new Date(time.dateTime).toLocaleString()
  }
}

/** A picture that is not there leaves its room empty: the browser's own mark of it says nothing to anyone. */
const judge = (picture) => picture.classList.toggle('missing', picture.complete && picture.naturalWidth === 0)

function settle() {
  tellTimes()
  wear(document.querySelector('[data-wears]')?.dataset.wears)
  for (const picture of document.images) judge(picture)
}

/** Light or dark for everybody, when that was just saved. */
function wear(theme) {
  const { dataset } = document.documentElement
  if (theme === 'default') delete dataset.theme
  else if (theme) dataset.theme = theme
}

/** What was saved is not what is typed on. */
document.addEventListener('input', ({ target }) => target.form?.querySelector('[data-saved]')?.replaceChildren())

settle()
document.addEventListener('htmx:after:swap', settle)
for (const end of ['load', 'error'])
  document.addEventListener(end, ({ target }) => target instanceof HTMLImageElement && judge(target), true)
setInterval(tellTimes, 60_000)
