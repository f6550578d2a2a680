/**
 * The registry: every file that was read or made, what is missing of it, and what lies about unknown.
 */

import type { FileRole } from '../db/schema.ts'
import type { RegistryRow } from '../db/registry.ts'
import { fileCodecText } from '../workers/media/codec.ts'
import { type SurveyData, SurveyPanel } from './files_survey.tsx'
import { State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { SearchField } from './search_field.tsx'
import { Time } from './time.tsx'
import { bytesText, countText, lengthText } from './words.ts'

export interface FilesQuery {
  q: string
  role: FileRole | ''
  codec: string
  session: string
  /** Megabytes, as typed. */
  least: string
  most: string
  missing: boolean
  before: number | undefined
}

export interface FilesList {
  query: FilesQuery
  rows: RegistryRow[]
  /** The id that the next page begins before; null where there is nothing more. */
  next: number | null
}

export interface FilesPageProps extends FilesList {
  survey: SurveyData | null
}

export function FilesPage({ survey, ...list }: FilesPageProps) {
  return (
    <Layout title='Files' here='files'>
      <h1>Files</h1>
      <SurveyPanel survey={survey} />
      <section class='stack' aria-labelledby='registry-title'>
        <FilesForm {...list.query} />
        <FilesTable {...list} />
      </section>
    </Layout>
  )
}

const FilesForm = (query: FilesQuery) => (
  <form
    class='row'
    role='search'
    id='files-search'
    action='/files'
    hx-get='/files'
    hx-trigger='input changed delay:300ms from:#files-q, change, submit'
    hx-target='#files-list'
    hx-swap='outerMorph'
    hx-sync='this:replace'
  >
    <h2 id='registry-title'>All that was read or made</h2>
    <SearchField id='files-q' value={query.q} placeholder='Part of a path' label='Search files' />
    <label class='row'>
      Use
      <select name='role'>
        <option value=''>any</option>
        {Object.entries(roleWords).map(([role, word]) => (
          <option value={role} selected={query.role === role}>
            {word}
          </option>
        ))}
      </select>
    </label>
    <label class='row'>
      Codec
      <input name='codec' value={query.codec} size={8} placeholder='h264' autocomplete='off' />
    </label>
    <label class='row'>
      Session
      <input name='session' value={query.session} size={12} placeholder='its key' autocomplete='off' />
    </label>
    <span class='row pair' role='group' aria-label='Size'>
      <label class='row'>
        From
        <input name='least' value={query.least} size={5} inputmode='decimal' placeholder='MB' />
      </label>
      <label class='row'>
        to
        <input name='most' value={query.most} size={5} inputmode='decimal' placeholder='MB' />
      </label>
    </span>
    <label class='row'>
      <input type='checkbox' name='missing' value='1' checked={query.missing} /> only missing
    </label>
    <noscript>
      <button>Search</button>
    </noscript>
  </form>
)

/** The answer to a search, too; its words are told to a screen reader. */
export function FilesTable(list: FilesList) {
  const { rows, next, query } = list
  return (
    <div class='stack' id='files-list'>
      <p class='soft' role='status'>
        {rows.length === 0
          ? 'Nothing found'
          : `${countText(rows.length, 'file')}${next === null ? '' : ', and there are more'}`}
      </p>
      {rows.length === 0 ? (
        <div class='empty'>
          <h3>No such file</h3>
          <p>All that Cutroom has read or made was searched.</p>
          <p class='row'>
            <a class='button' href='/files'>
              Show all
            </a>
          </p>
        </div>
      ) : (
        <div class='scroll'>
          <table class='table folds'>
            <thead>
              <tr>
                <th scope='col'>File</th>
                <th scope='col'>Use</th>
                <th scope='col'>Session</th>
                <th scope='col' class='number'>
                  Size
                </th>
                <th scope='col'>Made</th>
                <th scope='col'>On disk</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <FileRow row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(next !== null || query.before !== undefined) && (
        <nav class='row' aria-label='Pages'>
          {query.before !== undefined && (
            <a class='button' href={filesUrl({ ...query, before: undefined })}>
              Newest
            </a>
          )}
          {next !== null && (
            <a class='button' href={filesUrl({ ...query, before: next })}>
              Older
            </a>
          )}
        </nav>
      )}
    </div>
  )
}

export const rowId = (key: string) => `registry-${key}`

/** While its bytes are looked at it asks again. */
export function FileRow({ row }: { row: RegistryRow }) {
  const { key, path, role, session_key, artwork, bytes, width, height, duration, created_at } = row
  const at = path.lastIndexOf('/')
  const shape = [
    fileCodecText(row),
    width ? `${width} × ${height}` : '',
    duration === null ? '' : lengthText(duration),
  ].filter(Boolean)
  return (
    <tr
      id={rowId(key)}
      {...(row.state === 'checking' && {
        'hx-get': `/files/${key}/row`,
        'hx-trigger': 'load delay:1s',
        'hx-swap': 'outerHTML',
      })}
    >
      <td>
        <a href={`/files/${key}`}>{path.slice(at + 1)}</a>{' '}
        <span class='soft path'>{path.slice(0, Math.max(0, at))}</span>
      </td>
      <td class='minor'>
        {roleWords[role]} <span class='soft'>{shape.join(', ')}</span>
      </td>
      <td class='minor'>
        <a href={`/sessions/${session_key}/outputs`}>{artwork}</a>
      </td>
      <td class='number'>{bytesText(bytes)}</td>
      <td class='minor'>
        <Time at={created_at} />
      </td>
      <td>
        <Found row={row} />
      </td>
    </tr>
  )
}

function Found({ row }: { row: RegistryRow }) {
  const { key, state, message, verified_at, missing_at, path } = row
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    <div class='row'>
      {state === 'checking' ? (
        <State tone='processing'>being read</State>
      ) : missing_at !== null ? (
        <State tone='failed'>not there</State>
      ) : state === 'changed' || state === 'unreadable' ? (
        <State tone='failed'>{message ?? state}</State>
      ) : (
        <span class='soft'>
          {verified_at === null ? 'never verified' : 'verified '}
          {verified_at !== null && <Time at={verified_at} />}
        </span>
      )}
      {row.sha256 !== null && state !== 'checking' && (
        <form
          method='post'
          action={`/files/${key}/verify`}
          hx-post={`/files/${key}/verify`}
          hx-target={`#${rowId(key)}`}
          hx-swap='outerHTML'
        >
          <button class='quiet' aria-label={`Verify ${name} now`}>
            Verify
          </button>
        </form>
      )}
    </div>
  )
}

const roleWords: Record<FileRole, string> = {
  source: 'source',
  rd_source: 'R&D source',
  master: 'master',
  master_web: 'master for the web',
  sheet: 'thumbnail sheet',
  clip: 'clip',
  group: 'group',
  still_hq: 'full-size still',
  still_web: 'web still',
  thumbnail: 'thumbnail',
  rd_hq: 'R&D, full size',
  rd_web: 'R&D for the web',
  log: 'log',
}

function filesUrl({ before, missing, ...texts }: FilesQuery): string {
  const params = new URLSearchParams(Object.entries(texts).filter(([, value]) => value !== ''))
  if (missing) params.set('missing', '1')
  if (before !== undefined) params.set('before', String(before))
  return `/files?${params}`
}
