/**
 * A session's progress, and its scenes to choose from.
 */

import { Compare } from './compare.tsx'
import { Costs } from './charts/costs.tsx'
import { ExpectationPanel } from './expectation.tsx'
import { Groups } from './groups.tsx'
import { Layout } from './layout.tsx'
import type { SessionPageProps } from './outputs_page.tsx'
import { QuestionDialogs } from './questions.tsx'
import { SceneGrid } from './scene_grid.tsx'
import { SessionAbout } from './session_about.tsx'
import { SessionHead, SessionTabs } from './session_head.tsx'
import { StepList } from './step_list.tsx'
import { Tally } from './tally.tsx'

export function SessionPage({ data, eventId }: SessionPageProps) {
  return (
    <Layout
      title={data.session.artwork}
      eventId={eventId}
      after={
        <>
          <Tally {...data} />
          <QuestionDialogs {...data} />
        </>
      }
    >
      <header class='session-head'>
        <SessionHead {...data} />
        <SessionTabs session={data.session} here='progress' />
      </header>
      <div class='columns'>
        <StepList {...data} />
        <aside class='stack' aria-label='About'>
          <SessionAbout {...data} />
          <ExpectationPanel {...data} />
        </aside>
      </div>
      <SceneGrid {...data} />
      <Groups {...data} />
      <Costs {...data} />
      <Compare {...data} />
    </Layout>
  )
}
