/**
 * What the routes are given to work with.
 */

import type { Db } from '../db/schema.ts'

export interface Services {
  db: Db
}
