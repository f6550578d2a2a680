import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureRoot } from '../../../db/roots.ts'
import { sweepLeftovers } from '../../../server/disk/sweep.ts'
import { addSession, freshDatabase, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'

const sweep = suite('sweep of what was left half-made')

const names = async (db: Awaited<ReturnType<typeof freshDatabase>>, top: string) =>
  (await sweepLeftovers(db)).map((place) => path.relative(top, place)).sort()

sweep('ended, deleted and forgotten work goes; what an open session needs, and all else, stays', async () => {
  const [db, top, elsewhere] = [await freshDatabase(), folder(), folder()]
  const root = await ensureRoot(db, 'output', top)
  const work = (base: string, name: string) => {
    mkdirSync(path.join(base, name, '.cutroom-work', '7-1'), { recursive: true })
    writeFileSync(path.join(base, name, '.cutroom-work', '7-1', 'half.mp4'), 'half')
    writeFileSync(path.join(base, name, 'clip.mp4'), 'whole')
  }
  const session = async (output_path: string | null, status: string) => {
    const made = await addSession(db, { output_root_id: root.id, output_path })
    await rows(db, `update session set status = '${status}' where id = ${made.id}`)
    return made
  }
  for (const name of ['open', 'claimed', 'dead', 'ended', 'deleted', 'strangers', 'forgotten'])
    work(top, name)
  work(elsewhere, 'linked')
  symlinkSync(path.join(elsewhere, 'linked'), path.join(top, 'linked'))
  await session('open', 'waiting')
  const claimed = await session('claimed', 'completed')
  const own = (id: number, beat: string) =>
    rows(
      db,
      `update session set owner = 'x:1:1/command', heartbeat_at = datetime('now', '${beat}') where id = ${id}`,
    )
  await own(claimed.id, '-1 minute')
  const dead = await session('dead', 'completed')
  await own(dead.id, '-2 hours')
  await session('ended', 'failed')
  const deleted = await session('deleted', 'completed')
  await rows(db, `delete from session where id = ${deleted.id}`)
  const claiming = await session(null, 'processing')
  mkdirSync(path.join(top, `.cutroom-${claiming.key}`))
  mkdirSync(path.join(top, '.cutroom-0123456789ab'))
  const old = new Date('2026-01-01')
  for (const place of ['.cutroom-work/7-1/half.mp4', '.cutroom-work/7-1', '.cutroom-work'])
    utimesSync(path.join(top, 'forgotten', place), old, old)
  utimesSync(path.join(top, '.cutroom-0123456789ab'), old, old)

  assert.equal(await names(db, top), [
    '.cutroom-0123456789ab',
    'dead/.cutroom-work',
    'deleted/.cutroom-work',
    'ended/.cutroom-work',
    'forgotten/.cutroom-work',
  ])
  assert.ok(
    ['open', 'claimed', 'strangers'].every((name) =>
      existsSync(path.join(top, name, '.cutroom-work/7-1/half.mp4')),
    ),
  )
  assert.ok(existsSync(path.join(elsewhere, 'linked/.cutroom-work')), 'no link is followed')
  assert.ok(existsSync(path.join(top, `.cutroom-${claiming.key}`)))
  assert.ok(existsSync(path.join(top, 'ended', 'clip.mp4')))
  assert.equal(await names(db, top), [])
  await db.destroy()
})

sweep('a root that is not there holds nothing up', async () => {
  const db = await freshDatabase()
  await ensureRoot(db, 'output', '/no/such/folder')
  assert.equal(await sweepLeftovers(db), [])
  await db.destroy()
})

sweep.run()
