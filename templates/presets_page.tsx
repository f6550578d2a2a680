/**
 * The presets: what each is for, how often and when it was last used, and what can be done with it.
 */

import type { PresetSort } from '../db/preset_search.ts'
import type { Preset } from '../db/schema.ts'
import { Icon, Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { SearchField } from './search_field.tsx'
import { SortColumn } from './sort_column.tsx'
import { Time } from './time.tsx'
import { countText, numberText } from './words.ts'

export interface PresetQuery {
  q: string
  sort: PresetSort
  order: 'asc' | 'desc'
}

export interface PresetList {
  query: PresetQuery
  rows: Preset[]
  /** The key of the one that new archives start with. */
  usual: string
}

export interface PresetsPageProps extends PresetList {
  eventId: number
  /** Why a file was not imported. */
  refused?: string | undefined
}

export const PresetsPage = ({ eventId, refused, ...list }: PresetsPageProps) => (
  <Layout title='Presets' eventId={eventId} here='presets'>
    <div class='row'>
      <h1>Presets</h1>
      <a class='button end' href='/presets/-/new'>
        <Icon name='plus' /> New preset
      </a>
    </div>
    {refused !== undefined && (
      <div role='alert'>
        <Notice kind='problem'>
          <b>Not imported.</b> {refused}
        </Notice>
      </div>
    )}
    <section class='stack' aria-label='All presets'>
      <SearchForm {...list.query} />
      <PresetTable {...list} />
    </section>
    <ImportForm />
  </Layout>
)

const SearchForm = ({ q }: PresetQuery) => (
  <form
    class='row'
    role='search'
    id='preset-search'
    action='/presets'
    hx-get='/presets'
    hx-include='#preset-place'
    hx-trigger='input changed delay:200ms from:#preset-q, submit'
    hx-target='#preset-list'
    hx-swap='outerMorph'
    hx-sync='this:replace'
  >
    <SearchField id='preset-q' value={q} placeholder='Name, category, words' label='Search presets' />
    <noscript>
      <button>Search</button>
    </noscript>
  </form>
)

/** The answer to a search, too. */
export function PresetTable({ query, rows, usual }: PresetList) {
  return (
    <div class='stack' id='preset-list'>
      <div id='preset-place'>
        <input type='hidden' name='sort' value={query.sort} />
        <input type='hidden' name='order' value={query.order} />
      </div>
      <p class='soft' role='status'>
        {countText(rows.length, 'preset')}
      </p>
      {rows.length === 0 ? (
        <div class='empty'>
          <h2>No preset with “{query.q}”</h2>
          <p>Names, ids, categories and descriptions were searched.</p>
          <a class='button' href='/presets'>
            Show all
          </a>
        </div>
      ) : (
        <Rows query={query} rows={rows} usual={usual} />
      )}
    </div>
  )
}

const Rows = ({ query, rows, usual }: PresetList) => (
  <div class='scroll'>
    <table class='table folds'>
      <thead>
        <tr>
          <Column sort='name' query={query}>
            Name
          </Column>
          <Column sort='category' query={query}>
            Category
          </Column>
          <Column sort='used' query={query} number>
            Used
          </Column>
          <Column sort='last' query={query} number>
            Last used
          </Column>
          <Column sort='changed' query={query} number>
            Changed
          </Column>
          <th scope='col'>
            <span class='visually-hidden'>What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((preset) => (
          <Row preset={preset} isUsual={preset.key === usual} />
        ))}
      </tbody>
    </table>
  </div>
)

interface ColumnProps {
  sort: PresetSort
  query: PresetQuery
  number?: boolean
  children?: string
}

const Column = ({ query, ...column }: ColumnProps) => (
  <SortColumn
    {...column}
    query={query}
    href={(sorted) => `/presets?${new URLSearchParams({ ...query, ...sorted })}`}
    target='preset-list'
  />
)

const Row = ({ preset, isUsual }: { preset: Preset; isUsual: boolean }) => (
  <tr id={`preset-${preset.key}`}>
    <td>
      <span class='row'>
        <a href={`/presets/${preset.key}`}>{preset.name}</a>
        {preset.builtin === 1 && <span class='tag'>built-in</span>}
        {isUsual && <span class='tag'>default</span>}
      </span>
      {preset.description && <small>{preset.description}</small>}
    </td>
    <td class='soft'>{preset.category}</td>
    <td class='number' data-of='Used'>
      {preset.use_count === 0 ? 'never' : `${numberText(preset.use_count)} ×`}
    </td>
    <td class='number soft' data-of='Last'>
      {preset.last_used_at !== null && <Time at={preset.last_used_at} />}
    </td>
    <td class='number soft minor'>
      {preset.builtin === 0 && (
        <>
          <Time at={preset.modified_at} /> <span class='tag'>version {preset.version}</span>
        </>
      )}
    </td>
    <td class='number'>
      <PresetActions preset={preset} isUsual={isUsual} />
    </td>
  </tr>
)

/** What can be done with a preset from the list, without opening it. */
const PresetActions = ({ preset, isUsual }: { preset: Preset; isUsual: boolean }) => (
  <div class='row actions'>
    {!isUsual && (
      <form method='post' action={`/presets/${preset.key}/default`}>
        <button class='quiet' aria-label={`Make ${preset.name} the default`}>
          Make default
        </button>
      </form>
    )}
    <form method='post' action={`/presets/${preset.key}/duplicate`}>
      <button class='quiet' aria-label={`Duplicate ${preset.name}`}>
        Duplicate
      </button>
    </form>
    <a
      class='button quiet'
      href={`/presets/${preset.key}/export`}
      aria-label={`Export ${preset.name}`}
      download
    >
      Export
    </a>
  </div>
)

const ImportForm = () => (
  <form class='panel' method='post' action='/presets/-/import' enctype='multipart/form-data'>
    <h2>Import</h2>
    <p class='soft'>A preset that was exported here or elsewhere. One whose id is taken gets another name.</p>
    <div class='row'>
      <input type='file' name='file' accept='.json,application/json' aria-label='File of a preset' required />
      <button>Import</button>
    </div>
  </form>
)
