/**
 * What is expected of a session, why, and how right such estimates were.
 */

import type { Accuracy } from '../workers/media/estimates.ts'
import type { ExpectedFigure, SessionData } from './data.ts'
import { bytesText, aboutBytesText, numberText, rangeText, spanText } from './words.ts'

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
            {expectation.work && (
              <>
                <dt>Work</dt>
                <Figure {...expectation.work} about={spanText} exact={spanText} />
              </>
            )}
            <dt>Size</dt>
            <Figure {...expectation.size} about={aboutBytesText} exact={bytesText} />
          </dl>
          <p class='soft'>{accuracyText(expectation.accuracy)}</p>
        </>
      )}
    </section>
  )
}

interface FigureProps extends ExpectedFigure {
  about: (value: number) => string
  exact: (value: number) => string
}

/** What was said and why, and what it came to. */
const Figure = ({ range, basis, actual, about, exact }: FigureProps) => (
  <>
    <dd>
      {rangeText(range, about)} <span class='soft'>{basis}</span>
    </dd>
    {actual !== null && (
      <>
        <dt>Came to</dt>
        <dd>{exact(actual)}</dd>
      </>
    )}
  </>
)

/** Fewer than this say nothing of the next one. */
const enough = 5

/** How right the estimates before were: "Of 12 estimates of time 10 held…". */
export function accuracyText({ seconds, bytes }: Record<'seconds' | 'bytes', Accuracy>): string {
  const parts = [partText('time', seconds), partText('size', bytes)].filter(Boolean)
  return parts.length === 0
    ? 'Too few estimates have come to their end to say how right they are.'
    : parts.join(' ')
}

function partText(what: string, { count, held, miss }: Accuracy): string {
  if (count < enough) return ''
  const off = Math.round(miss * 100)
  return `Of ${numberText(count)} estimates of ${what} ${held} held; the middle one was off by ${off}%.`
}
