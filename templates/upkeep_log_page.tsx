/**
 * The log: what happened, newest first, of all or of one session, from a level on.
 */

import type { Child } from 'hono/jsx'
import { type LogEntry, type LogLevel, logLevels } from './data.ts'
import { State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import type { Tone } from './words.ts'

export interface LogQuery {
  session: string
  level: LogLevel
  before: string
}

export interface UpkeepLogProps {
  eventId: number
  query: LogQuery
  entries: LogEntry[]
  /** For what is older; null where there is nothing. */
  before: string | null
  /** Lines below this are not written at all. */
  written: LogLevel
}

export const UpkeepLogPage = ({ eventId, ...log }: UpkeepLogProps) => (
  <Layout title='Log' eventId={eventId} here='upkeep'>
    <UpkeepHead here='log' />
    <Search {...log} />
    <LogList {...log} />
  </Layout>
)

const Search = ({ query, written }: Omit<UpkeepLogProps, 'eventId'>) => (
  <form class='row' role='search' action='/upkeep/log'>
    <label class='field'>
      Session
      <input name='session' value={query.session} placeholder='all' autocomplete='off' size={16} />
    </label>
    <label class='field'>
      Level
      <select name='level'>
        {logLevels.map((level) => (
          <option value={level} selected={level === query.level}>
            {words[level]}
          </option>
        ))}
      </select>
    </label>
    <button>Show</button>
    <p class='soft end'>Written now: {words[written]}</p>
  </form>
)

const tones: Record<LogLevel, Tone> = {
  debug: 'skipped',
  info: 'completed',
  warn: 'warning',
  error: 'failed',
}

const words: Record<LogLevel, string> = {
  debug: 'everything',
  info: 'steps, warnings and errors',
  warn: 'warnings and errors',
  error: 'errors',
}

function LogList({ query, entries, before }: Omit<UpkeepLogProps, 'eventId'>) {
  if (entries.length === 0)
    return (
      <div class='empty'>
        <h2>Nothing in the log</h2>
        <p>No line {query.session === '' ? '' : `of the session ${query.session} `}at this level is kept.</p>
      </div>
    )
  return (
    <>
      <div class='scroll'>
        <table class='table folds'>
          <thead>
            <tr>
              <th scope='col'>When</th>
              <th scope='col'>Level</th>
              <th scope='col'>What happened</th>
              <th scope='col'>Session</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row {...entry} />
            ))}
          </tbody>
        </table>
      </div>
      <nav class='row' aria-label='Pages'>
        {query.before !== '' && <PageLink query={{ ...query, before: '' }}>Newest</PageLink>}
        {before !== null && <PageLink query={{ ...query, before }}>Older</PageLink>}
      </nav>
    </>
  )
}

function Row({ at, level, message, session, facts }: LogEntry) {
  const more = Object.entries(facts).filter(([name]) => name !== 'pid')
  return (
    <tr>
      <td>
        <Time at={at.replace('T', ' ').replace('Z', '')} />
      </td>
      <td>
        <State tone={tones[level]}>{level}</State>
      </td>
      <td>
        {message}
        {more.length > 0 && (
          <details>
            <summary>More</summary>
            <pre>{JSON.stringify(Object.fromEntries(more), null, 2).replaceAll('\\n', '\n')}</pre>
          </details>
        )}
      </td>
      <td>
        {session !== null && (
          <a class='tc' href={`/upkeep/log?session=${encodeURIComponent(session)}&level=debug`}>
            {session}
          </a>
        )}
      </td>
    </tr>
  )
}

const PageLink = ({ query, children }: { query: LogQuery; children?: Child }) => (
  <a class='button' href={`/upkeep/log?${new URLSearchParams({ ...query })}`}>
    {children}
  </a>
)
