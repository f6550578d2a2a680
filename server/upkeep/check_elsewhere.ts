/**
 * Checks a whole database in a process of its own: to read it takes a second for 500 MB, in which nobody may wait.
 */

import type { Check } from '../../db/check.ts'
import { createAnswerer } from '../../workers/answerer.ts'
import { ownCommand } from '../own_command.ts'

/** Who looks after it has forgotten it after an hour. */
const limitMs = 3_600_000

/** @throws OperationError where the process did not answer. */
export async function checkElsewhere(file: string): Promise<Check> {
  const checker = createAnswerer([...ownCommand(), 'db', 'answer'])
  try {
    return (await checker.ask({ ask: 'check', file }, limitMs)) as Check
  } finally {
    checker.close()
  }
}
