/**
 * Handing off: which file for which program, and cuts from elsewhere.
 */

import { handOffFormats } from '../workers/media/handoff/mod.ts'
import type { SessionData } from './data.ts'
import { Icon, Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { QuestionDialogs } from './questions.tsx'
import { isChoosable } from './scene_grid.tsx'
import { SessionHead, SessionTabs } from './session_head.tsx'
import { countText, isEnded } from './words.ts'

export interface HandOffPageProps {
  data: SessionData
  eventId: number
  /** What a list that was just loaded came to. */
  imported?: { scenes?: number | undefined; added?: number | undefined }
  /** Why a list was not loaded. */
  refused?: string | undefined
}

export function HandOffPage({ data, eventId, imported = {}, refused }: HandOffPageProps) {
  const { session, scenes, groups } = data
  const ticked = scenes.filter((scene) => scene.ticked === 1).length
  return (
    <Layout title={`Hand off ${session.artwork}`} eventId={eventId} after={<QuestionDialogs {...data} />}>
      <header class='session-head'>
        <SessionHead {...data} />
        <SessionTabs session={session} here='handoff' />
      </header>
      {imported.scenes !== undefined && <Loaded {...imported} />}
      <section class='panel' aria-labelledby='handoff-title'>
        <header>
          <h2 id='handoff-title'>Scenes for other programs</h2>{' '}
          <span class='soft'>{countText(scenes.length, 'scene')}</span>
        </header>
        {scenes.length === 0 ? (
          <p class='empty'>
            {isEnded(session.status)
              ? 'There are no scenes: the session ended before it had found its cuts.'
              : 'There are no scenes yet. They come once the session has found its cuts.'}
          </p>
        ) : (
          <table class='table folds'>
            <thead>
              <tr>
                <th scope='col'>File</th>
                <th scope='col'>Good for</th>
                <th scope='col'>Download</th>
              </tr>
            </thead>
            <tbody>
              {offers.map((offer) => (
                <tr>
                  <th scope='row'>{offer.title}</th>
                  <td class='soft'>{withCode(offer.summary)}</td>
                  <td>
                    <Links session={session} offer={offer} ticked={ticked} groups={groups} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <Import data={data} refused={refused} />
    </Layout>
  )
}

interface Offer {
  name: string
  title: string
  summary: string
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A tag stands out among the words; a command stands below them, and may be longer than a phone is wide. */
const withCode = (text: string) =>
  text.split(/(ffmpeg -.+|<.+>)/).map((part, i) => {
    if (i % 2 === 0) return part
    if (part.startsWith('<')) return <code>{part}</code>
    return (
      <>
        <br />
        <code tabindex={0}>{part}</code>
      </>
    )
  })

const offers: Offer[] = [
  ...handOffFormats.map(({ name, title, summary }) => ({ name, title, summary: capitalised(summary) })),
  { name: 'sheet.jpg', title: 'Contact sheet', summary: 'All scenes on one picture, to print or to send.' },
  {
    name: 'sheet.html',
    title: 'Contact sheet as a page',
    summary: 'One HTML file with the pictures inside; opens anywhere, without Cutroom.',
  },
]

interface LinksProps {
  session: SessionData['session']
  offer: Offer
  ticked: number
  groups: SessionData['groups']
}

function Links({ session, offer, ticked, groups }: LinksProps) {
  const href = (query: string) => `/sessions/${session.key}/export/${offer.name}${query}`
  return (
    <span class='row'>
      <a class='button' href={href('')} download aria-label={`${offer.title}: all scenes`}>
        <Icon name='download' /> All
      </a>
      {ticked > 0 && (
        <a
          class='button quiet'
          href={href('?what=selection')}
          download
          aria-label={`${offer.title}: ticked scenes`}
        >
          Ticked ({ticked})
        </a>
      )}
      {groups.map((group, i) => (
        <a
          class='button quiet'
          href={href(`?what=group&group=${group.key}`)}
          download
          aria-label={`${offer.title}: ${group.name ?? `group ${i + 1}`}`}
        >
          {group.name ?? `Group ${i + 1}`}
        </a>
      ))}
    </span>
  )
}

function Import({ data, refused }: Pick<HandOffPageProps, 'data' | 'refused'>) {
  const { session, scenes } = data
  return (
    <section class='panel stack' aria-labelledby='import-title'>
      <header>
        <h2 id='import-title'>Load cuts</h2>
      </header>
      <p class='soft'>
        From PySceneDetect’s CSV, an EDL, Cutroom’s JSON, or a list with a frame, a time or a timecode a line.
        They are added to the cuts that are there; nothing goes, no later detection moves them, and it can be
        undone in the scenes.
      </p>
      {refused !== undefined && (
        <div role='alert'>
          <Notice kind='problem'>
            <b>Nothing was loaded:</b> {refused}
          </Notice>
        </div>
      )}
      {isChoosable(data) ? (
        <form
          method='post'
          action={`/sessions/${session.key}/import`}
          enctype='multipart/form-data'
          class='row'
        >
          <label class='field'>
            List
            <input
              type='file'
              name='list'
              accept='.csv,.edl,.json,.txt'
              required
              autofocus={refused !== undefined}
            />
          </label>
          <button>Load</button>
        </form>
      ) : (
        <p>
          {scenes.length > 0
            ? 'The choice of this session is made; cuts can be loaded only before.'
            : isEnded(session.status)
              ? 'This session ended before its frames were counted: resume it, and cuts can be loaded.'
              : 'Cuts can be loaded once its frames are counted.'}
        </p>
      )}
    </section>
  )
}

function Loaded({ scenes = 0, added = 0 }: NonNullable<HandOffPageProps['imported']>) {
  return (
    <p class='notice' role='status'>
      The list names {countText(scenes, 'scene')};{' '}
      {added === 0 ? 'all of their cuts were there already' : `${countText(added, 'cut')} came new`}.
    </p>
  )
}
