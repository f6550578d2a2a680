/**
 * Fixity: how many outputs are known to be as they were made, when they were last read, and which are not.
 */

import type { BadFile } from '../db/fixity.ts'
import type { FixityData } from './data.ts'
import { State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { RunOutcome } from './maintenance_words.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { bytesText, numberText, type Tone } from './words.ts'

export const FixityPage = ({ eventId, ...data }: FixityData & { eventId: number }) => (
  <Layout title='Fixity' eventId={eventId} here='upkeep'>
    <UpkeepHead here='fixity' />
    <FixityState {...data} />
  </Layout>
)

/** While outputs are read it asks for itself again. */
const FixityState = (data: FixityData) => (
  <div
    class='stack roomy'
    id='fixity'
    {...(data.running && {
      'hx-get': '/upkeep/fixity',
      'hx-trigger': 'every 2s',
      'hx-select': '#fixity',
      'hx-swap': 'outerHTML',
    })}
  >
    <Figures {...data} />
    <div class='row'>
      <form method='post' action='/upkeep/fixity'>
        <button disabled={data.running !== null}>Verify all outputs now</button>
      </form>
      <p class='soft' role='status'>
        {data.running === null
          ? `By itself: those that were not read for longest, up to ${data.gigabytesANight} GB a night.`
          : 'Outputs are being read. Work on sessions goes first.'}
      </p>
    </div>
    <div>
      Last run: <RunOutcome run={data.last} />
    </div>
    <Bad bad={data.bad} />
  </div>
)

const Figures = ({ files, bytes, oldest, missing, changed }: FixityData) => (
  <dl class='figures'>
    <div>
      <dt>Outputs</dt>
      <dd>{numberText(files)}</dd>
    </div>
    <div>
      <dt>Together</dt>
      <dd>{bytesText(bytes)}</dd>
    </div>
    <div>
      <dt>All read since</dt>
      <dd>
        <Time at={oldest} />
      </dd>
    </div>
    <div>
      <dt>Missing</dt>
      <dd>{numberText(missing)}</dd>
    </div>
    <div>
      <dt>Not as made</dt>
      <dd>{numberText(changed)}</dd>
    </div>
  </dl>
)

const Bad = ({ bad }: Pick<FixityData, 'bad'>) =>
  bad.length === 0 ? null : (
    <section class='stack' aria-labelledby='bad-title'>
      <h2 id='bad-title'>Not as they were made</h2>
      <p class='soft'>
        Put the file back from a copy, or let its session make it again: “Repair” on its page proves every
        output first, and makes what is torn or missing as it was.
      </p>
      <div class='scroll'>
        <table class='table folds'>
          <thead>
            <tr>
              <th scope='col'>File</th>
              <th scope='col'>State</th>
              <th scope='col'>Session</th>
              <th scope='col' class='number'>
                Found
              </th>
            </tr>
          </thead>
          <tbody>
            {bad.map((file) => (
              <BadRow {...file} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )

const tones: Partial<Record<BadFile['state'], Tone>> = { missing: 'warning' }

const BadRow = ({ root_path, path, state, message, session_key, artwork, at }: BadFile) => (
  <tr>
    <td>
      <span class='path'>
        {root_path}/{path}
      </span>
      <p class='soft'>{message}</p>
    </td>
    <td>
      <State tone={tones[state] ?? 'failed'}>{state}</State>
    </td>
    <td>
      <a href={`/sessions/${session_key}`}>{artwork}</a>
    </td>
    <td class='number'>
      <Time at={at} />
    </td>
  </tr>
)
