/**
 * What an entry of the corpus is: a file that a studio might have, how it is made, and what must become of it.
 */

import type { VideoStream } from '../../workers/media/probe.ts'

export interface Specimen {
  /** Its name in the corpus's folder; whoever makes it may put other things beside it. */
  name: string
  /** Writes it. The same bytes every time. */
  make: Maker
  outcome: Outcome
  /** Much like another one: left to `npm run corpus`. */
  thorough?: true
}

/** @param place absolute path of what is to be made. */
export type Maker = (place: string, world: World) => void | Promise<void>

/** What lies outside the corpus's folder, and must not be touched. */
export interface World {
  /** A pipe that tells when anybody opens it. */
  tripwire: string
  /** On loopback, where somebody listens and must hear nothing. */
  port: number
}

export type Outcome =
  | { kind: 'accepted'; facts: Facts; remarks: RegExp[] }
  | { kind: 'refused'; sentence: RegExp }
  /** Damage of which nobody can say beforehand whether a decoder gets over it: either way in words. */
  | { kind: 'either' }

export interface Facts {
  /** As a person sees it, `320x180`. */
  shown?: string
  /** As detection counted them. */
  frames?: number
  audioTracks?: number
  /** What a person must not be told. */
  unremarked?: RegExp
  video?: Partial<VideoStream>
}

/** @param remarks that a person must be told; further ones do no harm. */
export const accepted = (facts: Facts = {}, ...remarks: RegExp[]): Outcome => ({
  kind: 'accepted',
  facts,
  remarks,
})

export const refused = (sentence: RegExp): Outcome => ({ kind: 'refused', sentence })

export const either: Outcome = { kind: 'either' }
