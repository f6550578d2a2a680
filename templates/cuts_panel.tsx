/**
 * How cuts are found: the detector, its threshold, the shortest scene; each found anew from what was measured.
 */

import type { DetectorOffer, SessionData } from './data.ts'
import { isChoosable, inOrder } from './scene_grid.tsx'
import { countText } from './words.ts'

export const cutsPanelId = (key: string) => `cuts-${key}`

export function CutsPanel(data: SessionData) {
  const { session, scenes, detectors } = data
  const byHand = scenes.filter(({ origin, number }) => number > 1 && origin !== 'detector').length
  const found = Math.max(0, scenes.length - 1 - byHand)
  const open = isChoosable(data)
  const detection = data.operations.find(({ name }) => name === 'detect')?.status
  // Before that there are no scores to draw.
  const measured = detection === 'completed'
  const isToCome = detection === 'pending' || detection === 'processing'
  return (
    <section class='panel' id={cutsPanelId(session.key)} aria-labelledby='cuts-title'>
      <header>
        <h2 id='cuts-title'>Cuts</h2>{' '}
        <span class='soft'>
          {found} found{byHand > 0 && `, ${byHand} by hand`}
        </span>
      </header>
      <form
        class='stack'
        id={`search-${session.key}`}
        method='post'
        action={`/sessions/${session.key}/cuts/find`}
        hx-post={`/sessions/${session.key}/cuts/find`}
        hx-trigger='recut'
        hx-sync={inOrder(session.key)}
        hx-swap='none'
        autocomplete='off'
        data-recut
        data-measured={measured ? 'yes' : isToCome ? 'later' : 'never'}
      >
        <input type='hidden' name='seen' value={data.edits.seen} />
        <fieldset class='fields' disabled={!open}>
          <label class='field'>
            Threshold
            <input
              id={`threshold-${session.key}`}
              type='number'
              name='threshold'
              step='any'
              value={session.threshold}
            />
          </label>
          <label class='field'>
            Shortest, frames
            <input
              id={`shortest-${session.key}`}
              type='number'
              name='shortest'
              min='0'
              max='100000'
              value={session.min_scene_length}
            />
          </label>
        </fieldset>
        <p class='row' aria-live='polite'>
          <output data-trial>
            {countText(scenes.length, 'scene')} at {session.threshold}
          </output>
        </p>
        {open && (
          <button class='no-script' disabled={!open}>
            Cut anew
          </button>
        )}
        <div class='notice' data-kind='offer' data-suggestion hidden>
          <p></p>
          <button type='button' hidden={!open}>
            Try
          </button>
        </div>
        <fieldset class='choices fold' disabled={!open}>
          <legend class='visually-hidden'>Detector</legend>
          {detectors.map((offer) => (
            <Detector session={session} offer={offer} measured={measured} />
          ))}
        </fieldset>
      </form>
    </section>
  )
}

interface DetectorProps {
  session: SessionData['session']
  offer: DetectorOffer
  measured: boolean
}

function Detector({ session, offer, measured }: DetectorProps) {
  const { name, summary, threshold, line } = offer
  const chosen = name === session.detector
  return (
    <label>
      <input
        type='radio'
        id={`detector-${name}`}
        name='detector'
        value={name}
        checked={chosen}
        data-usual={line}
        data-least={threshold.least}
        data-most={threshold.most}
      />
      <span>
        {titleOf(name)} <span class='soft' data-scenes-by={name}></span>
      </span>
      {measured ? (
        <img
          class='sparkline'
          src={`/sessions/${session.key}/scores.svg?detector=${name}&width=80&height=16`}
          width='80'
          height='16'
          alt=''
          loading='lazy'
        />
      ) : (
        <span></span>
      )}
      <small>{titleOf(summary)}</small>
    </label>
  )
}

const titleOf = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
