/**
 * Which Cutroom this is.
 */

import project from '../package.json' with { type: 'json' }

export const version: string = project.version

declare const CUTROOM_BUILD: string | undefined

/** Names the state of the source that a build was made of; `source` where there was no build. */
export const build: string = typeof CUTROOM_BUILD === 'string' ? CUTROOM_BUILD : 'source'

/** A part that a build carries: an entry of its `licences/list.json`. */
export interface Licence {
  name: string
  version: string
  /** By its SPDX name. */
  licence: string
}
