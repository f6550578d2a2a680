/**
 * What a walk over the disk found: files that are missing, and files that nobody knows of.
 */

import type { Stray, Survey } from '../db/schema.ts'
import { Icon, Notice } from './icon.tsx'
import { Time } from './time.tsx'
import { bytesText, countText, numberText } from './words.ts'

export interface SurveyData {
  survey: Survey
  strays: (Stray & { root_path: string })[]
}

/** What is missing, and what nobody knows of: found by a walk over the disk that a person asks for. */
export function SurveyPanel({ survey: data }: { survey: SurveyData | null }) {
  const running = data?.survey.state === 'running'
  return (
    <section
      class='panel'
      id='survey'
      aria-labelledby='survey-title'
      {...(running && { 'hx-get': '/files/survey', 'hx-trigger': 'load delay:1s', 'hx-swap': 'outerHTML' })}
    >
      <header>
        <h2 id='survey-title'>On disk</h2>
        {!running && (
          <form
            method='post'
            action='/files/survey'
            hx-post='/files/survey'
            hx-target='#survey'
            hx-swap='outerHTML'
          >
            <button>
              <Icon name='search' /> {data ? 'Look again' : 'Look for all of them'}
            </button>
          </form>
        )}
      </header>
      <div role='status'>
        {data === null ? (
          <p>
            Every known file is looked for, and the output folders for what is not known. It reads names and
            sizes, not contents.
          </p>
        ) : (
          <SurveyWords {...data.survey} />
        )}
      </div>
      {data && !running && <Strays {...data} />}
    </section>
  )
}

function SurveyWords({
  state,
  looked_at,
  missing,
  strays,
  stray_bytes,
  message,
  whole,
  finished_at,
}: Survey) {
  if (state === 'running') return <p>Looking: {numberText(looked_at)} files so far.</p>
  return (
    <>
      {message && <Notice kind='problem'>{message}</Notice>}
      <p>
        {numberText(looked_at)} looked at, <Time at={finished_at} />:{' '}
        {missing === 0 ? (
          'nothing is missing'
        ) : (
          <a href='/files?missing=1'>{countText(missing, 'file is', 'files are')} missing</a>
        )}
        ,{' '}
        {strays === 0
          ? 'nothing unknown lies there'
          : `${countText(strays, 'unknown file lies', 'unknown files lie')} there (${bytesText(stray_bytes)})`}
        {whole === 0 && '; not everything was seen'}.
      </p>
    </>
  )
}

function Strays({ survey, strays }: SurveyData) {
  if (strays.length === 0) return null
  return (
    <details>
      <summary>
        Unknown files
        {strays.length < survey.strays && `, the first ${numberText(strays.length)}`}
      </summary>
      <ul class='strays'>
        {strays.map(({ root_path, path, bytes }) => (
          <li>
            <span class='path'>
              {root_path}/{path}
            </span>{' '}
            <span class='soft'>{bytesText(bytes)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
