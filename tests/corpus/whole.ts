/**
 * Takes inputs through the whole archive pipeline, and says what is wrong with what came of them.
 */

import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { filesOf } from '../../db/files.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { operationsOf } from '../../db/operations.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Db, Root, Session } from '../../db/schema.ts'
import { findSession, hasEnded } from '../../db/sessions.ts'
import { orderArchive } from '../../server/commands/archive.ts'
import { createDisk } from '../../server/disk/disk.ts'
import { createEngine } from '../../server/engine/engine.ts'
import { AppError } from '../../server/errors.ts'
import type { Tools } from '../../workers/operation.ts'
import { createPool } from '../../workers/pool.ts'
import { folder } from '../media.ts'
import type { Specimen } from './specimen.ts'
import { createWorld } from './world.ts'

const run = promisify(execFile)

export interface Whole {
  name: string
  /** completed, failed, or refused before there was a session. */
  end: string
  /** What a person was told where it did not complete. */
  said: string
  complaints: string[]
}

/** Seconds after which something hangs. They are films of a second; the machine may be busy. */
const longest = 1200

/**
 * Each in a session of its own, two steps at a time.
 * @param tell told of each as it ends.
 * @returns all of them, and what was touched outside.
 */
export async function archiveAll(
  specimens: Specimen[],
  tools: Tools,
  tell: (whole: Whole) => void = () => undefined,
) {
  const data = folder()
  const db = openDatabase(path.join(data, 'cutroom.db'))
  await migrate(db)
  const media = await ensureRoot(db, 'media', folder())
  const output = await ensureRoot(db, 'output', path.join(data, 'output'))
  const [world, pool, errors] = [await createWorld(), createPool(2), [] as unknown[]]
  const onError = (error: unknown) => void errors.push(error)
  const engine = createEngine({ db, pool, tools, bound: 2, accepts: () => true, onError })
  const ended: Whole[] = []
  const queue = specimens.map((specimen, index) => ({ specimen, index }))
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { specimen, index } = next
      await specimen.make(path.join(media.path, specimen.name), world)
      const whole = await archiveOne(
        { db, media, output, tools, wake: engine.wake },
        specimen,
        `Film ${index}`,
      )
      ended.push(whole)
      tell(whole)
    }
  }
  try {
    await Promise.all([lane(), lane()])
    return { ended, touched: [...world.touched], errors }
  } finally {
    await engine.close()
    await pool.close()
    await db.destroy()
    await world.close()
  }
}

interface Ground {
  db: Db
  media: Root
  output: Root
  tools: Tools
  wake(): void
}

async function archiveOne(ground: Ground, specimen: Specimen, artwork: string): Promise<Whole> {
  const { db, media, output, tools } = ground
  const { name } = specimen
  let session: Session
  try {
    const master = await createDisk(tools).resolve(media, name)
    const choice = { scenes: 'all', groups: [] }
    session = await orderArchive(db, output, {
      master,
      artwork,
      choice,
      overrides: { 'video.speed': 'ultrafast' },
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const complaints = specimen.outcome.kind === 'accepted' ? ['it was refused'] : []
    return { name, end: 'refused', said: error.message, complaints }
  }
  ground.wake()
  const last = await rest(db, session.key)
  if (!last) return { name, end: 'hangs', said: '', complaints: [`it did not end within ${longest} s`] }
  const operations = await operationsOf(db, session.id)
  const said = operations
    .filter(({ status }) => status === 'failed')
    .map(({ name: step, error_message: reason }) => `${step}: ${reason ?? 'no reason'}`)
  return {
    name,
    end: last.status,
    said: said.join(' '),
    complaints: [...wrongEnd(specimen, last, said), ...(await wrongFiles(ground, specimen, last))],
  }
}

async function rest(db: Db, key: string): Promise<Session | null> {
  for (const end = Date.now() + longest * 1000; Date.now() < end; await sleep(50)) {
    const session = await findSession(db, key)
    if (session && hasEnded(session.status) && session.owner === null) return session
  }
  return null
}

function wrongEnd({ outcome }: Specimen, { status, error_message: why }: Session, said: string[]): string[] {
  if (outcome.kind === 'refused') return status === 'failed' && (why ?? '') !== '' ? [] : [`it is ${status}`]
  if (outcome.kind === 'either')
    return status === 'failed' && (why ?? '') === '' ? ['it failed without a reason'] : []
  return status === 'completed' ? said : [`it is ${status}: ${why}`]
}

/** What lies in the project folder and has no row, has another size, cannot be played, or was left half done. */
async function wrongFiles(
  { db, output, tools }: Ground,
  { outcome }: Specimen,
  session: Session,
): Promise<string[]> {
  if (session.output_path === null) return []
  const project = path.join(output.path, session.output_path)
  const rows = (await filesOf(db, session.id)).filter(({ root_id }) => root_id === output.id)
  const known = new Map(rows.map((row) => [path.join(row.root_path, row.path), row]))
  const found = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  const films = rows.filter(({ role }) => ['clip', 'master_web', 'rd_web'].includes(role))
  const unplayable = await Promise.all(
    films.map(async (row) => {
      const file = `file:${path.join(row.root_path, row.path)}`
      // What was taken over unchanged of a damaged film has its damage, and plays on behind it.
      const strict = outcome.kind === 'either' ? [] : ['-xerror']
      const args = ['-v', 'error', ...strict, '-nostdin', '-i', file, '-f', 'null', '-']
      return run(tools.ffmpeg, args).then(
        () => [],
        () => [`${row.path} cannot be played`],
      )
    }),
  )
  return [
    ...found.filter((file) => !known.has(file)).map((file) => `${path.relative(project, file)} has no row`),
    ...[...known]
      .filter(([file, { bytes }]) => statSync(file, { throwIfNoEntry: false })?.size !== bytes)
      .map(([file]) => `${path.relative(project, file)} is not as its row says`),
    ...unplayable.flat(),
  ]
}
