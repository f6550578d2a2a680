/**
 * Runs rows of the bench one after another, and tells each as a line of one table.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Tools } from '../../workers/operation.ts'
import { rows as archiveRows } from './archive.ts'
import { rows as detectionRows } from './detection.ts'
import { rows as eventRows } from './events.ts'
import { rows as executableRows } from './executable.ts'
import { openFootage } from './footage.ts'
import { rows as memoryRows } from './memory.ts'
import { rows as pageRows } from './pages.ts'
import { openPeer } from './peer.ts'
import { rows as pipelineRows } from './pipeline.ts'
import { rows as progressRows } from './progress.ts'
import type { Figures } from './measure.ts'
import type { Bench, Row } from './row.ts'
import { rows as roomRows } from './room.ts'
import { rows as startUpRows } from './start_up.ts'

export const rows: readonly Row[] = [
  ...detectionRows,
  ...archiveRows,
  ...pipelineRows,
  ...progressRows,
  ...eventRows,
  ...pageRows,
  ...roomRows,
  ...startUpRows,
  ...executableRows,
  ...memoryRows,
]

export interface Wishes {
  /** The folder of films. */
  media: string
  /** Where larger films are made from them, and stay. */
  made: string
  tools: Tools
  rounds: number
  /** How PySceneDetect is called; rows that need it are left out without. */
  peer?: string | undefined
  /** Names of rows; all but the long ones where none is given. */
  only?: string[] | undefined
  /** Also those that take long. */
  long?: boolean | undefined
  /** Only rows with a bound, held to that. */
  short?: boolean | undefined
  print(line: string): void
}

export interface Result {
  row: Row
  figures: Figures
  passed: boolean
}

/** @throws Error where `only` names a row that is not there, or footage or peer cannot be used. */
export async function runBench(wishes: Wishes): Promise<Result[]> {
  const chosen = choose(wishes)
  const { tools, rounds, print, peer } = wishes
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'cutroom-bench-'))
  try {
    const footage = openFootage(wishes.media, wishes.made, tools)
    const bench: Bench = {
      tools,
      footage,
      rounds,
      scratch,
      peer: peer ? await openPeer(peer, scratch) : undefined,
    }
    print(heading)
    const results: Result[] = []
    for (const row of chosen) {
      if (row.needsPeer && !bench.peer) print(lineOf(row, ['', '', '', '', 'needs --peer']))
      else results.push(await perform(row, bench, wishes))
    }
    return results
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function choose({ only, long, short }: Wishes): readonly Row[] {
  const unknown = only?.find((name) => !rows.some((row) => row.name === name))
  if (unknown)
    throw new Error(`There is no row “${unknown}”. There are ${rows.map(({ name }) => name).join(', ')}.`)
  if (only) return rows.filter(({ name }) => only.includes(name))
  return rows.filter((row) => (short ? row.bound !== undefined : long || !row.isLong))
}

async function perform(row: Row, bench: Bench, { short, print }: Wishes): Promise<Result> {
  const reach = short ? (row.bound ?? row.reach) : row.reach
  const isReached = ({ ours, against }: Figures) =>
    row.moreIsBetter ? ours / against >= reach : ours / against <= reach
  let figures = await row.run(bench)
  for (let again = 0; short && !isReached(figures) && again < secondLooks; again++)
    figures = await row.run(bench)
  const passed = isReached(figures)
  const { ours, against, unit, note } = figures
  const ratio = ours / against
  const told = [`${round(ours)} ${unit}`, `${round(against)} ${unit}`, ratio.toFixed(2)]
  const verdict = `${passed ? 'pass' : 'short'}${note ? ` (${note})` : ''}`
  print(lineOf(row, [...told, `${row.moreIsBetter ? '≥' : '≤'} ${reach}`, verdict]))
  return { row, figures, passed }
}

/** In the short form other tests run beside it: what has really become slow is slow every time. */
const secondLooks = 2

const round = (figure: number) => (figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3))

const heading = [
  '| row | measure | against | ours | against | ratio | reach | |',
  '|---|---|---|---|---|---|---|---|',
].join('\n')

const lineOf = ({ name, measure, against }: Row, cells: string[]) =>
  `| ${[name, measure, against, ...cells].join(' | ')} |`
