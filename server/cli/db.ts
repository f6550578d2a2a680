/**
 * `cutroom db`: what can be done with the database itself, one act each.
 */

import type { Group } from './command.ts'
import { backup, backups, reset, restore } from './db_backups.ts'
import { exportDatabase, importStateDb, salvage } from './db_carry.ts'
import { answer, inspect, query } from './db_look.ts'
import { check, history, migrate, path, status } from './db_state.ts'

export const database: Group = {
  summary: 'look after the database: backups, migrations, what is in it',
  acts: {
    ...{ path, status, inspect, query, check, migrate, history },
    ...{ backup, backups, restore, salvage, export: exportDatabase, reset, answer },
    'import-state': importStateDb,
  },
}
