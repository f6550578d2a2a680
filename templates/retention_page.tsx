/**
 * The dry run of a clean-up: every session, row and file that would go, before the button that removes them.
 */

import type { RetentionPlan, RunData, SessionPlan } from './data.ts'
import { State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { RunOutcome } from './maintenance_words.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { bytesText, countText, numberText, sessionState, stepTitle } from './words.ts'

export interface RetentionPageProps {
  eventId: number
  plan: RetentionPlan
  last: RunData | null
  running: boolean
}

/** More rows than this are no page; the shell and the JSON name all. */
const mostShown = 200

export const RetentionPage = ({ eventId, plan, last, running }: RetentionPageProps) => (
  <Layout title='Clean-up' eventId={eventId} here='upkeep'>
    <UpkeepHead here='retention' />
    <div class='columns'>
      <section class='stack' aria-labelledby='plan-title'>
        <h2 id='plan-title'>What would go now</h2>
        <Totals {...plan} />
        <Sessions {...plan} />
        <Others {...plan} />
      </section>
      <aside class='stack' aria-label='Limits and removal'>
        <Removal plan={plan} running={running} />
        <Limits {...plan} />
        <section class='panel' aria-labelledby='last-title'>
          <header>
            <h2 id='last-title'>Last time</h2>
          </header>
          <div>
            <RunOutcome run={last} />
          </div>
        </section>
      </aside>
    </div>
  </Layout>
)

const isEmpty = ({ totals }: RetentionPlan) => totals.sessions + totals.history + totals.texts === 0

function Totals({ totals }: RetentionPlan) {
  const { sessions, rows, files, fileBytes, databaseBytes, history, texts } = totals
  const parts = [
    ...(sessions > 0
      ? [
          `${countText(sessions, 'session')} with ${countText(rows, 'row')} (${bytesText(databaseBytes)} of the database)` +
            ` and ${countText(files, 'file')} (${bytesText(fileBytes)}) would be removed`,
        ]
      : []),
    ...(history > 0 ? [`${countText(history, 'row')} of history would move to the archive`] : []),
    ...(texts > 0 ? [`the log text of ${countText(texts, 'step')} would be cleared`] : []),
  ]
  if (parts.length === 0) return <p>Nothing: no session, history or log text is older than its limit.</p>
  return <p>{parts.join('; ')}.</p>
}

const Sessions = ({ sessions }: RetentionPlan) =>
  sessions.length === 0 ? null : (
    <div class='scroll'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Session</th>
            <th scope='col'>State</th>
            <th scope='col'>Since</th>
            <th scope='col'>Rows and files</th>
            <th scope='col' class='number'>
              Frees
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.slice(0, mostShown).map((session) => (
            <SessionRow {...session} />
          ))}
        </tbody>
      </table>
      <More count={sessions.length - mostShown} />
    </div>
  )

function SessionRow({ session, artwork, status, since, rows, databaseBytes, files }: SessionPlan) {
  const { tone, word } = sessionState({ status, wanted: 'run' }, 0)
  const names = Object.entries(rows).map(([table, count]) => countText(count, table.replace('_', ' ')))
  return (
    <tr>
      <td>
        <a href={`/sessions/${session}`}>{artwork}</a> <span class='soft tc'>{session}</span>
      </td>
      <td>
        <State tone={tone}>{word}</State>
      </td>
      <td>
        <Time at={since} />
      </td>
      <td>
        {names.join(', ')}
        {files.length > 0 && (
          <details>
            <summary>{countText(files.length, 'file')}</summary>
            <ul class='path'>
              {files.map(({ path, bytes }) => (
                <li>
                  {path} <span class='soft'>{bytesText(bytes)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </td>
      <td class='number'>{bytesText(files.reduce((sum, { bytes }) => sum + bytes, 0) + databaseBytes)}</td>
    </tr>
  )
}

const Others = ({ history, texts }: RetentionPlan) => (
  <>
    {history.length > 0 && (
      <details>
        <summary>{countText(history.length, 'row')} of history to the archive</summary>
        <ul>
          {history.slice(0, mostShown).map(({ session, artwork, completedAt }) => (
            <li>
              {artwork} <span class='soft'>{session}</span>, ended <Time at={completedAt} />
            </li>
          ))}
        </ul>
        <More count={history.length - mostShown} />
      </details>
    )}
    {texts.length > 0 && (
      <details>
        <summary>Log text of {countText(texts.length, 'step')}</summary>
        <ul>
          {texts.slice(0, mostShown).map(({ session, operation, bytes }) => (
            <li>
              {stepTitle(operation)} of <span class='soft'>{session}</span>, {bytesText(bytes)}
            </li>
          ))}
        </ul>
        <More count={texts.length - mostShown} />
      </details>
    )}
  </>
)

const More = ({ count }: { count: number }) =>
  count <= 0 ? null : (
    <p class='soft'>
      And {numberText(count)} more. <code>cutroom upkeep retention --dry-run</code> names all of them.
    </p>
  )

const Removal = ({ plan, running }: { plan: RetentionPlan; running: boolean }) => (
  <section class='panel' aria-labelledby='remove-title'>
    <header>
      <h2 id='remove-title'>Remove it</h2>
    </header>
    <form method='get' action='/upkeep/retention' class='stack'>
      <label class='row'>
        <input type='checkbox' name='outputs' value='delete' checked={plan.withOutputs} /> Their outputs, too
      </label>
      <div class='row'>
        <button>Look again</button>
      </div>
    </form>
    <form method='post' action='/upkeep/retention' class='stack'>
      <input type='hidden' name='at' value={plan.limits.at} />
      {plan.withOutputs && <input type='hidden' name='outputs' value='delete' />}
      <p class='soft'>
        {plan.withOutputs
          ? 'The files that these sessions made are removed, too. That cannot be undone.'
          : 'The files that these sessions made stay where they are.'}{' '}
        What the history says of them stays; after {plan.limits.historyDays} days it moves to the archive.
      </p>
      <div class='row'>
        <button class='danger' disabled={running || isEmpty(plan)}>
          {plan.withOutputs ? 'Remove, with outputs' : 'Remove'}
        </button>
      </div>
    </form>
  </section>
)

const Limits = ({ limits }: RetentionPlan) => (
  <form class='panel' method='post' action='/upkeep/retention/limits' aria-labelledby='limits-title'>
    <header>
      <h2 id='limits-title'>What is old, in days</h2>
    </header>
    <div class='fields'>
      <Days name='unfinishedDays' value={limits.unfinishedDays}>
        Unfinished sessions
      </Days>
      <Days name='finishedDays' value={limits.finishedDays}>
        Finished sessions
      </Days>
      <Days name='historyDays' value={limits.historyDays}>
        History, to its archive
      </Days>
      <Days name='logDays' value={limits.logDays}>
        Log text of steps
      </Days>
    </div>
    <div class='row'>
      <button>Save</button>
    </div>
  </form>
)

const Days = ({ name, value, children }: { name: string; value: number; children?: string }) => (
  <label class='field'>
    {children}
    <input type='number' name={name} value={value} min={1} max={36500} required />
  </label>
)
