/**
 * The master and its version for the web, the same frame of each: one beside the other, or, with static/compare.js, one
 * over the other with a line to move.
 */

import type { SessionData } from './data.ts'
import { Divider } from './divider.tsx'
import { bytesText, numberText } from './words.ts'

export function Compare({ session, files, scenes }: SessionData) {
  const master = files.find(({ role }) => role === 'master')
  const web = files.find(({ role }) => role === 'master_web')
  const frames = files.find(({ role }) => role === 'source')?.frames
  if (!master || !web || !frames) return null
  // Of a scene in the middle: films begin and end in black.
  const scene = scenes[Math.floor(scenes.length / 2)]
  const frame = scene ? Math.floor((scene.start_frame + scene.end_frame) / 2) : Math.floor(frames / 2)
  const base = `/sessions/${session.key}/compare`
  const size = { width: web.width ?? undefined, height: web.height ?? undefined }
  return (
    <section class='stack' aria-labelledby='compare-title'>
      <h2 id='compare-title'>Master and web version</h2>
      <figure class='compare' data-compare={base}>
        <div class='pair'>
          <img
            src={`${base}/master/${frame}.jpg`}
            alt={`The master, frame ${frame}`}
            data-side='master'
            loading='lazy'
            {...size}
          />
          <img
            src={`${base}/web/${frame}.jpg`}
            alt={`The web version, frame ${frame}`}
            data-side='web'
            loading='lazy'
            {...size}
          />
        </div>
        <div class='row' data-tools hidden>
          <label class='row'>
            Line <Divider about='Where the web version begins' />
          </label>
          <label class='row'>
            Frame{' '}
            <input
              type='range'
              min='0'
              max={frames - 1}
              value={frame}
              data-frame
              aria-label='Frame that is compared'
            />
          </label>
          <output data-told>{numberText(frame)}</output>
        </div>
        <figcaption class='soft'>
          Left the master, {bytesText(master.bytes)}; right the web version, {bytesText(web.bytes)}.
        </figcaption>
      </figure>
    </section>
  )
}
