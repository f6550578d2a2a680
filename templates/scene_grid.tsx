/**
 * The scenes of a session, to tick; bright ones become clips.
 */

import type { Scene } from '../db/schema.ts'
import { type Fraction, fraction } from '../workers/media/timecode.ts'
import type { SessionData } from './data.ts'
import { ScenePicture } from './scene_picture.tsx'
import { gridTimecode, isEnded } from './words.ts'

export const scenesId = (key: string) => `scenes-${key}`
export const ticksId = (key: string) => `ticks-${key}`
export const inOrder = (key: string) => `#${ticksId(key)}:queue all`

/** A choice can be made until it is confirmed. */
export const isChoosable = ({ session, operations }: Pick<SessionData, 'session' | 'operations'>) =>
  !isEnded(session.status) &&
  session.choice === null &&
  operations.some(({ name, status }) => name === 'choose' && (status === 'waiting' || status === 'pending'))

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
          </div>
          <Ticks {...data} />
        </>
      )}
    </section>
  )
}

const Toolbar = ({ session }: Pick<SessionData, 'session'>) => (
  <>
    <div class='row' role='group' aria-label='Tick'>
      {[
        ['all', 'All', 'A'],
        ['none', 'None'],
        ['invert', 'Invert', 'I'],
      ].map(([value, word, key]) => (
        <button class='quiet' form={ticksId(session.key)} name='tick' value={value} data-tick={value}>
          {word} {key && <kbd>{key}</kbd>}
        </button>
      ))}
    </div>
    <span class='soft only-keys' id='range-help' hidden>
      Hold <kbd>⇧</kbd> to tick a range
    </span>
  </>
)

/**
 * Sends all ticks when static/scenes.js says that they changed; without JavaScript, with the button. Whatever changes
 * the choice waits for what was sent before it (`inOrder`): a name, or a last tick, must not come after the choice is made.
 */
function Ticks(data: SessionData) {
  const { session, scenes, files } = data
  const open = isChoosable(data)
  const master = files.find(({ role }) => role === 'source')
  const rate = fraction(master?.frame_rate) ?? { num: 25, den: 1 }
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
    >
      <input type='hidden' name='ticks' value='given' />
      <ol class='scenes' data-scenes={open ? 'open' : 'closed'}>
        {scenes.map((scene) => (
          <SceneItem
            sessionKey={session.key}
            scene={scene}
            open={open}
            rate={rate}
            height={thumbHeight(master)}
          />
        ))}
      </ol>
      {open && (
        <noscript>
          <button>Keep these ticks</button>
        </noscript>
      )}
    </form>
  )
}

interface SceneItemProps {
  sessionKey: string
  scene: Scene
  open: boolean
  rate: Fraction
  height: number
}

function SceneItem({ sessionKey, scene, open, rate, height }: SceneItemProps) {
  const [from, to] = [gridTimecode(scene.start_frame, rate), gridTimecode(scene.end_frame, rate)]
  const seconds = scene.end_time - scene.start_time
  const ticked = scene.ticked === 1
  return (
    <li class='scene' id={`scene-${scene.cut_id}`}>
      <label class='frame'>
        <span class='thumb'>
          <ScenePicture sessionKey={sessionKey} scene={scene} height={height} />
        </span>
        <span class='tick'>
          <input
            type='checkbox'
            id={`tick-${scene.cut_id}`}
            name='scene'
            value={scene.number}
            checked={ticked}
            disabled={!open}
            data-seconds={seconds.toFixed(3)}
            aria-label={`Scene ${scene.number}, ${from.time}${from.frames} to ${to.time}${to.frames}, ${seconds.toFixed(1)} seconds`}
          />
        </span>
        <span class='length'>{seconds.toFixed(1)} s</span>
      </label>
      <p class='line'>
        <b>{scene.number}</b>
        <span>
          <Code {...from} /> – <Code {...to} />
        </span>
      </p>
    </li>
  )
}

const Code = ({ time, frames }: { time: string; frames: string }) => (
  <span class='tc'>
    {time}
    <i>{frames}</i>
  </span>
)

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
