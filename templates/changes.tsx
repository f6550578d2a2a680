/**
 * From a change in the database to the fragments of every page that shows it.
 */

import { CutsPanel, cutsPanelId } from './cuts_panel.tsx'
import type { HomeData, SessionData } from './data.ts'
import { Costs, costsId } from './charts/costs.tsx'
import { EditsList, editsId } from './edits.tsx'
import { expectationId, ExpectationPanel } from './expectation.tsx'
import { Gallery, galleryId } from './gallery.tsx'
import { Groups, groupsId } from './groups.tsx'
import { HistoryNews } from './history_page.tsx'
import { Finished, FirstRun, Running, Waiting } from './home_page.tsx'
import { logId, OperationLog } from './log_page.tsx'
import { folderId, OutputsAside } from './outputs_page.tsx'
import { partial } from './partial.tsx'
import { groupsByScene, isChoosable, SceneGrid, sceneItems, scenesId } from './scene_grid.tsx'
import { sceneId } from './scene_item.tsx'
import { cardId, SessionCard } from './session_card.tsx'
import { aboutId, SessionAbout } from './session_about.tsx'
import { headId, SessionHead } from './session_head.tsx'
import { StepList, stepsId } from './step_list.tsx'
import { Tally, tallyId } from './tally.tsx'

export interface Change {
  topic: string
  /** Of sessions, scenes, files and history: the session's key. */
  subject: string
}

export interface ChangeData {
  /** Undefined where the session is gone, or the change is about none. */
  session?: SessionData | undefined
  /**
   * Given when a session came, went or moved from one list of the start page to another: the lists are then
   * rendered whole, and so is what of the session depends on its state.
   */
  home?: HomeData | undefined
  /** Of a change of scenes, the ids of the cuts whose scenes look different now; not given where there are others than before. */
  cuts?: number[] | undefined
}

/** Where these words are the same as before, only figures moved: the lists and the scenes stay as they are. */
export const stageOf = ({ session, operations }: Pick<SessionData, 'session' | 'operations'>): string =>
  [
    session.status,
    session.wanted,
    isChoosable({ session, operations }),
    operations.find(({ name }) => name === 'choose')?.status,
    session.artwork,
  ].join(' ')

/**
 * The `<hx-partial>`s for one change, one after the other; a page takes those whose target it has.
 * Empty where no page shows such a thing.
 */
export function renderChange({ topic, subject }: Change, { session, home, cuts }: ChangeData): string {
  const lists = home ? renderHome(home) : ''
  if (topic === 'history') return lists + partial('history-news', <HistoryNews fetch />, 'outerHTML')
  if (!session) return topic === 'session' ? lists + renderGone(subject) : lists
  if (topic === 'session') return lists + renderSession(session, home !== undefined)
  if (topic === 'scene') return lists + (cuts ? renderSomeScenes(session, cuts) : renderScenes(session))
  if (topic === 'file') return lists + renderFiles(session)
  return lists
}

const renderHome = (home: HomeData) =>
  partial('home-first', <FirstRun {...home} />) +
  partial('home-waiting', <Waiting {...home} />) +
  partial('home-running', <Running {...home} />) +
  partial('home-finished', <Finished {...home} />)

function renderSession(data: SessionData, moved: boolean): string {
  const { key } = data.session
  const duration = data.files.find(({ role }) => role === 'source')?.duration ?? null
  return (
    (moved ? renderScenes(data) : partial(cardId(key), <SessionCard {...data} duration={duration} />)) +
    partial(headId(key), <SessionHead {...data} />) +
    partial(stepsId(key), <StepList {...data} />) +
    partial(aboutId(key), <SessionAbout {...data} />) +
    partial(expectationId(key), <ExpectationPanel {...data} />) +
    partial(costsId(key), <Costs {...data} />) +
    partial(logId(key), <OperationLog {...data} />)
  )
}

export const renderScenes = (data: SessionData): string =>
  partial(scenesId(data.session.key), <SceneGrid {...data} />) + renderChoice(data)

/** Of a film of 1,500 scenes one star is not worth a megabyte. */
export function renderSomeScenes(data: SessionData, cuts: readonly number[]): string {
  const changed = data.scenes.filter(({ cut_id }) => cuts.includes(cut_id))
  const items = sceneItems(data, changed)
  return (
    items.map((item, index) => partial(sceneId(changed[index]?.cut_id ?? 0), item)).join('') +
    renderChoice(data)
  )
}

/** Two scenes with the same words look the same in the grid. */
export function sceneLooks(data: SessionData): Map<number, string> {
  const named = groupsByScene(data.groups)
  const open = isChoosable(data)
  return new Map(
    data.scenes.map((scene) => [
      scene.cut_id,
      JSON.stringify([open, Object.values(scene), named.get(scene.number)]),
    ]),
  )
}

/** What follows from ticks and groups, without the scenes themselves. */
export const renderChoice = (data: SessionData): string =>
  partial(groupsId(data.session.key), <Groups {...data} />) +
  partial(tallyId(data.session.key), <Tally {...data} />) +
  partial(cutsPanelId(data.session.key), <CutsPanel {...data} />) +
  partial(editsId(data.session.key), <EditsList {...data} />)

const renderFiles = (data: SessionData) =>
  partial(galleryId(data.session.key), <Gallery {...data} />) +
  partial(folderId(data.session.key), <OutputsAside {...data} />) +
  // The first file that was encoded tells how large the clips will be.
  (data.clipRate === null ? '' : partial(tallyId(data.session.key), <Tally {...data} />))

/** Of a session that was deleted: it leaves the lists, and its own pages say so. */
const renderGone = (key: string) =>
  partial(cardId(key), '', 'delete') +
  partial(tallyId(key), '', 'delete') +
  partial(
    headId(key),
    <div class='row' id={headId(key)}>
      <h1>Deleted</h1>
      <p>
        This session was deleted. <a href='/history'>Look in the history</a>
      </p>
    </div>,
  )
