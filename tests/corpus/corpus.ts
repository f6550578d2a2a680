/**
 * The corpus: every odd or hostile input in one table.
 */

import { clocks, companions, sounds } from './clocks.ts'
import { broken, damaged } from './containers.ts'
import { lists } from './lists.ts'
import { colours, fewFrames, shapes } from './pictures.ts'
import { odd, places } from './places.ts'
import type { Specimen } from './specimen.ts'

export const corpus: Specimen[] = [
  ...damaged,
  ...broken,
  ...shapes,
  ...colours,
  ...fewFrames,
  ...clocks,
  ...sounds,
  ...companions,
  ...lists,
  ...odd,
  ...places,
]
