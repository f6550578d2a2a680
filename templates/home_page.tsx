/**
 * The start page: what waits for a person, what runs, what has ended lately; or how to begin.
 */

import type { Child } from 'hono/jsx'
import type { History } from '../db/schema.ts'
import type { CardData, HomeData, RoomData } from './data.ts'
import { Icon, Notice, State } from './icon.tsx'
import { Layout } from './layout.tsx'
import { SessionCard } from './session_card.tsx'
import { Time } from './time.tsx'
import { bytesText, countText, sessionState } from './words.ts'

export interface HomePageProps extends HomeData {
  eventId: number
  disk: RoomData | null
}

export function HomePage({ eventId, disk, ...data }: HomePageProps) {
  return (
    <Layout title='Home' eventId={eventId} here='home'>
      <h1 class='visually-hidden'>Home</h1>
      <FirstRun {...data} />
      <Waiting {...data} />
      <Running {...data} />
      <div class='columns'>
        <Finished {...data} />
        <aside class='stack' aria-label='Disk and sample'>
          {disk && <DiskPanel {...disk} />}
          <SamplePanel />
        </aside>
      </div>
    </Layout>
  )
}

/** Nothing has ever been here: the way in stands in the middle of the page. */
export const FirstRun = ({ waiting, running, ended }: HomeData) => (
  <div id='home-first'>
    {waiting.length + running.length + ended === 0 && (
      <div class='empty'>
        <h2>Nothing in the cutting room yet</h2>
        <p>
          Pick a master and choose from its scenes; stills and clips are made of them. Or see it first on a
          short film that comes along: 26 seconds, nine scenes.
        </p>
        <div class='row'>
          <SampleForm primary />
          <a class='button' href='/archives/new'>
            New archive
          </a>
        </div>
      </div>
    )}
  </div>
)

export const Waiting = ({ waiting }: Pick<HomeData, 'waiting'>) => (
  <CardList id='home-waiting' title='Waiting for you' cards={waiting} />
)

export const Running = ({ running }: Pick<HomeData, 'running'>) => (
  <CardList id='home-running' title='Running' cards={running} />
)

/** A list without cards takes no room, but stays to be found when one comes. */
function CardList({ id, title, cards }: { id: string; title: string; cards: CardData[] }) {
  return (
    <section class='stack' id={id} aria-label={title} hidden={cards.length === 0}>
      <h2>
        {title} {cards.length > 2 && <span class='soft'>{cards.length}</span>}
      </h2>
      <div class='columns halves'>
        {cards.map((card) => (
          <SessionCard {...card} />
        ))}
      </div>
    </section>
  )
}

export function Finished({ finished, ended }: Pick<HomeData, 'finished' | 'ended'>) {
  return (
    <section class='stack' id='home-finished' aria-label='Finished lately'>
      <div class='row'>
        <h2>Finished lately</h2>
        {ended > finished.length && (
          <a class='end' href='/history'>
            All {ended}
          </a>
        )}
      </div>
      {finished.length === 0 ? (
        <p class='soft'>Nothing has ended yet. What ends is listed here, and kept in the history.</p>
      ) : (
        <FinishedTable>
          {finished.map((row) => (
            <FinishedRow {...row} />
          ))}
        </FinishedTable>
      )}
    </section>
  )
}

const FinishedTable = ({ children }: { children?: Child }) => (
  <table class='table folds'>
    <thead>
      <tr>
        <th scope='col'>Artwork</th>
        <th scope='col'>Result</th>
        <th scope='col' class='number'>
          Made
        </th>
        <th scope='col' class='number'>
          Finished
        </th>
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)

function FinishedRow(row: History) {
  const { tone, word } = sessionState({ status: row.status, wanted: 'run' }, row.problems)
  const href =
    row.status === 'completed' ? `/sessions/${row.session_key}/outputs` : `/sessions/${row.session_key}`
  return (
    <tr>
      <td>
        {row.session_id === null ? (
          row.artwork
        ) : (
          <a href={href}>
            {row.scenes_detected > 0 && (
              <img
                src={`/sessions/${row.session_key}/scenes/${Math.ceil(row.scenes_detected / 2)}.jpg`}
                width='320'
                height='180'
                alt=''
                loading='lazy'
              />
            )}
            {row.artwork}
          </a>
        )}
      </td>
      <td>
        <State tone={tone}>{word}</State>
      </td>
      <td class='number'>
        {row.files_created === 0
          ? 'nothing'
          : `${countText(row.files_created, 'file')}, ${bytesText(row.output_bytes)}`}
      </td>
      <td class='number'>
        <Time at={row.completed_at} />
      </td>
    </tr>
  )
}

const DiskPanel = ({ free, total, reserve, reserved, queued, short, waiting, folder }: RoomData) => (
  <section class='panel' aria-labelledby='disk-title'>
    <header>
      <h2 id='disk-title'>Disk</h2> <span class='soft'>output folder</span>
    </header>
    {waiting > 0 && (
      <Notice kind='warning'>
        {countText(waiting, 'session')} {waiting === 1 ? 'waits' : 'wait'} for room: free {bytesText(short)}{' '}
        on the disk of {folder}. <a href='/upkeep/retention'>See what a clean-up would free</a>
      </Notice>
    )}
    {waiting === 0 && free < reserve && (
      <Notice kind='warning'>
        Nothing new starts until {bytesText(reserve - free)} are freed on the disk of {folder}.{' '}
        <a href='/upkeep/retention'>See what a clean-up would free</a>
      </Notice>
    )}
    <dl class='facts'>
      <dt>Free</dt>
      <dd>
        {bytesText(free)} <span class='soft'>of {bytesText(total)}</span>
      </dd>
      <dt>Needed</dt>
      <dd>
        {bytesText(reserved)} <span class='soft'>by what has begun</span>
      </dd>
      {queued > 0 && (
        <>
          <dt>In the queue</dt>
          <dd>{bytesText(queued)}</dd>
        </>
      )}
      <dt>Kept free</dt>
      <dd>{bytesText(reserve)}</dd>
    </dl>
  </section>
)

const SamplePanel = () => (
  <section class='panel' aria-labelledby='sample-title'>
    <header>
      <h2 id='sample-title'>New here?</h2>
    </header>
    <p>
      Try it with the sample: 26 seconds of film become scenes, stills and clips. Nothing else is touched.
    </p>
    <SampleForm />
  </section>
)

const SampleForm = ({ primary = false }: { primary?: boolean }) => (
  <form method='post' action='/archives/sample'>
    <button class={primary ? 'primary' : undefined}>
      <Icon name='play' /> Try it with the sample
    </button>
  </form>
)
