/**
 * What is chosen, always in sight, and the button that lets the work go on.
 */

import type { SessionData } from './data.ts'
import { UndoButtons } from './edits.tsx'
import { Icon } from './icon.tsx'
import { inOrder, isChoosable, isOpenedAgain, ticksId } from './scene_grid.tsx'
import { aboutBytesText, countText } from './words.ts'

export const tallyId = (key: string) => `tally-${key}`

export function Tally(data: SessionData) {
  const { session, scenes, groups, operations } = data
  const open = isChoosable(data) && scenes.length > 0
  const ready = operations.some(({ name, status }) => name === 'choose' && status === 'waiting')
  const ticked = scenes.filter((scene) => scene.ticked === 1)
  const seconds = ticked.reduce((sum, scene) => sum + scene.end_time - scene.start_time, 0)
  const grouped = groups
    .flatMap((group) => scenes.filter(({ number }) => group.scenes.includes(number)))
    .reduce((sum, scene) => sum + scene.end_time - scene.start_time, 0)
  const [form, base] = [ticksId(session.key), `/sessions/${session.key}`]
  return (
    <section
      class='tally'
      id={tallyId(session.key)}
      aria-label='What will be made'
      hidden={!open}
      data-groups={groups.length}
      data-grouped={grouped.toFixed(3)}
      data-seen={data.edits.seen}
      data-again={isOpenedAgain(data) ? '' : undefined}
      data-rate={data.clipRate === null ? undefined : Math.round(data.clipRate)}
    >
      {open && (
        <>
          <output>
            <span>
              <b data-tally='scenes'>{ticked.length}</b> of {countText(scenes.length, 'scene')}
            </span>
            <span>
              <b data-tally='seconds'>{seconds.toFixed(1)} s</b>
            </span>
            {groups.length > 0 && (
              <span>
                {countText(groups.length, 'group')}, {grouped.toFixed(1)} s
              </span>
            )}
            <span class='soft' data-tally='bytes'>
              {data.clipRate === null ? '' : bytesToCome((seconds + grouped) * data.clipRate)}
            </span>
          </output>
          <UndoButtons {...data} />
          <button
            form={form}
            formaction={`${base}/groups`}
            hx-post={`${base}/groups`}
            hx-sync={inOrder(session.key)}
            hx-swap='none'
            data-key='g'
            aria-keyshortcuts='g'
          >
            <Icon name='plus' /> <span class='word'>Group the ticked</span> <kbd>G</kbd>
          </button>
          {isOpenedAgain(data) && <LeaveButton session={session} />}
          <button
            class='primary'
            form={form}
            formaction={`${base}/choice`}
            hx-post={`${base}/choice`}
            hx-sync={inOrder(session.key)}
            hx-swap='none'
            disabled={!ready}
            data-go
            aria-keyshortcuts='Shift+Enter'
          >
            <span data-tally='go'>
              {isOpenedAgain(data) ? againText : goText(ticked.length, groups.length)}
            </span>{' '}
            <kbd>⇧ ↵</kbd>
          </button>
        </>
      )}
    </section>
  )
}

/** Nothing is asked first: what is left so can be done again once the scenes are opened. */
const LeaveButton = ({ session }: Pick<SessionData, 'session'>) => (
  <form method='post' action={`/sessions/${session.key}/choice/leave`}>
    <button class='quiet'>Leave the scenes as they were</button>
  </form>
)

const bytesToCome = (bytes: number) => (bytes > 0 ? `about ${aboutBytesText(bytes)} of clips` : '')

const againText = 'Remake what changed'

/** static/scenes.js says the same while ticks are on their way. */
export function goText(clips: number, groups: number): string {
  const parts = [clips > 0 && countText(clips, 'clip'), groups > 0 && countText(groups, 'group')].filter(
    Boolean,
  )
  return parts.length === 0 ? 'Go on without clips' : `Make ${parts.join(' and ')}`
}
