/**
 * Every key there is, on one card.
 */

const keys: [what: string, ...keys: string[]][] = [
  ['New archive', 'N'],
  ['Search, narrow', '/'],
  ['To another scene', '←', '→', '↑', '↓'],
  ['Tick the scene', 'X', 'Space'],
  ['Tick a range', '⇧ X'],
  ['Tick all', 'A'],
  ['Invert the ticks', 'I'],
  ['Group the ticked', 'G'],
  ['Make the clips', '⇧ ↵'],
  ['Play, faster; back', 'L', 'J'],
  ['Stop', 'K'],
  ['One frame, ten with ⇧', '←', '→'],
  ['Last, next cut', '↑', '↓'],
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
    <form method='dialog' class='row'>
      <button class='end'>Close</button>
    </form>
  </dialog>
)
