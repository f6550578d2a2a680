/**
 * The scene at the playhead: where it lies, what is thought of it, and its cuts put right by hand.
 */

import type { Scene } from '../db/schema.ts'
import { placeText } from '../workers/media/timecode.ts'
import type { SessionData } from './data.ts'
import { TimecodeText, timingOf } from './timecode_text.tsx'
import { Icon } from './icon.tsx'
import { inOrder, isChoosable } from './scene_grid.tsx'
import { countText } from './words.ts'

export const scenePanelId = (key: string) => `scene-panel-${key}`

export interface ScenePanelProps {
  data: SessionData
  /** The scene shown; the first one unless another was asked for. */
  scene: Scene | undefined
}

export function ScenePanel({ data, scene }: ScenePanelProps) {
  const id = scenePanelId(data.session.key)
  if (!scene)
    return (
      <section class='panel' id={id} aria-labelledby='scene-title' data-scene=''>
        <h2 id='scene-title'>Scene</h2>
        <p class='soft'>There are no scenes yet.</p>
      </section>
    )
  return (
    <section class='panel' id={id} aria-labelledby='scene-title' data-scene={scene.cut_id}>
      <header>
        <h2 id='scene-title'>
          Scene {scene.number} <span class='soft'>of {data.scenes.length}</span>
        </h2>
        <StarButton data={data} scene={scene} />
      </header>
      <div class='stack'>
        <Facts data={data} scene={scene} />
        <p class='scene-stills'>
          <a href={`/sessions/${data.session.key}/stills?cut=${scene.cut_id}`}>Pick its still</a>
        </p>
        {isChoosable(data) && (
          <>
            <Note data={data} scene={scene} />
            <CutButtons data={data} scene={scene} />
          </>
        )}
        {!isChoosable(data) && scene.note && <p>{scene.note}</p>}
      </div>
    </section>
  )
}

interface PartProps {
  data: SessionData
  scene: Scene
}

const addressOf = ({ data, scene }: PartProps, verb = '') =>
  `/sessions/${data.session.key}/cuts/${scene.cut_id}${verb}`

function StarButton(props: PartProps) {
  const starred = props.scene.starred === 1
  const open = isChoosable(props.data)
  if (!open && !starred) return null
  return (
    <form
      method='post'
      action={addressOf(props)}
      hx-patch={addressOf(props)}
      hx-sync={inOrder(props.data.session.key)}
      hx-swap='none'
    >
      <input type='hidden' name='starred' value={starred ? '0' : '1'} />
      <button class='quiet' aria-pressed={starred ? 'true' : 'false'} disabled={!open} data-key='f'>
        <span class={starred ? 'starred' : undefined}>
          <Icon name='star' />
        </span>{' '}
        {starred ? 'Starred' : 'Star'} <kbd>F</kbd>
      </button>
    </form>
  )
}

function Facts({ data, scene }: PartProps) {
  const timing = timingOf(data)
  const frames = scene.end_frame - scene.start_frame
  return (
    <dl class='facts'>
      <dt>In, out</dt>
      <dd>
        <TimecodeText frame={scene.start_frame} time={scene.start_time} timing={timing} /> –{' '}
        <TimecodeText frame={scene.end_frame} time={scene.end_time} timing={timing} />
        {timing.variable && <span class='soft'> · by the clock, for the frames are not evenly spaced</span>}
      </dd>
      <dt>Length</dt>
      <dd>
        {(scene.end_time - scene.start_time).toFixed(timing.variable ? 3 : 2)} s{' '}
        <span class='soft'>· {countText(frames, 'frame')}</span>
      </dd>
      <dt>Cut</dt>
      <dd data-cut-score={scene.number > 1 ? scene.start_frame : undefined}>
        {originText(scene, data.session.detector)}
      </dd>
    </dl>
  )
}

function originText({ origin, number }: Scene, detector: string): string {
  if (number === 1) return 'where the film begins'
  return { start: 'where the film begins', detector, hand: 'by hand', import: 'from a file' }[origin]
}

/** What it was is sent along: a note that somebody else wrote meanwhile is not overwritten. */
function Note(props: PartProps) {
  const { scene, data } = props
  return (
    <form
      method='post'
      action={addressOf(props)}
      hx-patch={addressOf(props)}
      hx-trigger='change, submit'
      hx-sync={inOrder(data.session.key)}
      hx-swap='none'
      class='field'
      autocomplete='off'
    >
      <input type='hidden' name='was' value={scene.note ?? ''} />
      <textarea
        id={`note-${scene.cut_id}`}
        name='note'
        rows={2}
        maxlength={2000}
        placeholder='Note'
        aria-label={`Note on scene ${scene.number}`}
        data-key='t'
      >
        {scene.note ?? ''}
      </textarea>
      <noscript>
        <button>Keep the note</button>
      </noscript>
    </form>
  )
}

/** Split asks the player where; without JavaScript a frame is typed. */
function CutButtons(props: PartProps) {
  const { data, scene } = props
  const key = data.session.key
  const last = scene.number === data.scenes.length
  const following = data.scenes[scene.number]
  const timing = timingOf(data)
  const placeOf = ({ start_frame: frame, start_time: time }: Scene) => placeText({ frame, time }, timing)
  return (
    <div class='row' role='group' aria-label='Cuts'>
      <form
        method='post'
        action={`/sessions/${key}/cuts`}
        hx-post={`/sessions/${key}/cuts`}
        hx-sync={inOrder(key)}
        hx-swap='none'
        class='row tight'
        data-split
      >
        <input
          type='number'
          name='frame'
          class='no-script'
          value={Math.floor((scene.start_frame + scene.end_frame) / 2)}
          min={scene.start_frame + 1}
          max={scene.end_frame - 1}
          aria-label='Frame where a scene begins'
        />
        <button data-key='s'>
          <Icon name='split' /> Split <kbd>S</kbd>
        </button>
      </form>
      {following && !last && (
        <form
          method='post'
          action={`/sessions/${key}/cuts/${following.cut_id}/merge`}
          hx-post={`/sessions/${key}/cuts/${following.cut_id}/merge`}
          hx-sync={inOrder(key)}
          hx-swap='none'
        >
          <button data-key='m' title={`Takes away the cut at ${placeOf(following)}`}>
            Merge <span class='visually-hidden'>with the next scene</span> <kbd>M</kbd>
          </button>
        </form>
      )}
      {scene.number > 1 && <MoveButtons {...props} />}
    </div>
  )
}

function MoveButtons(props: PartProps) {
  const { data, scene } = props
  return (
    <>
      <form
        method='post'
        action={addressOf(props, '/merge')}
        hx-post={addressOf(props, '/merge')}
        hx-sync={inOrder(data.session.key)}
        hx-swap='none'
      >
        <button class='quiet' data-merge-back title='Takes away the cut that this scene begins with'>
          Merge with the one before <kbd>⇧ M</kbd>
        </button>
      </form>
      <form
        method='post'
        action={addressOf(props, '/move')}
        hx-post={addressOf(props, '/move')}
        hx-sync={inOrder(data.session.key)}
        hx-swap='none'
        class='row tight'
        aria-label='Move the cut by a frame'
        data-move={scene.cut_id}
      >
        <input type='hidden' name='from' value={scene.start_frame} />
        <button class='quiet square' name='by' value='-1' aria-label='The cut one frame earlier' data-key=','>
          <Icon name='left' />
        </button>
        <span class='soft'>Move the cut</span>
        <button class='quiet square' name='by' value='1' aria-label='The cut one frame later' data-key='.'>
          <Icon name='right' />
        </button>
      </form>
    </>
  )
}
