/**
 * What a person is in the middle of survives a morph: what is typed and ticked but not yet said by the server, the
 * caret, and what stands open.
 */

/** Ticks the server has not been told yet: nothing it says meanwhile is about them. */
const held = new WeakSet()

/** From here to `release` a tick stays as it is, whatever comes: what comes is older than it is. */
export const hold = (input) => held.add(input)
export const release = (input) => held.delete(input)

/** Makes htmx's morph ask here before it changes a field, a `<details>` or a `<dialog>`. */
export function keepWhatIsEdited(htmx) {
  htmx.registerExtension('cutroom-keep', {
    htmx_before_morph_node: (element, { newNode }) => mayMorph(element, newNode),
    htmx_before_morph_attr: (element, { attrName, newValue }) => maySet(element, attrName, newValue),
  })
}

function mayMorph(element, next) {
  if (element instanceof HTMLSelectElement) return !isEdited(element) || sameChoice(element, next)
  // What can no longer be changed is as the server has it.
  if (element instanceof HTMLInputElement && isToggle(element) && next.disabled) element.checked = next.checked
  if (!(element instanceof HTMLTextAreaElement)) return true
  if (isEdited(element) && element.value !== next.value) return false
  setText(element, next.value, () => (element.defaultValue = next.value))
  return true
}

function maySet(element, name, value) {
  // Opened or closed by a person.
  if (name === 'open') return !(element instanceof HTMLDetailsElement || element instanceof HTMLDialogElement)
  if (element instanceof HTMLOptionElement && name === 'selected') {
    element.selected = value !== null
    return true
  }
  if (!(element instanceof HTMLInputElement)) return true
  if (name === 'checked') return mayTick(element, value !== null)
  return name !== 'value' || isToggle(element) || element.type === 'file' || mayWrite(element, value ?? '')
}

/** A tick made here and not yet known to the server stands; any other follows it, which the attribute alone would not. */
function mayTick(input, checked) {
  // Ticked and unticked again it looks untouched, and still stands for what a person did last.
  if (held.has(input)) checked = input.checked
  else if (isEdited(input) && input.checked !== checked) return false
  // Said even where it is so already: an input that was never touched would follow its attribute.
  input.checked = checked
  return true
}

function mayWrite(input, value) {
  if (isEdited(input) && input.value !== value) return false
  setText(input, value, () => input.setAttribute('value', value))
  return false
}

/** Differs from what the server said last. */
function isEdited(field) {
  if (field instanceof HTMLSelectElement) return String(chosenIn(field)) !== String(givenIn(field))
  if (!isToggle(field)) return field.value !== field.defaultValue
  return togglesOf(field).some((one) => one.checked !== one.defaultChecked)
}

const isToggle = (input) => input.type === 'checkbox' || input.type === 'radio'

/** Radios are one field together. */
function togglesOf(input) {
  if (input.type !== 'radio' || !input.form) return [input]
  return [...input.form.elements].filter((one) => one.type === 'radio' && one.name === input.name)
}

const sameChoice = (select, next) => String(chosenIn(select)) === String(chosenIn(next))

const chosenIn = ({ options }) => [...options].filter((one) => one.selected).map((one) => one.value)

/** A list in which the server marked nothing shows its first entry. */
function givenIn({ options, multiple }) {
  const marked = [...options].filter((one) => one.defaultSelected)
  return (marked.length > 0 || multiple ? marked : [...options].slice(0, 1)).map((one) => one.value)
}

/** Writes without moving the caret of whoever stands in the field. */
function setText(field, value, say) {
  const caret = document.activeElement === field && field.value !== value ? caretOf(field) : null
  say()
  if (field.value !== value) field.value = value
  if (caret) field.setSelectionRange(...caret)
}

/** Null for numbers, dates and the like, which have none. */
const caretOf = ({ selectionStart, selectionEnd, selectionDirection }) =>
  selectionStart === null ? null : [selectionStart, selectionEnd, selectionDirection]
