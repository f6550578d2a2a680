/**
 * What a preset makes of one frame: before and after under a slider, and what stills and clips would weigh.
 */

import type { Child } from 'hono/jsx'
import { Divider } from './divider.tsx'
import { Notice } from './icon.tsx'
import { aboutBytesText, bytesText } from './words.ts'

export interface PreviewData {
  key: string
  width: number
  height: number
  stillBytes: number
  bytesPerSecond: number
  sound: boolean
}

export interface PreviewFormProps {
  /** Seconds, as typed. */
  at: string
  browser: Child
  shown: PreviewData | null
  /** Why there is none. */
  problem: string | null
}

export const PreviewForm = ({ at, browser, ...shown }: PreviewFormProps) => (
  <details class='panel' id='try' open={shown.shown !== null || shown.problem !== null}>
    <summary>
      <b>Try it on a frame</b> <span class='soft'>of a master: before, after, and what it would weigh</span>
    </summary>
    <div class='stack'>
      {browser}
      <div id='look'></div>
      <div class='row'>
        <label class='row'>
          At second{' '}
          <input
            type='number'
            name='at'
            value={at}
            min='0'
            step='any'
            inputmode='decimal'
            placeholder='the middle'
          />
        </label>
        <button
          formaction='/presets/-/preview'
          hx-post='/presets/-/preview'
          hx-include='#preset-form'
          hx-target='#preview'
          hx-swap='outerHTML'
          hx-sync='#preview:replace'
          hx-disable='this'
        >
          Show before and after
        </button>
        <span class='soft making' role='status'>
          Making it…
        </span>
      </div>
      <PreviewResult {...shown} />
    </div>
  </details>
)

export const PreviewResult = ({ shown, problem }: Pick<PreviewFormProps, 'shown' | 'problem'>) => (
  <div class='stack' id='preview' role='status'>
    {problem !== null && <Notice kind='problem'>{problem}</Notice>}
    {shown && <Compared {...shown} />}
  </div>
)

const Compared = ({ key, width, height, stillBytes, bytesPerSecond, sound }: PreviewData) => (
  <>
    <figure class='compare over'>
      <div class='pair'>
        <img
          src={`/presets/-/preview/${key}/before.jpg`}
          alt='The same frame before'
          width={width}
          height={height}
        />
        <img
          src={`/presets/-/preview/${key}/after.jpg`}
          alt='The web still'
          width={width}
          height={height}
          data-side='web'
        />
      </div>
      <label class='row tight'>
        Before <Divider about='How much of the frame before is shown' /> After
      </label>
    </figure>
    <dl class='facts'>
      <dt>Web still</dt>
      <dd>
        {bytesText(stillBytes)}{' '}
        <span class='soft'>
          at {width} × {height}, without what is embedded
        </span>
      </dd>
      <dt>Clips</dt>
      <dd>
        about {((bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s, {aboutBytesText(bytesPerSecond * 60)} a minute
      </dd>
    </dl>
    <p class='soft'>
      The rule: one second from here is encoded as clips are{sound && ', and the sound’s bitrate added'}.
      Calmer parts take less, busier ones more.
    </p>
  </>
)
