/**
 * The options that say how cuts are found, the same wherever they are given.
 */

import { detectorLines } from '../../workers/detectors/mod.ts'
import type { Option } from './command.ts'

export const detectorOptions: Record<'detector' | 'threshold', Option> = {
  detector: { type: 'string', value: 'NAME', help: 'what finds the cuts (content)' },
  threshold: { type: 'string', value: '30', help: 'what it takes for a cut (that of the detector)' },
}

export const detectorNotes = (): string[] => ['Detectors, and the threshold of each:', ...detectorLines()]
