/**
 * What a pipeline is: steps, each an operation with what it needs.
 */

import type { PresetSettings } from './media/presets.ts'
import type { Operation } from './operation.ts'

export interface Pipeline {
  title: string
  /** In the order people read them; what is ready and stands first goes first. */
  steps: readonly Step[]
}

export interface Step {
  operation: Operation | PersonStep
  /** Names of steps that must be `completed` before this one starts; where one is not to be, this is skipped. */
  needs: readonly string[]
  /** Names of steps that must have ended, however, before this one starts. */
  after?: readonly string[]
  /** The failure of this step ends the session. */
  vital?: boolean
  /** Ready steps with a lower rank start first; 0 unless said. */
  rank?: number
  /** Tells of the other steps, so it is performed anew when one of them is retried. */
  summary?: boolean
  /** False where this session has no use for the step. */
  wanted?(order: Order): boolean
}

/** What a person ordered, as far as it decides which steps there are. */
export interface Order {
  preset: PresetSettings
  /** There is an R&D folder. */
  rd: boolean
  /** Stills are wanted at all. */
  stills: boolean
}

/** A step that waits for a person (or for a choice given beforehand); the engine performs it. */
export interface PersonStep {
  name: string
  title: string
  waitsFor: 'choice'
}
