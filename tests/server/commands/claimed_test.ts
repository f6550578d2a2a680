import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { updateSession } from '../../../db/sessions.ts'
import { whileClaimed } from '../../../server/commands/claimed.ts'
import { host, isOwned, thisCommand } from '../../../server/engine/owner.ts'
import { refusal } from '../../db/fixture.ts'
import { until } from '../cli/run.ts'
import { createRig, pause, type Rig } from '../engine/rig.ts'

const claimed = suite<{ rig: Rig }>('a session claimed by a command')

claimed.before.each(async (context) => {
  context.rig = await createRig()
})
claimed.after.each(({ rig }) => rig.close())

claimed('neither the engine of its own process nor another command takes it up', async ({ rig }) => {
  const session = await rig.order()
  await whileClaimed(rig.db, session, async () => {
    rig.engine()
    await pause(500)
    assert.equal(rig.began, [])
    const again = whileClaimed(rig.db, await rig.session(session.key), async () => undefined)
    assert.is((await refusal(again)).code, 'session_running')
  })
  await rig.reaches(session.key, 'completed')
})

claimed('one that lasts gives signs of life', async ({ rig }) => {
  const session = await rig.order()
  await whileClaimed(rig.db, session, async () => {
    await updateSession(rig.db, session.id, { heartbeat_at: '2026-01-01 00:00:00.000' })
    await until(async () => isOwned(await rig.session(session.key)))
  })
})

claimed('one that died half-way is put in order by the next engine', async ({ rig }) => {
  const { id, key } = await rig.order()
  const [dead, heartbeat_at] = [
    `${host}:1:0/command`,
    new Date().toISOString().slice(0, 23).replace('T', ' '),
  ]
  await updateSession(rig.db, id, { owner: thisCommand(), heartbeat_at })
  assert.ok(isOwned(await rig.session(key)))
  await updateSession(rig.db, id, { owner: dead, heartbeat_at })
  rig.engine()
  await rig.reaches(key, 'completed')
})

claimed.run()
