/**
 * The row about the whole pipeline, with its optimised master and R&D files: engine, pool and database as they serve.
 */

import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureRoot } from '../../db/roots.ts'
import type { Db } from '../../db/schema.ts'
import { findSession, hasEnded, sessionProgress } from '../../db/sessions.ts'
import { orderArchive } from '../../server/commands/archive.ts'
import { createEngine } from '../../server/engine/engine.ts'
import { ffmpeg, input } from '../../workers/ffmpeg.ts'
import { createPool } from '../../workers/pool.ts'
import { freshDatabase } from './database.ts'
import { compare, quiet } from './measure.ts'
import type { Bench, Row } from './row.ts'

/** So many operations at a time, in threads that have started before. */
async function takeThrough(bench: Bench, rd: string, bound: number): Promise<void> {
  const { db, folder, close } = await freshDatabase()
  const pool = createPool(bound)
  const onError = (error: unknown) => console.error(error)
  const engine = createEngine({ db, pool, tools: bench.tools, bound, accepts: () => true, onError })
  try {
    const output = await ensureRoot(db, 'output', path.join(folder, 'output'))
    const order = {
      master: await bench.footage.brief(),
      artwork: 'Bench',
      rd,
      overrides: { 'video.speed': 'veryfast' },
    }
    const { key } = await orderArchive(db, output, { ...order, choice: { scenes: 'all', groups: [] } })
    engine.wake()
    await untilEnded(db, key)
  } finally {
    await engine.close()
    await pool.close()
    await close()
  }
}

/** @throws Error where not everything went well: that is no time to compare. */
async function untilEnded(db: Db, key: string): Promise<void> {
  for (;;) {
    const session = await findSession(db, key)
    if (!session) throw new Error('The session has gone.')
    if (hasEnded(session.status)) {
      const problems = (await sessionProgress(db, session.id))?.problems
      if (session.status !== 'completed' || problems !== 0)
        throw new Error(
          `The pipeline ended ${session.status}: ${session.error_message ?? `${problems} problems`}`,
        )
      return
    }
    await sleep(20)
  }
}

/** A few pictures and a short film. */
async function makeResearch({ tools, footage, scratch }: Bench): Promise<string> {
  const folder = path.join(scratch, 'rd')
  mkdirSync(folder)
  const pictures = ['-vf', 'fps=1/8', '-frames:v', '6', path.join(folder, 'study-%d.png')]
  await ffmpeg(tools, [...input(footage.sparse), ...pictures], quiet)
  cpSync(await footage.brief(), path.join(folder, 'test.mp4'))
  return folder
}

export const rows: Row[] = [
  {
    name: 'pipeline',
    measure: 'whole `archive` with optimised master and R&D, 12 s',
    against: 'its steps one after another',
    reach: 0.9,
    async run(bench) {
      const rd = await makeResearch(bench)
      return compare(
        bench.rounds,
        { work: () => takeThrough(bench, rd, bench.tools.threads) },
        { work: () => takeThrough(bench, rd, 1) },
      )
    },
  },
]
