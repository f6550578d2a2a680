/**
 * Every kind of fault there is.
 */

import type { Fault } from '../fault.ts'
import { fullData, fullOutput, readOnly } from './disks.ts'
import {
  masterRemoved,
  masterTruncated,
  outputRemoved,
  outputTruncated,
  temporaryRemoved,
  temporaryTruncated,
} from './files.ts'
import { killChild, killGroup, killServer } from './kills.ts'
import { childStopped, ownerAsleep } from './sleepers.ts'
import { streamDropped } from './stream.ts'

export const faults: Fault[] = [
  killServer,
  killChild,
  killGroup,
  fullOutput,
  fullData,
  masterRemoved,
  masterTruncated,
  outputRemoved,
  outputTruncated,
  temporaryRemoved,
  temporaryTruncated,
  readOnly,
  ownerAsleep,
  childStopped,
  streamDropped,
]
