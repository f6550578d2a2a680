/**
 * The history: what ended, searched and sorted; totals of all and of the last thirty days.
 */

import type { History } from '../db/schema.ts'
import type { HistoryState } from '../db/overview.ts'
import { Drawn, type DrawnProps, Figures, type FiguresProps } from './history_figures.tsx'
import { State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Pages } from './pages.tsx'
import { SearchField } from './search_field.tsx'
import { SortColumn } from './sort_column.tsx'
import { Time } from './time.tsx'
import { bytesText, countText, lengthText, numberText, sessionState, spanText } from './words.ts'

export const historySorts = ['completed', 'artwork', 'state', 'length', 'master', 'outputs', 'took'] as const
export type HistorySort = (typeof historySorts)[number]

export interface HistoryQuery {
  q: string
  sort: HistorySort
  order: 'asc' | 'desc'
  state: HistoryState | ''
  /** With what has gone into the archive. */
  archived: boolean
  /** From 1. */
  page: number
}

export interface HistoryList {
  query: HistoryQuery
  rows: History[]
  /** How many the search found. */
  found: number
  pageSize: number
}

export interface HistoryPageProps extends HistoryList, FiguresProps {
  eventId: number
  drawn: DrawnProps
}

export function HistoryPage({ eventId, totals, month, drawn, ...list }: HistoryPageProps) {
  return (
    <Layout title='History' eventId={eventId} here='history'>
      <h1>History</h1>
      {totals.projects === 0 ? (
        <div class='empty'>
          <h2>Nothing has ended yet</h2>
          <p>Every session that completes, fails or is cancelled is kept here, even after it is deleted.</p>
          <p class='row'>
            <a class='button' href='/'>
              Home
            </a>
          </p>
        </div>
      ) : (
        <>
          <Figures totals={totals} month={month} />
          <Drawn {...drawn} />
          <section class='stack' aria-labelledby='sessions-title'>
            <SearchForm query={list.query} archived={totals.archived} />
            <HistoryTable {...list} />
          </section>
        </>
      )}
      <HistoryNews />
    </Layout>
  )
}

/**
 * Asks for the list again when it is put into the page by a change (`fetch`), with the search as it stands then.
 */
export const HistoryNews = ({ fetch = false }: { fetch?: boolean }) => (
  <span
    id='history-news'
    hidden
    {...(fetch && {
      'hx-get': '/history',
      'hx-include': '#history-search, #history-place',
      'hx-trigger': 'load',
      'hx-target': '#history-list',
      'hx-swap': 'outerMorph',
    })}
  ></span>
)

const SearchForm = ({
  query: { q, state, archived },
  archived: count,
}: {
  query: HistoryQuery
  archived: number
}) => (
  <form
    class='row'
    role='search'
    id='history-search'
    action='/history'
    hx-get='/history'
    hx-include='#history-place'
    hx-trigger='input changed delay:200ms from:#history-q, change, submit'
    hx-target='#history-list'
    hx-swap='outerMorph'
    hx-sync='this:replace'
  >
    <h2 id='sessions-title'>Sessions</h2>
    <SearchField id='history-q' value={q} placeholder='Artwork, file, preset' label='Search sessions' />
    <label class='row'>
      State
      <select name='state'>
        <option value=''>any</option>
        {Object.entries(stateWords).map(([value, word]) => (
          <option value={value} selected={value === state}>
            {word}
          </option>
        ))}
      </select>
    </label>
    {count > 0 && (
      <label class='row'>
        <input type='checkbox' name='archived' value='1' checked={archived} /> with the {numberText(count)}{' '}
        archived
      </label>
    )}
    <noscript>
      <button>Search</button>
    </noscript>
  </form>
)

const stateWords: Record<HistoryState, string> = {
  completed: 'completed',
  problems: 'with problems',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** The answer to a search, too; its words are told to a screen reader. */
export function HistoryTable(list: HistoryList) {
  const { query, rows, found, pageSize } = list
  const first = (query.page - 1) * pageSize
  return (
    <div class='stack' id='history-list'>
      <div id='history-place'>
        <input type='hidden' name='sort' value={query.sort} />
        <input type='hidden' name='order' value={query.order} />
      </div>
      <p class='soft' role='status'>
        {found === 0 ? 'Nothing found' : `${first + 1} to ${first + rows.length} of ${numberText(found)}`}
      </p>
      {found === 0 ? (
        <div class='empty'>
          <h3>{query.q === '' ? 'No such session' : `No session called “${query.q}”`}</h3>
          <p>All of the history was searched: artwork, master, folder, notes, preset and key.</p>
          <p class='row'>
            <a class='button' href='/history'>
              Show all
            </a>
          </p>
        </div>
      ) : (
        <Rows {...list} />
      )}
      <Pages
        page={query.page}
        last={Math.ceil(found / pageSize)}
        href={(page) => historyUrl({ ...query, page })}
      />
    </div>
  )
}

const Rows = ({ query, rows }: HistoryList) => (
  <div class='scroll'>
    <table class='table folds'>
      <thead>
        <tr>
          <Column sort='artwork' query={query}>
            Artwork
          </Column>
          <Column sort='state' query={query}>
            State
          </Column>
          <Column sort='length' query={query} number>
            Length
          </Column>
          <Column sort='master' query={query} number>
            Master
          </Column>
          <Column sort='outputs' query={query} number>
            Outputs
          </Column>
          <Column sort='took' query={query} number>
            Worked
          </Column>
          <Column sort='completed' query={query} number>
            Ended
          </Column>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row {...row} />
        ))}
      </tbody>
    </table>
  </div>
)

interface ColumnProps {
  sort: HistorySort
  query: HistoryQuery
  number?: boolean
  children?: string
}

const Column = ({ query, ...column }: ColumnProps) => (
  <SortColumn
    {...column}
    query={query}
    href={(sorted) => historyUrl({ ...query, ...sorted, page: 1 })}
    target='history-list'
  />
)

function Row(row: History) {
  const { tone, word } = sessionState({ status: row.status, wanted: 'run' }, row.problems)
  return (
    <tr id={`history-${row.session_key}`}>
      <td>
        {row.session_id === null ? (
          <>
            {row.artwork} <span class='tag'>deleted</span>
          </>
        ) : (
          <a href={`/sessions/${row.session_key}/outputs`}>{row.artwork}</a>
        )}
      </td>
      <td>
        <State tone={tone}>{word}</State>
      </td>
      <td class='number minor'>{lengthText(row.master_duration)}</td>
      <td class='number minor'>{bytesText(row.master_bytes)}</td>
      <td class='number'>
        {row.files_created === 0
          ? '—'
          : `${countText(row.files_created, 'file')}, ${bytesText(row.output_bytes)}`}
      </td>
      <td class='number minor'>{spanText(row.processing_seconds)}</td>
      <td class='number'>
        <Time at={row.completed_at} />
      </td>
    </tr>
  )
}

function historyUrl({ q, sort, order, page, state, archived }: HistoryQuery): string {
  const params = new URLSearchParams({ sort, order })
  if (state !== '') params.set('state', state)
  if (archived) params.set('archived', '1')
  if (q !== '') params.set('q', q)
  if (page > 1) params.set('page', String(page))
  return `/history?${params}`
}
