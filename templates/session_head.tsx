/**
 * The head of every page of a session: its name, its state, the way to its other pages, what can be done with it.
 */

import type { SessionData } from './data.ts'
import { Icon, State } from './icon.tsx'
import { Time } from './time.tsx'
import { countText, damageText, isEnded, sessionState, spanText } from './words.ts'

export type SessionTab = 'progress' | 'scenes' | 'handoff' | 'outputs' | 'log'

export const headId = (key: string) => `head-${key}`

/** Without tabs in it, so that one fragment serves every page of the session. */
export function SessionHead({ session, progress, operations }: SessionData) {
  const { tone, word } = sessionState(session, progress.problems)
  return (
    <div class='row' id={headId(session.key)}>
      <h1>{session.artwork}</h1>
      <State tone={tone}>{word}</State>
      <p class='soft'>
        <When {...session} worked={operations.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0)} />
      </p>
    </div>
  )
}

export function SessionTabs({ session, here }: { session: SessionData['session']; here: SessionTab }) {
  const base = `/sessions/${session.key}`
  const tabs: [SessionTab, string, string][] = [
    ['progress', 'Progress', base],
    ['scenes', 'Scenes', `${base}/scenes`],
    ['handoff', 'Hand off', `${base}/handoff`],
    ['outputs', 'Outputs', `${base}/outputs`],
    ['log', 'Log', `${base}/log`],
  ]
  return (
    <nav class='tabs' aria-label='Session'>
      {tabs.map(([tab, word, href]) => (
        <a href={href} aria-current={tab === here ? 'page' : undefined}>
          {word}
        </a>
      ))}
    </nav>
  )
}

type WhenProps = Pick<SessionData['session'], 'status' | 'created_at' | 'started_at' | 'completed_at'> & {
  /** Seconds of all steps, as the history counts them. */
  worked: number
}

/** From start to end a person may have taken a day to choose: told is what was worked. */
function When({ status, created_at, started_at, completed_at, worked }: WhenProps) {
  if (!isEnded(status) || completed_at === null)
    return (
      <>
        {started_at === null ? 'ordered' : 'started'} <Time at={started_at ?? created_at} />
      </>
    )
  return (
    <>
      <Time at={completed_at} />
      {worked > 0 && `, ${spanText(worked)} of work`}
    </>
  )
}

/** Pause, resume, cancel, delete: each a form; what cannot be undone asks first. */
export function SessionActions({ session, damage }: Pick<SessionData, 'session' | 'damage'>) {
  const { key, status, wanted } = session
  const ended = isEnded(status)
  const paused = status === 'paused' || wanted === 'pause'
  return (
    <div class='row' role='group' aria-label='Session'>
      {!ended && wanted !== 'cancel' && (
        <ActionButton session={session} verb={paused ? 'resume' : 'pause'} icon={paused ? 'play' : 'pause'}>
          {paused ? 'Resume' : 'Pause'}
        </ActionButton>
      )}
      {(status === 'failed' || status === 'cancelled') && (
        <ActionButton session={session} verb='resume' icon='play'>
          Resume
        </ActionButton>
      )}
      {status === 'completed' && damageText(damage) !== '' && (
        <ActionButton session={session} verb='resume' icon='stale'>
          {repairText(damage)}
        </ActionButton>
      )}
      {!ended && (
        <a class='button danger' href={`/sessions/${key}/cancel`} data-opens='cancel'>
          Cancel
        </a>
      )}
      {ended && (
        <a class='button danger' href={`/sessions/${key}/delete`} data-opens='delete'>
          Delete
        </a>
      )}
    </div>
  )
}

/** What the button says that has torn and missing outputs made again. */
export const repairText = ({ torn, missing }: SessionData['damage']) =>
  `Repair ${countText(torn + missing, 'output')}`

interface ActionProps extends Pick<SessionData, 'session'> {
  verb: 'pause' | 'resume'
  icon: string
  children?: string
}

const ActionButton = ({ session, verb, icon, children }: ActionProps) => (
  <form
    method='post'
    action={`/sessions/${session.key}/${verb}`}
    hx-post={`/sessions/${session.key}/${verb}`}
    hx-swap='none'
  >
    <button>
      <Icon name={icon} /> {children}
    </button>
  </form>
)
