/**
 * One table or view of the database, a page at a time.
 */

import type { Rows } from '../db/look.ts'
import { RowsTable } from './database_rows.tsx'
import { Icon } from './icon.tsx'
import { base, DatabasePage } from './upkeep_database_page.tsx'
import { numberText } from './words.ts'

export interface TableQuery {
  sort?: string | undefined
  order: 'asc' | 'desc'
  page: number
}

export interface TablePageProps {
  eventId: number
  name: string
  query: TableQuery
  rows: Rows
  pageSize: number
}

export function TablePage({ eventId, name, query, rows, pageSize }: TablePageProps) {
  const first = (query.page - 1) * pageSize
  return (
    <DatabasePage title={name} eventId={eventId}>
      <div class='row'>
        <h2>{name}</h2>
        <p class='soft'>
          {rows.rows.length === 0
            ? 'No rows'
            : `Rows ${numberText(first + 1)} to ${numberText(first + rows.rows.length)}`}
        </p>
        <span class='row end'>
          {(['csv', 'json'] as const).map((format) => (
            <a class='button quiet' href={`${base}/${name}/export?format=${format}`} download>
              <Icon name='download' /> {format.toUpperCase()}
            </a>
          ))}
        </span>
      </div>
      <RowsTable
        {...rows}
        label={name}
        head={(column) => <SortLink name={name} column={column} query={query} />}
      />
      <nav class='row' aria-label='Pages'>
        <a class='button quiet' href={base}>
          All tables
        </a>
        {query.page > 1 && (
          <a class='button' href={placeUrl(name, { ...query, page: query.page - 1 })}>
            Before
          </a>
        )}
        {rows.more && (
          <a class='button' href={placeUrl(name, { ...query, page: query.page + 1 })}>
            Next
          </a>
        )}
      </nav>
    </DatabasePage>
  )
}

function SortLink({ name, column, query }: { name: string; column: string; query: TableQuery }) {
  const sorted = query.sort === column
  const order = sorted && query.order === 'asc' ? 'desc' : 'asc'
  return (
    <a href={placeUrl(name, { sort: column, order, page: 1 })}>
      {column}
      {sorted && (
        <span>
          {' '}
          <span aria-hidden='true'>{query.order === 'asc' ? '↑' : '↓'}</span>
          <span class='visually-hidden'>{query.order === 'asc' ? 'ascending' : 'descending'}</span>
        </span>
      )}
    </a>
  )
}

function placeUrl(name: string, { sort, order, page }: TableQuery): string {
  const params = new URLSearchParams(sort === undefined ? {} : { sort, order })
  if (page > 1) params.set('page', String(page))
  const text = params.toString()
  return `${base}/${name}${text === '' ? '' : `?${text}`}`
}
