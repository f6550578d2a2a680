/**
 * The folder browser: where a new archive's master, or its R&D folder, is picked. Its radio buttons are the
 * form's own field, `master` or `rd`, so that a pick needs no script.
 */

import type { Child } from 'hono/jsx'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { bytesText, countText } from './words.ts'

export type Purpose = 'master' | 'rd'

export interface BrowserEntry {
  name: string
  bytes: number
  /** ISO 8601. */
  modified: string
}

export interface BrowserProps {
  purpose: Purpose
  /** Paths are relative to the root, with `/`; the empty one is the root. */
  listing: {
    path: string
    folders: BrowserEntry[]
    files: (BrowserEntry & { kind: 'video' | 'image' | 'audio' | 'other' })[]
  }
  root: { path: string }
  /** What is picked now, wherever it lies; empty where nothing is. */
  picked?: string
  /** What was typed to narrow the folder. */
  narrow?: string
  /** Where a folder opens when there is no script; the browser's own page unless given. */
  pageOf?: (path: string) => string
}

/** `#browse-master`, `#browse-rd`: swapped whole when a folder opens. */
export function FolderBrowser(props: BrowserProps) {
  const { purpose, listing } = props
  return (
    <div class='stack browser' id={`browse-${purpose}`}>
      <div class='row'>
        <Crumbs {...props} />
        <span class='end'>
          <Narrow {...props} />
        </span>
      </div>
      <div class='scroll short' tabindex={0} role='group' aria-label={nameOf(listing.path) || 'Top folder'}>
        <Rows {...props} />
      </div>
    </div>
  )
}

/** The browser on a page of its own. */
export const BrowserPage = (props: BrowserProps) => (
  <Layout title='Browse'>
    <h1>{props.purpose === 'master' ? 'Pick a master' : 'Pick an R&D folder'}</h1>
    <form id={`narrow-${props.purpose}`} action='/browse'>
      <input type='hidden' name='for' value={props.purpose} />
      <input type='hidden' name='path' value={props.listing.path} />
    </form>
    <form class='panel' action='/archives/new'>
      <FolderBrowser {...props} />
      <p>
        <button class='primary'>Use it</button>
      </p>
    </form>
  </Layout>
)

function Crumbs(props: BrowserProps) {
  const parts = props.listing.path.split('/').filter(Boolean)
  const steps = ['', ...parts].map((_, index) => parts.slice(0, index).join('/'))
  return (
    <nav aria-label={props.purpose === 'master' ? 'Folder of the master' : 'R&D folder'}>
      <ol class='crumbs'>
        {steps.map((path) => {
          const name = nameOf(path) || nameOf(props.root.path) || 'media'
          if (path === props.listing.path) return <li aria-current='page'>{name}</li>
          return (
            <li>
              <Open {...props} to={path}>
                {name}
              </Open>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** Opens a folder in place, and takes along what is picked. */
const Open = (props: BrowserProps & { to: string; children?: Child }) => (
  <a
    href={props.pageOf?.(props.to) ?? address(props, props.to)}
    hx-get={address(props, props.to)}
    hx-include={`#browse-${props.purpose} [name=${props.purpose}]:checked`}
    hx-target={`#browse-${props.purpose}`}
    hx-swap='outerHTML'
  >
    {props.children}
  </a>
)

/** Belongs to a form of its own, there or not: Enter must not send the archive's. */
const Narrow = (props: BrowserProps) => (
  <label class='search'>
    <Icon name='search' />
    <input
      type='search'
      name='q'
      value={props.narrow ?? ''}
      placeholder='Type to narrow'
      aria-label='Narrow this folder'
      aria-controls={`rows-${props.purpose}`}
      autocomplete='off'
      form={`narrow-${props.purpose}`}
      data-search={props.purpose === 'master' ? true : undefined}
      hx-get={address(props, props.listing.path)}
      hx-include={`#browse-${props.purpose} [name=${props.purpose}]:checked`}
      hx-trigger='input changed delay:120ms, search'
      hx-sync='this:replace'
      hx-target={`#rows-${props.purpose}`}
      hx-select={`#rows-${props.purpose}`}
      hx-swap='outerHTML'
    />
  </label>
)

function Rows(props: BrowserProps) {
  const { purpose, listing, narrow = '', picked = '' } = props
  const folders = listing.folders.filter(({ name }) => matches(name, narrow))
  const files = listing.files.filter(({ name }) => matches(name, narrow))
  const paths = [...(purpose === 'rd' ? [listing.path, ...folders.map(inside(listing.path))] : []), '']
  const inSight = [...paths, ...(purpose === 'master' ? files.map(inside(listing.path)) : [])].includes(
    picked,
  )
  return (
    <div id={`rows-${purpose}`}>
      <table class='table folds'>
        <Head />
        <tbody>
          {purpose === 'rd' && <NoFolder {...props} />}
          {!inSight && <PickedElsewhere {...props} />}
          {purpose === 'rd' && listing.path !== '' && <ThisFolder {...props} />}
          {folders.map((folder) => (
            <FolderRow {...props} folder={folder} />
          ))}
          {files.map((file) => (
            <FileRow {...props} file={file} />
          ))}
        </tbody>
      </table>
      {folders.length + files.length === 0 && <Nothing {...props} />}
    </div>
  )
}

const Head = () => (
  <thead>
    <tr>
      <th scope='col'>Name</th>
      <th scope='col' class='number'>
        Size
      </th>
      <th scope='col' class='number'>
        Changed
      </th>
    </tr>
  </thead>
)

const NoFolder = (props: BrowserProps) => (
  <Row>
    <label>
      <Pick {...props} path='' /> <span>No R&amp;D folder</span>
    </label>
  </Row>
)

const PickedElsewhere = (props: BrowserProps) => (
  <Row>
    <label>
      <Pick {...props} path={props.picked ?? ''} /> <span>{props.picked}</span>
    </label>
  </Row>
)

const ThisFolder = (props: BrowserProps) => (
  <Row>
    <label>
      <Pick {...props} path={props.listing.path} />{' '}
      <span>
        This folder <span class='soft'>{countText(props.listing.files.length, 'file')}</span>
      </span>
    </label>
  </Row>
)

function FolderRow(props: BrowserProps & { folder: BrowserEntry }) {
  const { folder, listing, purpose } = props
  const path = inside(listing.path)(folder)
  return (
    <Row modified={folder.modified}>
      <span class='row tight'>
        {purpose === 'rd' && <Pick {...props} path={path} label={`Use ${folder.name}`} />}
        <Open {...props} to={path}>
          <Icon name='folder' /> {folder.name}/
        </Open>
      </span>
    </Row>
  )
}

function FileRow(props: BrowserProps & { file: BrowserProps['listing']['files'][number] }) {
  const { file, listing, purpose } = props
  const name = <span>{file.name}</span>
  return (
    <Row bytes={file.bytes} modified={file.modified}>
      {purpose === 'master' && file.kind === 'video' ? (
        <label>
          <Pick {...props} path={inside(listing.path)(file)} /> {name}
        </label>
      ) : (
        <span class='row tight soft'>
          <Icon name={file.kind === 'other' ? 'file' : file.kind} /> {name}
        </span>
      )}
    </Row>
  )
}

const Row = ({ bytes, modified, children }: { bytes?: number; modified?: string; children?: Child }) => (
  <tr>
    <td>{children}</td>
    <td class='number'>{bytes !== undefined && bytesText(bytes)}</td>
    <td class='number soft'>{modified !== undefined && <Time at={stored(modified)} />}</td>
  </tr>
)

/** What is picked is looked at at once. */
const Pick = ({ purpose, picked = '', path, label }: BrowserProps & { path: string; label?: string }) => (
  <input
    type='radio'
    name={purpose}
    value={path}
    checked={path === picked}
    aria-label={label}
    hx-get={`/look?for=${purpose}&path=${encodeURIComponent(path)}`}
    hx-include={`[name=preset]:checked, [name=${purpose === 'master' ? 'rd' : 'master'}]:checked`}
    hx-trigger='change'
    hx-target={purpose === 'master' ? '#look' : '#look-rd'}
    hx-swap='outerHTML'
  />
)

function Nothing({ listing, narrow = '', root }: BrowserProps) {
  if (listing.folders.length + listing.files.length > 0)
    return <p class='empty'>Nothing here has “{narrow}” in its name.</p>
  if (listing.path !== '') return <p class='empty'>This folder is empty.</p>
  return (
    <div class='empty'>
      <h3>No media yet</h3>
      <p>Put videos into this folder, then open this page again:</p>
      <p class='path'>{root.path}</p>
    </div>
  )
}

const address = ({ purpose }: BrowserProps, path: string) =>
  `/browse?for=${purpose}&path=${encodeURIComponent(path)}`

/** Every word, whatever its case and accents. */
function matches(name: string, narrow: string): boolean {
  const plain = simplified(name)
  return simplified(narrow)
    .split(/\s+/)
    .every((word) => plain.includes(word))
}

const simplified = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const inside =
  (folder: string) =>
  ({ name }: { name: string }) =>
    folder === '' ? name : `${folder}/${name}`

const nameOf = (path: string) => path.replace(/^.*[/\\](?=.)/, '')

/** ISO 8601 as the database writes time. */
const stored = (iso: string) => iso.replace('T', ' ').replace('Z', '')
