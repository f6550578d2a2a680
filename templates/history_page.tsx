/**
 * The history: what ended, searched and sorted; totals of all and of the last thirty days.
 */

import type { History } from '../db/schema.ts'
import type { Totals } from './data.ts'
import { Icon, State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { bytesText, countText, lengthText, numberText, sessionState, spanText } from './words.ts'

export const historySorts = ['completed', 'artwork', 'state', 'length', 'master', 'outputs', 'took'] as const
export type HistorySort = (typeof historySorts)[number]

export interface HistoryQuery {
  q: string
  sort: HistorySort
  order: 'asc' | 'desc'
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

export interface HistoryPageProps extends HistoryList {
  eventId: number
  totals: Totals
  /** The same of the last 30 days, as `project_statistics` tells it. */
  month: { projects: number; successful: number; files: number; outputBytes: number }
}

export function HistoryPage({ eventId, totals, month, ...list }: HistoryPageProps) {
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
          <section class='stack' aria-labelledby='sessions-title'>
            <SearchForm {...list.query} />
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

function Figures({ totals, month }: Pick<HistoryPageProps, 'totals' | 'month'>) {
  const figures: [string, string][] = [
    ['Sessions', numberText(totals.projects)],
    ['Without a problem', numberText(totals.successful)],
    ['Film seen', spanText(totals.film)],
    ['Files made', numberText(totals.files)],
    ['Masters', bytesText(totals.masterBytes)],
    ['Outputs', bytesText(totals.outputBytes)],
    ['Worked', spanText(totals.processingSeconds)],
  ]
  return (
    <section class='stack' aria-label='Totals'>
      <dl class='figures'>
        {figures.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class='soft'>
        In the last 30 days: {countText(month.projects, 'session')}, {numberText(month.successful)} without a
        problem, {countText(month.files, 'file')}, {bytesText(month.outputBytes)}.
      </p>
    </section>
  )
}

const SearchForm = ({ q }: HistoryQuery) => (
  <form
    class='row'
    role='search'
    id='history-search'
    action='/history'
    hx-get='/history'
    hx-include='#history-place'
    hx-trigger='input changed delay:200ms from:#history-q, submit'
    hx-target='#history-list'
    hx-swap='outerMorph'
    hx-sync='this:replace'
  >
    <h2 id='sessions-title'>Sessions</h2>
    <label class='search'>
      <Icon name='search' />
      <input
        type='search'
        id='history-q'
        name='q'
        value={q}
        placeholder='Artwork, file, preset'
        aria-label='Search sessions'
        data-search
        autocomplete='off'
      />{' '}
      <kbd>/</kbd>
    </label>
    <noscript>
      <button>Search</button>
    </noscript>
  </form>
)

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
          <h3>No session called “{query.q}”</h3>
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
      <Pages {...list} />
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

function Column({ sort, query, number, children }: ColumnProps) {
  const sorted = query.sort === sort
  // Words read from A on, figures from the most on.
  const natural = sort === 'artwork' || sort === 'state' ? 'asc' : 'desc'
  const order = sorted ? (query.order === 'asc' ? 'desc' : 'asc') : natural
  const href = historyUrl({ ...query, sort, order, page: 1 })
  return (
    <th
      scope='col'
      class={number ? 'number' : undefined}
      aria-sort={sorted ? (query.order === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <a
        id={`sort-${sort}`}
        href={href}
        hx-get={href}
        hx-target='#history-list'
        hx-swap='outerMorph'
        hx-push-url='true'
      >
        {children}
        {sorted && <span aria-hidden='true'> {query.order === 'asc' ? '↑' : '↓'}</span>}
      </a>
    </th>
  )
}

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

function Pages({ query, rows, found, pageSize }: HistoryList) {
  const last = Math.max(1, Math.ceil(found / pageSize))
  if (last === 1) return null
  return (
    <nav class='row' aria-label='Pages'>
      <span class='soft'>
        Page {query.page} of {last}
      </span>
      <PageLink query={query} page={query.page - 1} show={query.page > 1}>
        Before
      </PageLink>
      <PageLink query={query} page={query.page + 1} show={rows.length > 0 && query.page < last}>
        Next
      </PageLink>
    </nav>
  )
}

interface PageLinkProps {
  query: HistoryQuery
  page: number
  show: boolean
  children?: string
}

const PageLink = ({ query, page, show, children }: PageLinkProps) =>
  show ? (
    <a class='button' id={`page-${children}`} href={historyUrl({ ...query, page })}>
      {children}
    </a>
  ) : null

function historyUrl({ q, sort, order, page }: HistoryQuery): string {
  const params = new URLSearchParams({ sort, order })
  if (q !== '') params.set('q', q)
  if (page > 1) params.set('page', String(page))
  return `/history?${params}`
}
