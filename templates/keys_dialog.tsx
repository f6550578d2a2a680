/**
 * Every key there is, on one card.
 */

const keys: [what: string, ...keys: string[]][] = [
  ['New archive', 'N'],
  ['Search, narrow', '/'],
  ['On a tick: to another scene', '←', '→', '↑', '↓'],
  ['On a tick: set or clear it', 'X', 'Space'],
  ['On a tick: a range, from the last one', '⇧ X'],
  ['Tick all', 'A'],
  ['Invert the ticks', 'I'],
  ['Group the ticked', 'G'],
  ['Make the clips', '⇧ ↵'],
  ['Play, faster; back', 'L', 'J'],
  ['Stop', 'K'],
  ['In the room: a frame, ten with ⇧', '←', '→'],
  ['In the room: last, next cut', '↑', '↓'],
  ['Star, note', 'F', 'T'],
  ['Split at the playhead', 'S'],
  ['Merge with next, with the one before', 'M', '⇧ M'],
  ['Move the cut a frame', ',', '.'],
  ['Threshold down, up', '[', ']'],
  ['Zoom in, out, all', '+', '-', '0'],
  ['Undo, redo', 'Z', '⇧ Z'],
  ['These keys', '?'],
]

export const KeysDialog = () => (
  <dialog id='keys' aria-labelledby='keys-title'>
    <h2 id='keys-title'>Keys</h2>
    <dl class='keys'>
      {keys.map(([what, ...names]) => (
        <div>
          <dt>{what}</dt>
          <dd>
            {names.map((name) => (
              <>
                {' '}
                <kbd>{name}</kbd>
              </>
            ))}
          </dd>
        </div>
      ))}
    </dl>
    <p class='soft'>
      Arrows go from scene to scene while a tick has the focus; elsewhere in the review room they move the
      playhead.
    </p>
    <form method='dialog' class='row'>
      <button class='end'>Close</button>
    </form>
  </dialog>
)
