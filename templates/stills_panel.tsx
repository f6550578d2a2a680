/**
 * Which frame of a scene becomes its still: three that would do, and any other.
 */

import type { Scene, Session } from '../db/schema.ts'
import type { Candidate } from '../workers/media/still_candidates.ts'
import { placeText, type Timing } from '../workers/media/timecode.ts'
import { Layout } from './layout.tsx'
import { StaleLater } from './stale.tsx'

export interface StillChoice {
  session: Session
  scene: Scene
  timing: Timing
  /** The one that becomes the still as things are. */
  frame: number
  /** Seconds from the first frame. */
  time: number
  /** A person picked it. */
  isPicked: boolean
  /** It is the middle frame: in time, which is not the middle by number where frames are not evenly spaced. */
  isMiddle: boolean
  /** The best first. */
  candidates: Candidate[]
}

const panelId = ({ session }: Pick<StillChoice, 'session'>) => `stills-${session.key}`

export function StillsPanel(choice: StillChoice) {
  const { session, scene, timing, frame, time, isPicked, isMiddle, candidates } = choice
  const isOther = !candidates.some((one) => one.frame === frame)
  return (
    <section class='scene-stills stack' id={panelId(choice)} aria-label={`Still of scene ${scene.number}`}>
      <p class='soft' role='status'>
        Still: frame {frame}, {placeText({ frame, time }, timing)} ({reasonOf(choice)})
      </p>
      <PickForm {...choice}>
        <span class='stills'>
          {candidates.map((one) => (
            <PickButton session={session} frame={one.frame} isShown={one.frame === frame}>
              {wordsOf(one)}
            </PickButton>
          ))}
          {isOther && (
            <PickButton session={session} frame={frame} isShown>
              {isPicked ? 'picked' : isMiddle ? 'middle' : 'near the middle'}
            </PickButton>
          )}
        </span>
      </PickForm>
      <PickForm {...choice}>
        <label class='field'>
          Frame
          <input
            type='number'
            name='frame'
            value={frame}
            min={scene.start_frame}
            max={scene.end_frame - 1}
            required
          />
        </label>
        <button>Take it</button>
        <button class='quiet' name='by' value='-1' aria-label='One frame earlier'>
          −1
        </button>
        <button class='quiet' name='by' value='1' aria-label='One frame later'>
          +1
        </button>
      </PickForm>
      {isPicked && (
        <PickForm {...choice}>
          <button class='quiet' name='frame' value=''>
            Pick none
          </button>
        </PickForm>
      )}
      <StaleLater session={session} />
    </section>
  )
}

/** As workers/media/stills.ts chooses. */
function reasonOf({ isPicked, isMiddle, candidates }: StillChoice): string {
  if (isPicked) return 'picked'
  if (isMiddle) return 'in the middle'
  return candidates.every(({ isBlack }) => isBlack)
    ? 'its middle is dark'
    : 'the nearest to the middle that is not dark'
}

function PickForm({ children, ...choice }: StillChoice & { children?: unknown }) {
  const { session, scene } = choice
  const address = `/sessions/${session.key}/cuts/${scene.cut_id}/still`
  return (
    <form
      class='row'
      method='post'
      action={address}
      hx-patch={address}
      hx-target={`#${panelId(choice)}`}
      hx-swap='outerHTML'
      autocomplete='off'
    >
      {children}
    </form>
  )
}

interface PickButtonProps {
  session: Session
  frame: number
  isShown: boolean
  children?: unknown
}

function PickButton({ session, frame, isShown, children }: PickButtonProps) {
  return (
    <button class='quiet' name='frame' value={frame} aria-pressed={isShown ? 'true' : 'false'}>
      <img src={`/sessions/${session.key}/frames/${frame}.jpg`} alt={`Frame ${frame}:`} loading='lazy' />
      <small>{children}</small>
    </button>
  )
}

/** What sets it apart from the others, in a word. */
function wordsOf({ isBlack, score, sharpness }: Candidate): string {
  if (isBlack) return 'black'
  if (sharpness < 0.4) return 'blurred'
  return score < sharpness / 2 ? 'moves, or badly lit' : sharpness > 0.9 ? 'sharp' : 'good'
}

export const StillsPage = (choice: StillChoice) => (
  <Layout title={`Still of scene ${choice.scene.number}, ${choice.session.artwork}`}>
    <p>
      <a href={`/sessions/${choice.session.key}/scenes?scene=${choice.scene.number}`}>
        Scenes of {choice.session.artwork}
      </a>
    </p>
    <h1>Still of scene {choice.scene.number}</h1>
    <StillsPanel {...choice} />
  </Layout>
)
