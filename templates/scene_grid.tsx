/**
 * The scenes of a session, to tick; bright ones become clips.
 */

import { raw } from 'hono/html'
import type { Scene } from '../db/schema.ts'
import type { SessionData } from './data.ts'
import { timingOf } from './timecode_text.tsx'
import { Icon } from './icon.tsx'
import { SceneItem } from './scene_item.tsx'
import { isEnded } from './words.ts'

export const scenesId = (key: string) => `scenes-${key}`
export const ticksId = (key: string) => `ticks-${key}`
export const inOrder = (key: string) => `#${ticksId(key)}:queue all`

/** A choice can be made until it is confirmed. */
export const isChoosable = ({ session, operations }: Pick<SessionData, 'session' | 'operations'>) =>
  !isEnded(session.status) &&
  session.choice === null &&
  operations.some(({ name, status }) => name === 'choose' && (status === 'waiting' || status === 'pending'))

/** All was made: the choice can be opened again, and then confirmed anew. */
export const isReopenable = ({ session, operations }: Pick<SessionData, 'session' | 'operations'>) =>
  session.status === 'completed' &&
  operations.some(({ name, status }) => name === 'choose' && status === 'completed')

/** The choice was opened again: all else is done. It is confirmed or left, there is nothing to pause or to cancel. */
export const isOpenedAgain = (data: Pick<SessionData, 'session' | 'operations'>) =>
  isChoosable(data) &&
  data.operations.every(
    ({ name, status }) => name === 'choose' || !['pending', 'processing'].includes(status),
  )

/** The choice given beforehand names scenes that are not there: tried again, it waits for a person. */
const wasRefused = ({ operations }: Pick<SessionData, 'operations'>) =>
  operations.some(
    ({ name, status, error_code }) => name === 'choose' && status === 'failed' && error_code === 'bad_choice',
  )

export function SceneGrid(data: SessionData) {
  const { session, scenes } = data
  const open = isChoosable(data)
  return (
    <section class='stack' id={scenesId(session.key)} aria-labelledby='scenes-title' tabindex={-1}>
      {scenes.length === 0 ? (
        <NotYet {...data} />
      ) : (
        <>
          <div class='row'>
            <h2 id='scenes-title'>{open ? 'Which scenes become clips?' : 'Scenes'}</h2>
            {open && <Toolbar session={session} />}
            {isReopenable(data) && <ChooseAgain action={`/sessions/${session.key}/choice/again`} />}
            {wasRefused(data) && <ChooseAgain action={`/sessions/${session.key}/operations/choose/retry`} />}
            <label class='search end' data-find hidden>
              <Icon name='search' />
              <input type='search' placeholder='Search notes' aria-label='Search notes' data-search />{' '}
              <kbd>/</kbd>
            </label>
          </div>
          <p class='soft' role='status' data-unfound hidden>
            No scene has such a note, group or number.
          </p>
          <Ticks {...data} />
        </>
      )}
    </section>
  )
}

/** What it comes to is asked in the room: nothing is made again before the choice is confirmed. */
const ChooseAgain = ({ action }: { action: string }) => (
  <form method='post' action={action}>
    <button
      class='quiet'
      title='Cuts, ticks and groups can be changed again; only what that makes out of date is remade'
    >
      Change scenes
    </button>
  </form>
)

/** Ticks that are set by a rule; those that ask how long are told by the number beside them. */
const Toolbar = ({ session }: Pick<SessionData, 'session'>) => (
  <>
    <div class='row' role='group' aria-label='Tick'>
      {rules.map(({ value, word, key }) => (
        <button class='quiet' form={ticksId(session.key)} name='tick' value={value} data-tick={value}>
          {word} {key && <kbd>{key}</kbd>}
        </button>
      ))}
      <label class='row tight'>
        <input
          type='number'
          class='seconds'
          form={ticksId(session.key)}
          name='seconds'
          min='0'
          step='0.1'
          value='1'
          id={`seconds-${session.key}`}
          aria-label='Seconds'
        />{' '}
        s
      </label>
    </div>
    <span class='soft only-keys' id='range-help' hidden>
      Hold <kbd>⇧</kbd> to tick a range
    </span>
  </>
)

/** What the server and static/scenes.js both know. */
export const tickRules = ['all', 'none', 'invert', 'starred', 'longer', 'shorter'] as const

const rules: { value: (typeof tickRules)[number]; word: string; key?: string }[] = [
  { value: 'all', word: 'All', key: 'A' },
  { value: 'none', word: 'None' },
  { value: 'invert', word: 'Invert', key: 'I' },
  { value: 'starred', word: 'Starred' },
  { value: 'longer', word: 'At least' },
  { value: 'shorter', word: 'Shorter than' },
]

/**
 * Sends all ticks when static/scenes.js says that they changed; without JavaScript, with the button. Whatever changes
 * the choice waits for what was sent before it (`inOrder`): a name, or a last tick, must not come after the choice is made.
 */
function Ticks(data: SessionData) {
  const { session, scenes } = data
  const open = isChoosable(data)
  return (
    <form
      id={ticksId(session.key)}
      method='post'
      action={`/sessions/${session.key}/scenes`}
      hx-patch={`/sessions/${session.key}/scenes`}
      hx-trigger='ticked'
      hx-sync={inOrder(session.key)}
      hx-swap='none'
      class='stack'
      autocomplete='off'
      data-again
    >
      <input type='hidden' name='ticks' value='given' />
      <input type='hidden' name='seen' value={data.edits.seen} />
      <ol
        class='scenes'
        data-scenes={open ? 'open' : 'closed'}
        data-many={scenes.length > many ? '' : undefined}
      >
        {raw(sceneItems(data, scenes).join(''))}
      </ol>
      {open && (
        <noscript>
          <button>Keep these ticks</button>
        </noscript>
      )}
    </form>
  )
}

/** From here on a browser lays out only those in sight. */
const many = 200

/** Some of a session's scenes, or all. */
export function sceneItems(data: SessionData, scenes: Scene[]) {
  const { session, files, groups } = data
  const master = files.find(({ role }) => role === 'source')
  const known = {
    sessionKey: session.key,
    open: isChoosable(data),
    timing: timingOf(data),
    height: thumbHeight(master),
  }
  const named = groupsByScene(groups)
  return scenes.map((scene) => SceneItem({ ...known, scene, groups: named.get(scene.number) ?? none }))
}

const none: string[] = []

/** Names of the groups that each scene is in. */
export function groupsByScene(groups: SessionData['groups']): Map<number, string[]> {
  const named = new Map<number, string[]>()
  groups.forEach(({ name, scenes }, index) => {
    for (const number of scenes)
      named.set(number, [...(named.get(number) ?? none), name ?? `Group ${index + 1}`])
  })
  return named
}

/** Thumbnails are 320 wide and keep the picture's shape; upright ones are 320 high. */
function thumbHeight(master: SessionData['files'][number] | undefined): number {
  if (!master?.width || !master.height) return 180
  return Math.round((320 * master.height) / master.width)
}

/** The room of the grid, before there is one. */
const NotYet = ({ session }: SessionData) =>
  isEnded(session.status) ? (
    <p class='soft'>
      <span id='scenes-title'>No scenes were found before it ended.</span>
    </p>
  ) : (
    <>
      <h2 id='scenes-title'>Scenes</h2>
      <ol class='scenes' aria-busy='true' aria-label='Scenes, being found'>
        {Array.from({ length: 7 }, () => (
          <li class='scene'>
            <div class='frame'>
              <span class='thumb skeleton wide'></span>
            </div>
            <p class='line soft'>—</p>
          </li>
        ))}
      </ol>
    </>
  )
