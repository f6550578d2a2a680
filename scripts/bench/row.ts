/**
 * What a row of the bench is, and what it measures with.
 */

import type { Tools } from '../../workers/operation.ts'
import type { Footage } from './footage.ts'
import type { Figures } from './measure.ts'
import type { Peer } from './peer.ts'

/** What rows measure with. */
export interface Bench {
  tools: Tools
  footage: Footage
  /** PySceneDetect, where it was named. */
  peer: Peer | undefined
  rounds: number
  /** A folder of its own, removed at the end. */
  scratch: string
}

export interface Row {
  /** For `--only`. */
  name: string
  /** What is measured, and against what. */
  measure: string
  against: string
  /** What the ratio is to reach: at most, or at least where more is better. */
  reach: number
  moreIsBetter?: true
  /** What the short form holds it to, generously; without it the row is not in the short form. */
  bound?: number
  /** It takes long: only with `--long`. */
  isLong?: true
  needsPeer?: true
  run(bench: Bench): Promise<Figures>
}
