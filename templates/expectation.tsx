/**
 * What is expected of a session, why, and how right such estimates were.
 */

import type { Accuracy } from '../workers/media/estimates.ts'
import type { SessionData } from './data.ts'
import { bytesText, aboutBytesText, countText, rangeText, spanText } from './words.ts'

export const expectationId = (key: string) => `expected-${key}`

export function ExpectationPanel({ session, expectation }: Pick<SessionData, 'session' | 'expectation'>) {
  return (
    <section
      class='panel'
      id={expectationId(session.key)}
      aria-labelledby='expected-title'
      hidden={expectation === null}
    >
      <header>
        <h2 id='expected-title'>{expectation?.left ? 'Expected' : 'What was expected'}</h2>
      </header>
      {expectation && (
        <>
          <dl class='facts'>
            {expectation.left && (
              <>
                <dt>Time left</dt>
                <dd>
                  {rangeText(expectation.left.range, spanText)}{' '}
                  <span class='soft'>{expectation.left.basis}</span>
                </dd>
              </>
            )}
            <dt>Size</dt>
            <dd>
              {rangeText(expectation.size.range, aboutBytesText)}{' '}
              <span class='soft'>{expectation.size.basis}</span>
            </dd>
            {expectation.size.actual !== null && (
              <>
                <dt>Came to</dt>
                <dd>{bytesText(expectation.size.actual)}</dd>
              </>
            )}
          </dl>
          <p class='soft'>{accuracyText(expectation.accuracy)}</p>
        </>
      )}
    </section>
  )
}

/** How right the estimates before were: "Of 12 estimates of time 10 held…". */
export function accuracyText({ seconds, bytes }: Record<'seconds' | 'bytes', Accuracy>): string {
  const parts = [partText('time', seconds), partText('size', bytes)].filter(Boolean)
  return parts.length === 0 ? 'No estimate has come to its end yet.' : parts.join(' ')
}

function partText(what: string, { count, held, miss }: Accuracy): string {
  if (count === 0) return ''
  const off = Math.round(miss * 100)
  return `Of ${countText(count, 'estimate')} of ${what} ${held} held; the middle one was off by ${off}%.`
}
