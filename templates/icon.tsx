/**
 * Icons from the one sprite, and the states they show.
 */

import type { Child } from 'hono/jsx'
import { asset } from './asset.ts'
import type { Tone } from './words.ts'

/** An icon by its name in static/icons.svg; what it says stands beside it in words. */
export const Icon = ({ name }: { name: string }) => (
  <svg class='icon' aria-hidden='true'>
    <use href={`${asset('icons.svg')}#${name}`} />
  </svg>
)

/** A state by shape and word; `quiet` leaves the word to screen readers. */
export const State = ({ tone, quiet, children }: { tone: Tone; quiet?: boolean; children?: Child }) => (
  <span class='state' data-state={tone}>
    <Icon name={tone} /> {quiet ? <span class='visually-hidden'>{children}</span> : children}
  </span>
)

export interface NoticeProps {
  kind?: 'offer' | 'warning' | 'problem'
  children?: Child
  /** At most one button. */
  action?: Child
}

/** What a person should know, and what to do about it. */
export const Notice = ({ kind, children, action }: NoticeProps) => (
  <div class='notice' data-kind={kind}>
    <Icon name={kind === 'problem' ? 'failed' : kind === 'warning' ? 'warning' : 'info'} />
    <p>{children}</p>
    {action}
  </div>
)
