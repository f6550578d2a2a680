/**
 * The steps of a session: how far, how fast, how long still, and what went wrong.
 */

import type { Operation } from '../db/schema.ts'
import { codecText } from '../workers/media/codec.ts'
import type { SessionData } from './data.ts'
import { Icon, Notice, State } from './icon.tsx'
import { RoomNotice } from './room_notice.tsx'
import {
  bytesText,
  countText,
  doneText,
  isEnded,
  leftText,
  paceText,
  percentText,
  spanText,
  stepTitle,
} from './words.ts'

export const stepsId = (key: string) => `steps-${key}`

export function StepList(data: SessionData) {
  const { session, operations } = data
  return (
    <section class='panel' id={stepsId(session.key)} aria-labelledby='steps-title'>
      <header>
        <h2 id='steps-title'>Steps</h2>
        <span class='soft'>
          {doneText(operations)}
          {outlook(data)}
        </span>
      </header>
      <RoomNotice session={session} folder={data.folder} />
      <ol class='steps'>
        {operations.map((operation) => (
          <Step data={data} operation={operation} />
        ))}
      </ol>
    </section>
  )
}

/** Only what is known: the time left of what runs, and that more may follow. */
function outlook({ session, operations }: SessionData): string {
  if (isEnded(session.status)) return ''
  if (session.status === 'paused') return ' · paused'
  const running = operations.filter(({ status }) => status === 'processing')
  const left = running.flatMap(({ seconds_left }) => seconds_left ?? [])
  if (running.length === 0 || left.length < running.length) return ''
  const more = operations.some(({ status, name }) => status === 'pending' && name !== 'finish')
  return ` · ${leftText(Math.max(...left))}${more ? ', then what follows' : ''}`
}

interface StepProps {
  data: SessionData
  operation: Operation
}

function Step({ data, operation }: StepProps) {
  const { status, name, error_message } = operation
  return (
    <li id={`step-${operation.id}`}>
      <State tone={status} quiet>
        {status}
      </State>
      <span>{stepTitle(name)}</span>
      {status === 'processing' ? (
        <Bar {...operation} />
      ) : (
        <span class='did'>{whatItDid(data, operation)}</span>
      )}
      <span class='when'>
        <When data={data} operation={operation} />
      </span>
      {status === 'failed' && (
        <Notice kind='problem' action={<RetryForm data={data} operation={operation} />}>
          {error_message ?? 'It failed without a word. Retry it; the log may say more.'}
        </Notice>
      )}
      {warningsOf(operation).map((warning) => (
        <Notice kind='warning'>{warning}</Notice>
      ))}
    </li>
  )
}

const Bar = ({ name, progress, ...rest }: Operation) => (
  <span class='bar'>
    <progress max='100' value={Math.floor(progress * 100)} aria-label={stepTitle(name)}>
      {percentText(progress)}
    </progress>
    <span class='did'>
      {[percentText(progress), paceText({ name, progress, ...rest })].filter(Boolean).join(' · ')}
    </span>
  </span>
)

function When({ data: { session }, operation: { status, name, seconds, seconds_left } }: StepProps) {
  if (status === 'processing') return seconds_left === null ? '' : leftText(seconds_left)
  if (status === 'waiting' && name === 'choose') return <a href={`#scenes-${session.key}`}>Choose</a>
  return status === 'completed' && seconds !== null ? spanText(seconds) : ''
}

const RetryForm = ({ data: { session }, operation: { name } }: StepProps) => (
  <form
    method='post'
    action={`/sessions/${session.key}/operations/${name}/retry`}
    hx-post={`/sessions/${session.key}/operations/${name}/retry`}
    hx-swap='none'
  >
    <button>
      <Icon name='stale' /> Retry
    </button>
  </form>
)

/** One line on the result, from the rows it left. */
function whatItDid(data: SessionData, operation: Operation): string {
  if (operation.status === 'pending') return beforeIt(operation.name, data)
  if (operation.status === 'waiting')
    return `${countText(data.scenes.length, 'scene')} found, choose which become clips`
  if (operation.status === 'skipped') return operation.error_message ?? 'skipped'
  if (operation.status === 'cancelled') return 'cancelled'
  if (operation.status === 'failed') return ''
  return results[operation.name]?.(data, operation) ?? madeText(data, operation)
}

/** What a step is going to do, where its name does not tell. */
const beforeIt = (name: string, { operations }: SessionData) => {
  const chosen = operations.some((other) => other.name === 'choose' && other.status === 'completed')
  if (name === 'clips' && !chosen) return 'after the choice'
  if (name === 'stills_web' && !operations.some((other) => other.name === 'stills_hq')) return oneEach
  return plans[name] ?? ''
}

const oneEach = 'one from every scene'

const plans: Record<string, string> = {
  stills_hq: oneEach,
  stills_web: 'made from the full-size stills',
  finish: 'process log',
}

const results: Record<string, (data: SessionData, operation: Operation) => string> = {
  probe: ({ files }) => {
    const [master] = files
    const size = master?.width ? `${master.width} × ${master.height}` : ''
    return [size, codecText(master?.codec), master?.duration ? spanText(master.duration) : '']
      .filter(Boolean)
      .join(', ')
  },
  copy_master: (_data, { bytes_out }) => `${bytesText(bytes_out)}, checksum verified`,
  detect: ({ scenes }) =>
    `${countText(Math.max(0, scenes.length - 1), 'cut')}, ${countText(scenes.length, 'scene')}`,
  choose: ({ scenes, groups }) =>
    [
      `${scenes.filter(({ ticked }) => ticked === 1).length} of ${countText(scenes.length, 'scene')}`,
      groups.length > 0 && countText(groups.length, 'group'),
    ]
      .filter(Boolean)
      .join(', '),
}

function madeText({ files }: SessionData, { id, bytes_out }: Operation): string {
  const made = files.filter(({ operation_id }) => operation_id === id).length
  return made === 0 ? 'nothing to do' : `${countText(made, 'file')}, ${bytesText(bytes_out)}`
}

export const warningsOf = ({ warnings }: Operation): string[] => JSON.parse(warnings) as string[]
