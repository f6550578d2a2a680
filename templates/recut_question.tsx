/**
 * What a re-cut would cost, named before it happens: in a dialog, or, without JavaScript, on a page of its own.
 */

import type { SessionData } from './data.ts'
import { Layout } from './layout.tsx'
import { inOrder } from './scene_grid.tsx'
import { countText } from './words.ts'

export const recutId = (key: string) => `recut-${key}`

/** What hangs on a cut that would go. */
export interface LossData {
  kind: 'star' | 'note' | 'group' | 'tick'
  scene: number
  about: string
}

export interface RecutAsked {
  detector: string
  threshold: number
  shortest: number
  /** How many scenes there would be. */
  scenes: number
  losses: LossData[]
}

interface Props {
  session: SessionData['session']
  seen: number
  /** Undefined while nothing is asked. */
  asked?: RecutAsked | undefined
}

/** Opened by static/room.js where something is asked. */
export const RecutDialog = ({ session, seen, asked }: Props) => (
  <dialog id={recutId(session.key)} aria-labelledby='recut-title' data-asks={asked ? 'recut' : undefined}>
    {asked && <RecutForm session={session} seen={seen} asked={asked} inDialog />}
  </dialog>
)

export const RecutPage = ({ session, seen, asked }: Required<Props> & { asked: RecutAsked }) => (
  <Layout title={`Cut ${session.artwork} anew`}>
    <div class='panel narrow'>
      <RecutForm session={session} seen={seen} asked={asked} />
    </div>
  </Layout>
)

interface FormProps extends Required<Props> {
  asked: RecutAsked
  inDialog?: boolean
}

function RecutForm({ session, seen, asked, inDialog = false }: FormProps) {
  const { detector, threshold, shortest, scenes, losses } = asked
  const address = `/sessions/${session.key}/cuts/find`
  const title = `${countText(scenes, 'scene')} at ${threshold}: this would be lost`
  return (
    <form
      method='post'
      action={address}
      {...(inDialog && { 'hx-post': address, 'hx-swap': 'none', 'hx-sync': inOrder(session.key) })}
    >
      {inDialog ? <h2 id='recut-title'>{title}</h2> : <h1 id='recut-title'>{title}</h1>}
      <p>Some of your work hangs on cuts that would go:</p>
      <ul>
        {losses.slice(0, mostNamed).map((loss) => (
          <li>{lossText(loss)}</li>
        ))}
        {losses.length > mostNamed && <li>and {losses.length - mostNamed} more</li>}
      </ul>
      <p class='soft'>Cuts by hand stay. Undo brings all of it back.</p>
      {Object.entries({ detector, threshold, shortest, seen, sure: 'yes' }).map(([name, value]) => (
        <input type='hidden' name={name} value={value} />
      ))}
      <div class='row'>
        {inDialog ? (
          <button type='button' data-closes='recut'>
            Keep it as it is
          </button>
        ) : (
          <a class='button' href={`/sessions/${session.key}/scenes`}>
            Keep it as it is
          </a>
        )}
        <button class='primary' data-closes={inDialog ? 'recut' : undefined}>
          Cut at {threshold}
        </button>
      </div>
    </form>
  )
}

const mostNamed = 12

function lossText({ kind, scene, about }: LossData): string {
  switch (kind) {
    case 'star':
      return `The star of scene ${scene}`
    case 'note':
      return `The note on scene ${scene}: “${about}”`
    case 'group':
      return `Scene ${scene}’s place in ${about}`
    case 'tick':
      return `Scene ${scene} is ${about}, unlike the one it would join`
  }
}
