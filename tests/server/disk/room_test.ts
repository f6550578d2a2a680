import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../../db/open.ts'
import { ensureRoot } from '../../../db/roots.ts'
import { setSetting } from '../../../db/settings.ts'
import { findSession, updateSession } from '../../../db/sessions.ts'
import { createRoom } from '../../../server/disk/room.ts'
import type { Space } from '../../../server/disk/space.ts'
import { addFile, addSession, freshDatabase, operationId } from '../../db/fixture.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { cutsClip, folder, tools, witness } from '../../media.ts'
import { runHere, until } from '../cli/run.ts'
import { createRig, fail } from '../engine/rig.ts'

const room = suite('room on the disk')

const gigabyte = 1e9
const clips = { name: 'clips' }

/** A disk of 1000 GB of which a test says how much is free; 1 GB is kept free. */
async function createDesk(free: number) {
  const db = await freshDatabase()
  const disk: Space = { free: free * gigabyte, total: 1000 * gigabyte, device: 1 }
  const made = createRoom({ db, spaceOf: async () => ({ ...disk }), freshMs: 0 })
  const order = async (needed: number, begun = false) => {
    const { id, key } = await addSession(db, { output_path: begun ? `p${needed}` : null })
    await updateSession(db, id, { bytes_needed: needed * gigabyte })
    return async () => {
      const session = await findSession(db, key)
      if (!session) throw new Error('gone')
      return session
    }
  }
  return { db, disk, made, order }
}

room('a session begins where it fits beside what others will still write and what is kept free', async () => {
  const { db, disk, made, order } = await createDesk(100)
  const [running, fits, large] = [await order(40, true), await order(50), await order(80)]
  const written = await running()
  const operation_id = await operationId(db, written, 'clips')
  await addFile(db, written, { role: 'clip', path: 'p/a', operation_id, bytes: 10 * gigabyte })
  assert.is(await made.mayBegin(await large(), clips), false)
  assert.is((await large()).bytes_short, 11 * gigabyte, '80 + 30 for the running one + 1 in reserve - 100')
  assert.ok(await made.mayBegin(await fits(), clips))
  assert.is((await fits()).bytes_short, null)
  const root = await ensureRoot(db, 'output', '/out')
  const report = await made.report(root)
  assert.equal(
    [report.reserved, report.queued, report.waiting, report.short, report.reserve].map(
      (bytes) => bytes / gigabyte,
    ),
    [80, 80, 1e-9, 11, 1],
    'what may begin is reserved before its rows show it',
  )
  disk.free = 170 * gigabyte
  assert.ok(await made.mayBegin(await large(), clips), 'it goes on by itself')
  assert.is((await large()).bytes_short, null)
  await db.destroy()
})

room(
  'below the reserve nothing new starts, whoever it belongs to; looking at a master always may',
  async () => {
    const { db, disk, made, order } = await createDesk(0.4)
    const running = await order(10, true)
    assert.is(await made.mayBegin(await running(), clips), false)
    assert.is((await running()).bytes_short, 0.6 * gigabyte)
    assert.ok(await made.mayBegin(await running(), { name: 'probe' }))
    await setSetting(db, 'disk_reserve_gigabytes', 0.2)
    assert.ok(await made.mayBegin(await running(), clips), 'the setting is read anew')
    disk.total = 2 * gigabyte
    await setSetting(db, 'disk_reserve_gigabytes', 100)
    assert.ok(await made.mayBegin(await running(), clips), 'a twentieth of a small disk is enough')
    await db.destroy()
  },
)

room(
  'a session that waits for room says so in its row, and the engine goes on when there is some',
  async () => {
    const rig = await createRig()
    const disk: Space = { free: 0, total: 1e12, device: 1 }
    const { mayBegin } = createRoom({ db: rig.db, spaceOf: async () => disk, freshMs: 0 })
    const { key } = await rig.order()
    rig.engine({ mayBegin })
    await until(async () => (await rig.session(key)).bytes_short !== null, 10_000)
    assert.equal(rig.began, ['probe'])
    disk.free = 5e9
    await rig.reaches(key, 'completed')
    assert.is((await rig.session(key)).bytes_short, null)
    await rig.close()
  },
)

room(
  'a step that a full disk ended is done again when there is room, and fails when there never is',
  async () => {
    const rig = await createRig()
    let full = 2
    rig.parts.clips = async (job, listener) => {
      const code = full === 1 ? 'database_full' : 'disk_full'
      if (full-- > 0) return fail(code, 'The disk is full.')(job, listener)
      return {}
    }
    const { mayBegin } = createRoom({
      db: rig.db,
      spaceOf: async () => ({ free: 5e9, total: 1e12, device: 1 }),
    })
    rig.engine({ mayBegin })
    const { key } = await rig.order()
    await rig.reaches(key, 'completed')
    assert.is((await rig.statuses(key)).clips, 'completed')
    full = Infinity
    const never = await rig.order({ artwork: 'Never' })
    await rig.reaches(never.key, 'completed')
    assert.is((await rig.statuses(never.key)).clips, 'failed')
    await rig.close()
  },
)

const small = folder()
const mounted = mount(small)

room('on a real small disk the work waits while it is full', async () => {
  if (!mounted) return console.log('SKIPPED: a small disk can only be mounted by root')
  const rig = await createRig()
  const { mayBegin } = createRoom({ db: rig.db, freshMs: 0 })
  mkdirSync(path.join(small, 'output'))
  writeFileSync(path.join(small, 'ballast'), Buffer.alloc(16_300_000))
  rig.engine({ mayBegin })
  const { key } = await rig.order({ out: path.join(small, 'output') })
  await until(async () => (await rig.session(key)).bytes_short !== null, 10_000)
  assert.equal(rig.began, ['probe'])
  rmSync(path.join(small, 'ballast'))
  await rig.reaches(key, 'completed')
  await rig.close()
})

room('an archive in a shell without a server waits for room, too, and says so', async () => {
  if (!mounted) return console.log('SKIPPED: a small disk can only be mounted by root')
  const [data, out] = [folder(), path.join(small, 'shell')]
  mkdirSync(out)
  writeFileSync(path.join(small, 'ballast'), Buffer.alloc(16_300_000))
  const words = ['--artwork', 'Tide', '--set', 'video.speed=ultrafast', '--out', out, '--data', data]
  const ran = runHere('archive', cutsClip('short.mp4', [20, 20]), ...words)
  const db = openDatabase(path.join(data, 'cutroom.db'))
  const waits = () => db.selectFrom('session').select('id').where('bytes_short', 'is not', null).execute()
  await until(async () => (await waits().catch(() => [])).length === 1) // its tables come first
  assert.equal(readdirSync(out), [])
  rmSync(path.join(small, 'ballast'))
  const { code, stderr } = await ran
  assert.is(code, 0, stderr)
  assert.match(
    stderr,
    /It waits for room: free .* on the disk of the outputs[^]*There is room now: it goes on\./,
  )
  assert.is(readdirSync(out).length, 1)
  await db.destroy()
})

room('what lies in the R&D folder is part of what a session needs', async () => {
  const rig = await createRig()
  const film = await probeFile(cutsClip('short.mp4', [20, 20]), await tools(), witness())
  rig.parts.probe = async (_job, { onEmission }) => {
    await onEmission({ kind: 'source', probe: film })
    return {}
  }
  const rd = folder()
  mkdirSync(path.join(rd, 'deeper'))
  for (const name of ['a.mov', 'deeper/b.png', 'deeper/notes.txt'])
    writeFileSync(path.join(rd, name), Buffer.alloc(1_000_000))
  const { mayBegin } = createRoom({ db: rig.db, freshMs: 0 })
  rig.engine({ mayBegin })
  const needOf = async (rd?: string) => {
    const { key } = await rig.order({ rd })
    await rig.reaches(key, 'completed')
    return (await rig.session(key)).bytes_needed ?? 0
  }
  const [without, withRd] = [await needOf(), await needOf(rd)]
  assert.ok(without > film.bytes, `${without} for a film of ${film.bytes}`)
  assert.ok(withRd - without > 4e6, `${withRd - without} more for two files of 1 MB each`)
  await rig.close()
})

room.after(() => {
  if (mounted) execFileSync('umount', [small])
})

room.run()

function mount(place: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', place], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
