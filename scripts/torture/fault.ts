/**
 * What a fault is: something that is done to a session that runs.
 */

import type { Stage } from './stage.ts'

export interface Fault {
  /** What it is called in the table. */
  kind: string
  /** Why it cannot be done here; undefined where it can. */
  lacks?(): string | undefined
  /** Before the server starts: a disk of its own, for those who fill it. */
  prepare?(stage: Stage): Promise<void>
  /**
   * Does the damage, and notes in `stage.spoilt` whose outputs were damaged.
   * @returns what was done, in a few words.
   */
  strike(stage: Stage): Promise<string>
  /** What a person would do about it, once the session has come to rest. A server that is dead is started after it. */
  mend?(stage: Stage): Promise<void>
  /** Always: nothing may be left mounted or locked. */
  clear?(stage: Stage): Promise<void>
  /** What must be true in the end beyond what always must. @returns what is not, in words. */
  judge?(stage: Stage): Promise<string[]>
}
