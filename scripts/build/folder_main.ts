/**
 * What `node dist/cutroom.cjs` runs: the program that lies beside it.
 */

import path from 'node:path'
import { launch } from './launch.ts'

void launch(import.meta.dirname, path.dirname(import.meta.dirname))
