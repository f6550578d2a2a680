/**
 * Looking into the database: what there is, a query of one's own, and what an older tool left.
 */

import type { Child } from 'hono/jsx'
import type { ImportReport } from '../db/import_state.ts'
import type { Contents, Rows } from '../db/look.ts'
import type { StateImport } from '../db/schema.ts'
import { RowsTable } from './database_rows.tsx'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { bytesText, countText } from './words.ts'

export const base = '/upkeep/database'

export const DatabasePage = ({
  title,
  eventId,
  children,
}: {
  title: string
  eventId: number
  children?: Child
}) => (
  <Layout title={title} eventId={eventId} here='upkeep'>
    <UpkeepHead here='database' />
    {children}
  </Layout>
)

export interface LookPageProps {
  eventId: number
  look: Contents
  imports: StateImport[]
}

export function LookPage({ eventId, look, imports }: LookPageProps) {
  const isMeasured = look.tables.every(({ bytes }) => bytes !== null)
  return (
    <DatabasePage title='Database' eventId={eventId}>
      <p>
        Version <span class='tc'>{look.version}</span>, {bytesText(look.bytes)}, of it{' '}
        {bytesText(look.freeBytes)} unused. Nothing can be changed here.
      </p>
      <QueryForm />
      <Tables {...look} isMeasured={isMeasured} />
      <Views {...look} />
      <details class='panel' id='indexes'>
        <summary>
          {countText(look.indexes.length, 'index', 'indexes')}, {countText(look.triggers.length, 'trigger')}
        </summary>
        <Indexes {...look} isMeasured={isMeasured} />
        <p class='soft'>
          Triggers: {look.triggers.map(({ name, table }) => `${name} (${table})`).join(', ')}
        </p>
      </details>
      <ImportForm imports={imports} />
    </DatabasePage>
  )
}

const ImportForm = ({ imports }: Pick<LookPageProps, 'imports'>) => (
  <details class='panel' id='import'>
    <summary>Coming from the Video Archive Tool</summary>
    <form method='post' action={`${base}/import`} class='stack'>
      <label class='field'>
        Where its state.db lies in the media folder
        <input name='path' required placeholder='old-tool/state.db' autocomplete='off' />
      </label>
      <div class='row'>
        <button>Take it in</button>
        <span class='soft'>
          History, presets, settings, and its files under our output folders. A second time adds nothing.
        </span>
      </div>
    </form>
    {imports.map(({ path, imported_at }) => (
      <p class='soft'>
        <span class='tc'>{path}</span>, <Time at={imported_at} />
      </p>
    ))}
  </details>
)

export const ImportedPage = ({
  eventId,
  path,
  report,
}: {
  eventId: number
  path: string
  report: ImportReport
}) => (
  <DatabasePage title='Taken in' eventId={eventId}>
    <h2>{report.already === null ? `${path} was taken in` : `${path} was taken in before`}</h2>
    <p>
      {report.already === null ? '' : 'Nothing was added now. Then it was: '}
      {countText(report.history, 'entry', 'entries')} of history, {countText(report.presets, 'preset')},{' '}
      {countText(report.settings, 'setting')}, {countText(report.files, 'file')} of{' '}
      {countText(report.sessions, 'session')}.
    </p>
    {report.notes.map((note) => (
      <p class='soft'>{note}</p>
    ))}
    <p class='row'>
      <a class='button' href='/history'>
        History
      </a>
      <a class='button quiet' href={base}>
        All tables
      </a>
    </p>
  </DatabasePage>
)

const QueryForm = ({ sql = '' }: { sql?: string }) => (
  <form method='post' action={base} class='stack'>
    <label class='field'>
      Ask in SQL
      <textarea
        name='sql'
        rows={4}
        spellcheck={false}
        required
        placeholder='select * from project_statistics'
      >
        {sql}
      </textarea>
    </label>
    <div class='row'>
      <button>Ask</button>
      <span class='soft'>At most 500 rows, in at most five seconds; only what reads.</span>
    </div>
  </form>
)

const Tables = ({ tables, isMeasured }: Contents & { isMeasured: boolean }) => (
  <section class='stack' aria-labelledby='tables-title'>
    <h2 id='tables-title'>Tables</h2>
    {!isMeasured && (
      <p class='row'>
        <a class='button quiet' href={`${base}?counted=1`}>
          Count rows and sizes
        </a>
        <span class='soft'>That reads the whole database: a second or more for each 500 MB.</span>
      </p>
    )}
    <div class='scroll'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Table</th>
            <th scope='col' class='number'>
              Rows
            </th>
            {isMeasured && (
              <>
                <th scope='col' class='number'>
                  Size
                </th>
                <th scope='col' class='number'>
                  Indexes
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {tables.map(({ name, rows, atMost, bytes, indexBytes }) => (
            <tr>
              <td>
                <a href={`${base}/${name}`}>{name}</a>
              </td>
              <td class='number'>
                {atMost && 'up to '}
                {countText(rows, 'row')}
              </td>
              {bytes !== null && <td class='number'>{bytesText(bytes)}</td>}
              {indexBytes !== null && (
                <td class='number minor'>{indexBytes === 0 ? '' : bytesText(indexBytes)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
)

const Views = ({ views }: Contents) => (
  <section class='stack' aria-labelledby='views-title'>
    <h2 id='views-title'>Views</h2>
    <p class='row'>
      {views.map((name) => (
        <a class='button quiet' href={`${base}/${name}`}>
          {name}
        </a>
      ))}
    </p>
  </section>
)

const Indexes = ({ indexes, isMeasured }: Contents & { isMeasured: boolean }) => (
  <div class='scroll'>
    <table class='table'>
      <thead>
        <tr>
          <th scope='col'>Index</th>
          <th scope='col'>Columns</th>
          {isMeasured && (
            <th scope='col' class='number'>
              Size
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {indexes.map(({ name, table, columns, bytes }) => (
          <tr>
            <td>{name}</td>
            <td>
              {table} ({columns})
            </td>
            {bytes !== null && <td class='number'>{bytesText(bytes)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

/** @param answer the rows, or why there are none. */
export const AnswerPage = ({
  eventId,
  sql,
  answer,
}: {
  eventId: number
  sql: string
  answer: Rows | string
}) => (
  <DatabasePage title='Query' eventId={eventId}>
    <QueryForm sql={sql} />
    {typeof answer === 'string' ? (
      <div class='notice' data-kind='warning' role='alert'>
        <Icon name='warning' />
        <p>{answer}</p>
      </div>
    ) : (
      <section class='stack' aria-labelledby='answer-title'>
        <h2 id='answer-title'>
          {countText(answer.rows.length, 'row')}
          {answer.more && ', and more that are not shown'}
        </h2>
        <RowsTable {...answer} label='Answer' />
      </section>
    )}
    <p>
      <a class='button quiet' href={base}>
        All tables
      </a>
    </p>
  </DatabasePage>
)
