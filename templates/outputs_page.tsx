/**
 * The outputs of a session: the gallery, the folder, what was saved.
 */

import type { File } from '../db/schema.ts'
import type { SessionData } from './data.ts'
import { changeText, Gallery } from './gallery.tsx'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { QuestionDialogs } from './questions.tsx'
import { StaleLater } from './stale.tsx'
import { SessionHead, SessionTabs } from './session_head.tsx'
import { bytesText, countText } from './words.ts'

export interface SessionPageProps {
  data: SessionData
  eventId: number
}

export interface OutputsPageProps extends SessionPageProps {
  /** Of the gallery, from 1. */
  page: number
}

export function OutputsPage({ data, eventId, page }: OutputsPageProps) {
  return (
    <Layout
      title={`Outputs of ${data.session.artwork}`}
      eventId={eventId}
      after={
        <>
          <Viewer />
          <QuestionDialogs {...data} />
        </>
      }
    >
      <header class='session-head'>
        <SessionHead {...data} />
        <SessionTabs session={data.session} here='outputs' />
      </header>
      <div class='columns'>
        <div class='stack roomy'>
          <StaleLater session={data.session} />
          <Gallery {...data} page={page} />
        </div>
        <OutputsAside {...data} />
      </div>
    </Layout>
  )
}

export const folderId = (key: string) => `folder-${key}`

/** The folder and the sums; changes with the gallery. */
export function OutputsAside(data: SessionData) {
  const { session, progress, folder } = data
  return (
    <aside class='stack sticky' id={folderId(session.key)} aria-label='Folder and sizes'>
      <section class='panel' aria-labelledby='folder-title'>
        <header>
          <h2 id='folder-title'>Folder</h2>
          {folder !== null && (
            <button type='button' data-copy={folder} hidden>
              <Icon name='copy' /> <span>Copy the path</span>
            </button>
          )}
        </header>
        <p class='path'>{folder ?? 'It is named when the session starts.'}</p>
        {progress.files > 0 && (
          <p class='row'>
            <a class='button' href={`/sessions/${session.key}/files.zip`} download>
              <Icon name='download' /> Everything, ZIP
            </a>
            <span class='soft'>
              {countText(progress.files, 'file')}, {bytesText(progress.output_bytes)}
            </span>
          </p>
        )}
      </section>
      <BeforeAndAfter files={data.files} />
    </aside>
  )
}

function BeforeAndAfter({ files }: Pick<SessionData, 'files'>) {
  const of = (...roles: File['role'][]) =>
    files.filter(({ role }) => roles.includes(role)).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  const rows = [
    { what: 'Stills', before: of('still_hq'), after: of('still_web') },
    { what: 'R&D', before: of('rd_hq'), after: of('rd_web') },
    { what: 'Master', before: of('master'), after: of('master_web') },
  ].filter(({ before, after }) => before > 0 && after > 0)
  if (rows.length === 0) return null
  return (
    <section class='panel' aria-labelledby='sizes-title'>
      <header>
        <h2 id='sizes-title'>Before and after</h2>
      </header>
      {rows.map((row) => (
        <SizeBars {...row} />
      ))}
    </section>
  )
}

/** Two bars on one scale: what it was, what the web gets. */
function SizeBars({ what, before, after }: { what: string; before: number; after: number }) {
  const most = Math.max(before, after)
  const words = `${bytesText(before)} → ${bytesText(after)}`
  return (
    <div>
      <p class='row between'>
        <span>{what}</span>
        <span class='soft'>
          {words}, {changeText(after / before)}
        </span>
      </p>
      <svg class='sizes' role='img' aria-label={`${what}: ${words}`} width='100%' height='18'>
        <rect class='before' x='0' y='2' width={`${(100 * before) / most}%`} height='6' rx='2' />
        <rect
          class='after'
          x='0'
          y='10'
          width={`${Math.max(0.5, (100 * after) / most)}%`}
          height='6'
          rx='2'
        />
      </svg>
    </div>
  )
}

/** One picture as large as the window; static/viewer.js fills it. */
const Viewer = () => (
  <dialog id='viewer' class='viewer' aria-label='Still'>
    <img alt='' />
    <form method='dialog' class='row'>
      <p class='path'></p>
      <button type='button' class='square' data-step='-1' aria-label='The still before'>
        <Icon name='left' />
      </button>
      <button type='button' class='square' data-step='1' aria-label='The next still'>
        <Icon name='right' />
      </button>
      <button>Close</button>
    </form>
  </dialog>
)
