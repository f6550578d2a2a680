/**
 * `npm run bench`: what Cutroom costs beside what cannot be cheaper and beside PySceneDetect, as one table of ratios.
 */

import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { findTools } from '../workers/tools.ts'
import { runBench } from './bench/run.ts'

const usage = `npm run bench -- [--media DIR] [--peer COMMAND] [--rounds N] [--only ROW …] [--short] [--long]
  --media   the folder of tears_of_steel.webm and big_buck_bunny.mp4 (../shared/media, or else the sample)
  --peer    PySceneDetect, as a shell would call it: "python3 -m scenedetect"
  --rounds  how often both sides of each row take turns (5)
  --only    this row alone; may be given several times
  --short   the rows that guard against regressions, held to generous bounds
  --long    also those that take hours`

const options = {
  media: { type: 'string' },
  peer: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  only: { type: 'string', multiple: true },
  short: { type: 'boolean' },
  long: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const shared = path.resolve(import.meta.dirname, '../../shared/media')
/** Made once, used again. */
const made = path.join(os.tmpdir(), 'cutroom-bench-footage')

/** @returns the exit code: 1 where a row falls short. */
async function main(): Promise<number> {
  const { help, rounds, media = shared, ...given } = parseArgs({ options }).values
  if (help) {
    console.log(usage)
    return 0
  }
  if (media !== shared && !existsSync(media)) throw new Error(`There is no folder ${media}.`)
  const times = Number(rounds)
  if (!Number.isInteger(times) || times < 1) throw new Error('--rounds is a whole number from 1.')
  const cores = os.availableParallelism()
  const tools = await findTools(process.env.CUTROOM_FFMPEG, cores, process.env.PATH)
  console.log(`ffmpeg ${tools.version}, ${cores} cores, ${times} rounds by turns, medians.`)
  console.log('The time that ffmpeg or PySceneDetect needs to start is measured apart, and left out.\n')
  const results = await runBench({ ...given, media, made, tools, rounds: times, print: console.log })
  const short = results.filter(({ passed }) => !passed).length
  console.log(`\n${results.length - short} of ${results.length} reach their mark.`)
  return short === 0 ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 2
})
