/**
 * What was done to a session's scenes, in words: the buttons that undo and redo it, and the list of it.
 */

import type { EditLine } from '../db/room_edits.ts'
import { placeText } from '../workers/media/timecode.ts'
import type { SessionData } from './data.ts'
import { Icon } from './icon.tsx'
import { inOrder, isChoosable } from './scene_grid.tsx'
import { Time } from './time.tsx'
import { timingOf } from './timecode_text.tsx'
import { countText } from './words.ts'

export const editsId = (key: string) => `edits-${key}`

/** A frame's place in the film. When a frame of an uneven film is shown is known of those that scenes begin with. */
function placeOf(data: SessionData, frame: number): string {
  const timing = timingOf(data)
  const scene = timing.variable && data.scenes.find(({ start_frame }) => start_frame === frame)
  if (timing.variable && !scene) return `frame ${frame}`
  return placeText({ frame, time: scene ? scene.start_time : 0 }, timing)
}

/** "split at 00:00:26:08": what was done, after "Undo". */
export function editText(
  { command, subject }: Pick<EditLine, 'command' | 'subject'>,
  data: SessionData,
): string {
  const at = /^\d+$/.test(subject) ? placeOf(data, Number(subject)) : ''
  const group = subject === '' ? 'a group' : `the group “${subject}”`
  switch (command) {
    case 'scenes.tick':
      return subject === '' ? 'ticks' : `ticks of ${countText(Number(subject), 'scene')}`
    case 'scene.star':
      return `star at ${at}`
    case 'scene.still':
      return `still of the scene at ${at}`
    case 'scene.note':
      return `note at ${at}`
    case 'cut.add':
      return `split at ${at}`
    case 'cut.remove':
      return `merge at ${at}`
    case 'cut.move':
      return `move of the cut at ${at}`
    case 'cuts.find': {
      const [detector = '', threshold = '', shortest = ''] = subject.split(' ')
      return `cuts by ${detector} at ${threshold}, shortest ${shortest} frames`
    }
    case 'cuts.import':
      return `${countText(Number(subject), 'cut')} from a file`
    case 'group.add':
      return 'new group'
    case 'group.rename':
      return `name of ${group}`
    case 'group.move':
      return `place of ${group}`
    case 'group.scenes':
      return `scenes of ${group}`
    case 'group.remove':
      return `removal of ${group}`
    case 'choice.confirm':
      return 'the choice'
    case 'choice.reopen':
      return 'scenes opened again'
    case 'choice.leave':
      return 'changes since the scenes were opened again'
    default:
      return command
  }
}

/** Each says what it would do. */
export function UndoButtons(data: SessionData) {
  const { session, edits } = data
  const turns = [
    ['undo', 'Undo', 'Z', edits.undo],
    ['redo', 'Redo', '⇧ Z', edits.redo],
  ] as const
  return (
    <div class='row tight' role='group' aria-label='Undo'>
      {turns.map(([verb, word, key, edit]) => (
        <form
          method='post'
          action={`/sessions/${session.key}/${verb}`}
          hx-post={`/sessions/${session.key}/${verb}`}
          hx-sync={inOrder(session.key)}
          hx-swap='none'
        >
          <input type='hidden' name='edit' value={edit?.id ?? 0} />
          <button
            class='quiet'
            data-turn={verb}
            disabled={!edit}
            title={edit ? `${word}: ${editText(edit, data)}` : `Nothing to ${verb}`}
            aria-label={edit ? `${word}: ${editText(edit, data)}` : `${word}: nothing`}
          >
            <Icon name={verb} />{' '}
            {verb === 'undo' && (
              <span class='word undo-word'>{edit ? `${word}: ${editText(edit, data)}` : word}</span>
            )}{' '}
            <kbd>{key}</kbd>
          </button>
        </form>
      ))}
    </div>
  )
}

/** Who did what, newest first; what was undone is struck through. */
export function EditsList(data: SessionData) {
  const { session, edits } = data
  return (
    <details class='panel edits' id={editsId(session.key)} hidden={edits.lately.length === 0}>
      <summary>
        What was done{' '}
        <span class='soft'>{isChoosable(data) ? 'each can be undone, the last first' : ''}</span>
      </summary>
      <ol>
        {edits.lately.map((edit) => (
          <li>
            <span class='soft'>
              <Time at={edit.at} />
            </span>{' '}
            {edit.actor !== null && <b>{edit.actor}</b>}{' '}
            {edit.undone_at === null ? (
              <span>{editText(edit, data)}</span>
            ) : (
              <>
                <s>{editText(edit, data)}</s> <span class='soft'>undone</span>
              </>
            )}
          </li>
        ))}
      </ol>
    </details>
  )
}
