import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureRoot } from '../../../db/roots.ts'
import { setSetting } from '../../../db/settings.ts'
import { createHealth } from '../../../server/upkeep/health.ts'
import { freshDatabase } from '../../db/fixture.ts'
import { folder, tools } from '../../media.ts'

const health = suite('health')

async function createRig() {
  const db = await freshDatabase()
  const [turn, pool] = [{ ms: 100 }, { open: true, threads: 1, queued: 0 }]
  const made = () => {
    const options = { db, output, database: '/data/cutroom.db', tools: found, bound: 2 }
    return createHealth({ ...options, engine: { sinceTurn: () => turn.ms }, pool: { state: () => pool } })
  }
  const output = await ensureRoot(db, 'output', `${folder()}/not/made/yet`)
  const found = await tools()
  return { db, turn, pool, made }
}

health(
  'all is well while what it stands on answers, and nothing is asked twice within a second',
  async () => {
    const { db, turn, made } = await createRig()
    const { pulse, health, close } = made()
    const first = await pulse()
    assert.ok(first.ok)
    assert.ok((first.disk.freeBytes ?? 0) > 0)
    turn.ms = 120_000
    assert.is(await pulse(), first)
    assert.equal((await health()).complaints, [])
    close()
    await db.destroy()
  },
)

health('whatever is not well is named, with what to do', async () => {
  const { db, turn, pool, made } = await createRig()
  const complaints = async () => {
    const { pulse, health, close } = made()
    assert.is((await pulse()).ok, false)
    const said = (await health()).complaints
    close()
    return said
  }
  turn.ms = 120_000
  assert.match((await complaints()).join(), 'The engine has not looked at its queue for 120 s')
  turn.ms = 100
  pool.open = false
  assert.match((await complaints()).join(), 'threads')
  pool.open = true
  await setSetting(db, 'disk_reserve_gigabytes', 1_000_000)
  const { pulse, close } = made()
  const { disk } = await pulse()
  assert.ok(
    (disk.reserveBytes ?? 0) > 0 && (disk.reserveBytes ?? 0) < 1e15,
    'a twentieth of the disk at most',
  )
  close()
  await db.destroy()
  const { pulse: dead, close: end } = made()
  assert.equal((await dead()).database, { ok: false })
  end()
})

health.run()
