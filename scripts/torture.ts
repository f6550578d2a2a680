/**
 * `npm run torture`: kills, fills, removes and stops what a session stands on, and holds what comes of it against an
 * undisturbed run.
 */

import { parseArgs } from 'node:util'
import { bundledFfmpeg, versionOf } from '../workers/tools.ts'
import { runCampaign } from './torture/campaign.ts'

const usage = `npm run torture -- [--faults N] [--minutes N] [--seed S] [--first N] [--kind KIND …]
  --faults   how many (24)
  --minutes  begins no fault after so long (60)
  --seed     what chance is made of: the same seed and number strike at the same instant (1)
  --first    the number of the first fault: with --faults 1 it repeats one (0)
  --kind     this kind alone; may be given several times
CUTROOM_FFMPEG names the ffmpeg to work with; without it that is the one that comes along, which starts fastest.`

const options = {
  faults: { type: 'string', default: '24' },
  minutes: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  first: { type: 'string', default: '0' },
  kind: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const

/** @returns the exit code: 1 where anything was lost, torn, done twice or left behind. */
async function main(): Promise<number> {
  const { help, kind = [], ...given } = parseArgs({ options }).values
  if (help) {
    console.log(usage)
    return 0
  }
  const numbers = {
    faults: numberOf('faults', given.faults),
    minutes: numberOf('minutes', given.minutes),
    seed: numberOf('seed', given.seed),
    first: numberOf('first', given.first),
  }
  const ffmpeg = process.env.CUTROOM_FFMPEG ?? bundledFfmpeg()
  console.log(`ffmpeg ${await versionOf(ffmpeg)}, seed ${numbers.seed}.\n`)
  const tallies = await runCampaign({ ...numbers, kinds: kind, ffmpeg, print: console.log })
  console.log(`\n${'fault'.padEnd(28)} times  violations`)
  for (const { kind: name, faults, violations } of tallies)
    console.log(`${name.padEnd(28)} ${String(faults).padStart(5)}  ${String(violations).padStart(10)}`)
  const violations = tallies.reduce((sum, tally) => sum + tally.violations, 0)
  console.log(`\n${tallies.reduce((sum, tally) => sum + tally.faults, 0)} faults, ${violations} violations.`)
  return violations === 0 ? 0 : 1
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is a whole number from 0.`)
  return value
}

// Else nothing that was started, mounted or locked would be cleared away.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => process.exit(130))

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 2
})
