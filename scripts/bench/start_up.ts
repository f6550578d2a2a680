/**
 * The row about start-up: how long a person waits for the shell to answer.
 */

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { compare } from './measure.ts'
import type { Row } from './row.ts'

const project = path.resolve(import.meta.dirname, '../..')
const built = path.join(project, 'dist', 'cutroom.cjs')
/** What was built, where it was: that is what is deployed. */
const program = existsSync(built) ? built : path.join(project, 'scripts', 'cutroom.mjs')

const run = (...args: string[]) => ({
  work: async () => void execFileSync(process.execPath, args, { stdio: 'ignore' }),
})

export const rows: Row[] = [
  {
    name: 'start-up',
    measure: `start-up, \`cutroom --help\`${program === built ? ', built' : ''}`,
    against: "node -e ''",
    reach: 5,
    bound: 60,
    run: async ({ rounds }) => compare(rounds, run(program, '--help'), run('-e', '')),
  },
]
