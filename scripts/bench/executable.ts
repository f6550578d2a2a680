/**
 * The rows about the single executable: how long until its first page, and what unpacking itself costs.
 */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { buildFolder } from '../build/folder.ts'
import { buildSingle } from '../build/single.ts'
import { median, seconds } from './measure.ts'
import type { Bench, Row } from './row.ts'

const project = path.resolve(import.meta.dirname, '../..')

let made: Promise<string> | undefined

/** Built once for all rows. */
const executable = ({ scratch }: Bench): Promise<string> =>
  (made ??= (async () => {
    const folder = path.join(scratch, 'dist')
    await buildFolder(project, folder)
    await buildSingle(project, folder, path.join(folder, 'cutroom'))
    return path.join(folder, 'cutroom')
  })())

/**
 * Starts it with nothing in its environment, reads one page, ends it.
 * @returns the seconds until the page was there.
 */
async function firstPage(file: string, data: string): Promise<number> {
  const begun = performance.now()
  const child = spawn(file, ['serve', '--port', '0', '--data', data], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const [answer] = (await once(http.get(String(/http:\S+/.exec(String(said)))), 'response')) as [
    http.IncomingMessage,
  ]
  await once(answer.resume(), 'end')
  const taken = (performance.now() - begun) / 1000
  child.kill()
  await once(child, 'exit')
  return taken
}

const bareNode = { work: async () => void execFileSync(process.execPath, ['-e', '']) }

export const rows: Row[] = [
  {
    name: 'executable',
    measure: 'single executable, warm, from nothing to its first page',
    against: "node -e ''",
    reach: 3,
    async run(bench) {
      const file = await executable(bench)
      const data = mkdtempSync(path.join(bench.scratch, 'data-'))
      await firstPage(file, data)
      const [ours, against]: [number[], number[]] = [[], []]
      for (let round = 0; round < bench.rounds; round++) {
        ours.push(await firstPage(file, data))
        against.push(await seconds(bareNode))
      }
      return { ours: median(ours), against: median(against), unit: 's' }
    },
  },
  {
    name: 'executable-unpacks',
    measure: 'single executable, its first start beyond its second',
    against: 'a second',
    reach: 1,
    async run(bench) {
      const file = await executable(bench)
      const differences: number[] = []
      for (let round = 0; round < bench.rounds; round++) {
        const data = mkdtempSync(path.join(bench.scratch, 'data-'))
        differences.push((await firstPage(file, data)) - (await firstPage(file, data)))
        rmSync(data, { recursive: true })
      }
      return { ours: median(differences), against: 1, unit: 's' }
    },
  },
]
