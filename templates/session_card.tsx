/**
 * A session at a glance.
 */

import type { CardData } from './data.ts'
import { State } from './icon.tsx'
import { shortOf } from './room_notice.tsx'
import { Time } from './time.tsx'
import {
  bytesText,
  countText,
  doneText,
  leftText,
  lengthText,
  paceText,
  percentText,
  sessionState,
  stepTitle,
} from './words.ts'

export const cardId = (key: string) => `card-${key}`

export function SessionCard(data: CardData) {
  const { session, progress } = data
  const { tone, word } = sessionState(session, progress.problems)
  return (
    <article class='card' id={cardId(session.key)}>
      <Film {...data} />
      <div class='row'>
        <h3>
          <a href={`/sessions/${session.key}`}>{session.artwork}</a>
        </h3>
        <State tone={tone}>{word}</State>
      </div>
      {session.status !== 'waiting' && (
        <progress max='100' value={Math.floor(progress.progress * 100)} aria-label={session.artwork}>
          {percentText(progress.progress)}
        </progress>
      )}
      <div class='now'>
        <span>{whatNow(data)}</span>
        <span class='row tight'>
          <Left {...data} />
          <CardButton {...data} />
        </span>
      </div>
    </article>
  )
}

/** A few scenes, spread over the film; the room is there before the pictures. */
function Film({ session, progress }: CardData) {
  const count = Math.min(7, progress.scenes)
  const numbers = Array.from({ length: count }, (_, i) => 1 + Math.floor((i * progress.scenes) / count))
  return (
    <div class='film'>
      {numbers.map((number) => (
        <img
          src={`/sessions/${session.key}/scenes/${number}.jpg`}
          width='320'
          height='136'
          alt=''
          loading='lazy'
        />
      ))}
    </div>
  )
}

function whatNow({ session, progress, operations, duration }: CardData): string {
  if (session.status === 'waiting') {
    const scenes = countText(progress.scenes, 'scene')
    return duration === null ? scenes : `${scenes}, ${lengthText(duration)}`
  }
  const short = shortOf(session)
  if (short !== null) return `Waits for room: free ${bytesText(short)} on its disk`
  const running = operations.filter(({ status }) => status === 'processing')
  const told = running.slice(0, 2).map(describe).join(' · ')
  if (session.status === 'paused') return 'Nothing new starts until you resume'
  if (operations.some(({ name, status }) => name === 'choose' && status === 'waiting'))
    return `${countText(progress.scenes, 'scene')} to choose from${told && ` · ${told}`}`
  return told || doneText(operations, ' steps')
}

function describe(operation: CardData['operations'][number]): string {
  const title = stepTitle(operation.name)
  return operation.unit === 'frames' || operation.units_total === null
    ? `${title} ${percentText(operation.progress)}`
    : `${title} ${paceText({ ...operation, units_per_second: null })}`
}

/** Of the steps that run now; what has not begun shows no pace yet and is not guessed. */
function Left({ session, operations }: CardData) {
  if (session.status === 'waiting')
    return (
      <span>
        since <Time at={session.updated_at} />
      </span>
    )
  const left = operations.flatMap(({ status, seconds_left }) =>
    status === 'processing' && seconds_left !== null ? [seconds_left] : [],
  )
  return <span class='tc left'>{left.length > 0 ? `${leftText(Math.max(...left))} in this step` : ''}</span>
}

function CardButton({ session }: CardData) {
  if (session.status === 'waiting')
    return (
      <a class='button' href={`/sessions/${session.key}#scenes-${session.key}`}>
        Choose
      </a>
    )
  const [verb, word] = session.wanted === 'pause' ? ['resume', 'Resume'] : ['pause', 'Pause']
  return (
    <form
      method='post'
      action={`/sessions/${session.key}/${verb}`}
      hx-post={`/sessions/${session.key}/${verb}`}
      hx-swap='none'
    >
      <button aria-label={`${word} ${session.artwork}`}>{word}</button>
    </form>
  )
}
