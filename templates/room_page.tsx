/**
 * The review room: a session's scenes with player, timeline and all that can be put right by hand.
 */

import type { Scene } from '../db/schema.ts'
import { CutsPanel } from './cuts_panel.tsx'
import type { SessionData } from './data.ts'
import { EditsList } from './edits.tsx'
import { timingOf } from './timecode_text.tsx'
import { Groups } from './groups.tsx'
import { Layout } from './layout.tsx'
import { Player, type ProxyData } from './player.tsx'
import { QuestionDialogs } from './questions.tsx'
import { RecutDialog } from './recut_question.tsx'
import { SceneGrid } from './scene_grid.tsx'
import { ScenePanel } from './scene_panel.tsx'
import { SessionHead, SessionTabs } from './session_head.tsx'
import { Tally } from './tally.tsx'
import { Timeline } from './timeline.tsx'

export interface RoomPageProps {
  data: SessionData
  eventId: number
  /** The one that is looked at. */
  scene: Scene | undefined
  proxy: ProxyData
  /** What the reader calls himself; null where he did not say. */
  name: string | null
}

export function RoomPage({ data, eventId, scene, proxy, name }: RoomPageProps) {
  const { session } = data
  return (
    <Layout
      title={`Scenes of ${session.artwork}`}
      eventId={eventId}
      islands={['room.js', 'groups.js']}
      wide
      after={
        <>
          <Tally {...data} />
          <RecutDialog session={session} seen={data.edits.seen} />
          <QuestionDialogs {...data} />
        </>
      }
    >
      <header class='session-head'>
        <SessionHead {...data} />
        <SessionTabs session={session} here='scenes' />
      </header>
      <div class='bench' data-room={session.key} data-uneven={timingOf(data).variable ? '' : undefined}>
        <Player data={data} proxy={proxy} />
        <Timeline {...data} />
        <ScenePanel data={data} scene={scene} />
        <CutsPanel {...data} />
      </div>
      <div class='reel'>
        <SceneGrid {...data} />
        <Groups {...data} />
      </div>
      <EditsList {...data} />
      <NameForm session={session} name={name} />
    </Layout>
  )
}

/** Not among what is told live: everybody has his own. */
const NameForm = ({ session, name }: Pick<SessionData, 'session'> & Pick<RoomPageProps, 'name'>) => (
  <form class='row' method='post' action={`/sessions/${session.key}/name`} autocomplete='off'>
    <label class='row tight'>
      Your name
      <input name='name' value={name ?? ''} maxlength={60} size={16} />
    </label>
    <button class='quiet'>Keep</button>
    <span class='soft'>It stands beside what you do here, for the others.</span>
  </form>
)
