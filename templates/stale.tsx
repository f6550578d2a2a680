/**
 * What is out of date in a session, why, and the button that makes it again.
 */

import type { Damage } from '../db/files.ts'
import type { Session } from '../db/schema.ts'
import type { Staleness } from '../workers/media/staleness.ts'
import { Icon, Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { repairText } from './session_head.tsx'
import { countText, damageText, isEnded } from './words.ts'

export const staleId = (key: string) => `stale-${key}`

export interface StaleProps {
  session: Session
  stale: Staleness & { presetVersion: number | null; damage: Damage }
}

/** Asked for once the page is there: it compares every output. Without JavaScript it is the way to the page of it. */
export function StaleLater({ session }: Pick<StaleProps, 'session'>) {
  if (!isEnded(session.status)) return null
  const href = `/sessions/${session.key}/stale`
  return (
    <div id={staleId(session.key)} hx-get={href} hx-trigger='load' hx-swap='outerHTML'>
      <noscript>
        <a href={href}>What is out of date?</a>
      </noscript>
    </div>
  )
}

export function StalePanel({ session, stale }: StaleProps) {
  const { remake, leftovers, damage } = stale
  const count = remake.length + movesOf(stale).length
  const isDamaged = damageText(damage) !== ''
  if (count + leftovers.length === 0 && !isDamaged) return <div id={staleId(session.key)}></div>
  return (
    <section class='stack' id={staleId(session.key)} aria-label='Out of date'>
      {isDamaged && <Damaged session={session} damage={damage} />}
      {count + leftovers.length > 0 && <OutOfDate session={session} stale={stale} />}
    </section>
  )
}

interface DamagedProps {
  session: Session
  damage: Damage
}

/** A session that did not complete is resumed anyway: that proves every output first, as repairing does. */
const Damaged = ({ session, damage }: DamagedProps) => (
  <Notice kind='warning' action={session.status === 'completed' && <RepairForm {...{ session, damage }} />}>
    <b>{damageText(damage)}.</b> Put them back from a copy, or have them made again as they were; what is
    whole is not touched.
  </Notice>
)

const RepairForm = ({ session, damage }: DamagedProps) => (
  <form method='post' action={`/sessions/${session.key}/resume`}>
    <button>
      <Icon name='stale' /> {repairText(damage)}
    </button>
  </form>
)

function OutOfDate({ session, stale }: StaleProps) {
  const { remake, leftovers } = stale
  const moves = movesOf(stale)
  const count = remake.length + moves.length
  return (
    <>
      {count > 0 && (
        <Notice kind='offer'>
          <b>{summaryText(remake.length, moves.length)}</b> {causeText(stale)}
        </Notice>
      )}
      <details open={count + leftovers.length <= mostOpen}>
        <summary>What, and why</summary>
        <ul class='stale'>
          {remake.map(({ output, role, number, reason }) => (
            <li>
              {output ? nameOf(output.path) : `${roleWords[role] ?? role} ${number ?? ''}`}: {reason}
            </li>
          ))}
          {moves.map(({ output, name }) => (
            <li>
              {nameOf(output.path)}: it is called {name} now, nothing else changes
            </li>
          ))}
          {leftovers.map(({ output, reason }) => (
            <li>
              {nameOf(output.path)}: {reason}; it stays unless you remove it
            </li>
          ))}
        </ul>
      </details>
      <form class='row' method='post' action={`/sessions/${session.key}/remake`}>
        {count > 0 && (
          <button class='primary'>
            <Icon name='stale' /> {remake.length > 0 ? `Remake ${remake.length}` : `Rename ${moves.length}`}
          </button>
        )}
        {leftovers.length > 0 && (
          <button name='leftovers' value='remove'>
            {count > 0
              ? `The same, and remove ${countText(leftovers.length, 'old file')}`
              : `Remove ${countText(leftovers.length, 'old file')}`}
          </button>
        )}
      </form>
    </>
  )
}

/** What is only called otherwise now. */
const movesOf = ({ remake, renames }: Staleness) =>
  renames.filter(({ output }) => !remake.some((one) => one.output?.id === output.id))

/** A list that is longer than this is folded at first. */
const mostOpen = 12

function summaryText(remakes: number, moves: number): string {
  if (remakes === 0) return `${countText(moves, 'file')} ${moves === 1 ? 'has' : 'have'} another number now.`
  return `${countText(remakes, 'file')} ${remakes === 1 ? 'is' : 'are'} out of date or missing.`
}

const causeText = ({ presetVersion }: StaleProps['stale']) =>
  presetVersion === null ? '' : `The preset has changed: its version ${presetVersion} is taken.`

const roleWords: Record<string, string> = {
  clip: 'Clip',
  group: 'Group',
  still_hq: 'Full-size still',
  still_web: 'Web still',
  thumbnail: 'Thumbnail',
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

export const StalePage = ({ session, stale }: StaleProps) => (
  <Layout title={`Out of date in ${session.artwork}`}>
    <h1>Out of date in {session.artwork}</h1>
    <StalePanel session={session} stale={stale} />
    {stale.remake.length + stale.renames.length + stale.leftovers.length === 0 && (
      <p>
        {damageText(stale.damage) === '' ? 'Nothing' : 'Nothing else'}: every output shows what its cuts and
        its preset say.
      </p>
    )}
    <p>
      <a class='button' href={`/sessions/${session.key}/outputs`}>
        Outputs
      </a>
    </p>
  </Layout>
)
