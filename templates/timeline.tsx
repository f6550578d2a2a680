/**
 * Film, scenes and scores on one axis of time, with the threshold as a line to drag; drawn by static/timeline.js.
 */

import type { SessionData } from './data.ts'
import { isChoosable } from './scene_grid.tsx'
import { ScenePicture } from './scene_picture.tsx'

const strips = 24

export function Timeline(data: SessionData) {
  const { session, scenes } = data
  const open = isChoosable(data)
  return (
    <section class='timeline' aria-label='Timeline' data-timeline>
      <div class='gutter'>
        <input
          type='range'
          data-line
          min='0'
          max={Math.max(session.threshold * 3, 1)}
          step='any'
          value={session.threshold}
          disabled={!open}
          aria-label='Threshold'
        />
        <svg aria-hidden='true' data-scale></svg>
      </div>
      <div class='lanes'>
        <canvas class='strip' aria-hidden='true'></canvas>
        <noscript>
          <Film {...data} />
          <img
            class='plot'
            src={`/sessions/${session.key}/scores.svg?width=1200&height=132&line`}
            width='1200'
            height='132'
            alt={`Scores of all frames and the threshold of ${session.threshold}; ${scenes.length} scenes`}
          />
        </noscript>
        <input type='range' class='seek' data-seek min='0' max='1' step='1' value='0' aria-label='Playhead' />
        <output class='hover' data-hover aria-hidden='true'></output>
      </div>
      <div class='beside'>
        <p>
          Scenes at each
          <br />
          threshold
        </p>
        <canvas
          class='counts'
          data-counts
          role='img'
          aria-label='Number of scenes at each threshold'
        ></canvas>
      </div>
      <div class='zoom row'>
        <span class='row tight' role='group' aria-label='Zoom'>
          <button type='button' class='quiet square' data-zoom-by='0.5' aria-label='Zoom in' data-key='+'>
            +
          </button>
          <button type='button' class='quiet square' data-zoom-by='2' aria-label='Zoom out' data-key='-'>
            −
          </button>
          <button type='button' class='quiet' data-zoom-by='all' data-key='0'>
            All <kbd>0</kbd>
          </button>
        </span>
        <input
          type='range'
          data-pan
          min='0'
          max='1'
          step='any'
          value='0'
          aria-label='Scroll the timeline'
          hidden
        />
        <span class='soft end' data-trouble></span>
      </div>
    </section>
  )
}

/** A picture of what is on screen at even steps; the canvas draws the sheets themselves. */
function Film({ session, scenes }: SessionData) {
  const duration = scenes.at(-1)?.end_time ?? 0
  const at = (share: number) => scenes.findLast(({ start_time }) => start_time <= share * duration)
  const shown = Array.from({ length: strips }, (_, index) => at((index + 0.5) / strips))
  return (
    <div class='film'>
      {shown.map((scene) => scene && <ScenePicture sessionKey={session.key} scene={scene} />)}
    </div>
  )
}
