import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { operationsOf, saveProgress } from '../../db/operations.ts'
import type { Db, Session } from '../../db/schema.ts'
import { beat, claim, openSessionIn, sessionById, sessionsInMotion } from '../../db/sessions.ts'
import { addSession, freshDatabase } from './fixture.ts'

const sessions = suite<{ db: Db }>('sessions')

sessions.before.each(async (context) => void (context.db = await freshDatabase()))
sessions.after.each(({ db }) => db.destroy())

const claimed = async (db: Db, { id }: Session, owner: string) => {
  const session = await sessionById(db, id)
  const mine = session && (await claim(db, session, owner))
  assert.ok(mine)
  return mine
}

sessions(
  'what waits for a person or is paused rests, until somebody wants something of it',
  async ({ db }) => {
    const resting: Partial<Session>[] = [{ status: 'waiting' }, { status: 'paused', wanted: 'pause' }]
    const moving: Partial<Session>[] = [
      { status: 'initialized' },
      { status: 'processing' },
      { status: 'waiting', wanted: 'cancel' },
      { status: 'waiting', wanted: 'pause' },
      { status: 'waiting', choice: '{}' },
      { status: 'waiting', owner: 'dead:1:1' },
      { status: 'paused', wanted: 'run' },
      { status: 'paused', wanted: 'cancel' },
    ]
    for (const values of [...resting, { status: 'completed' as const }]) await addSession(db, values)
    const ids = []
    for (const values of moving) ids.push((await addSession(db, values)).id)
    assert.equal(
      (await sessionsInMotion(db)).map(({ id }) => id),
      ids,
    )
  },
)

sessions('one beat is a sign of life for every claim, and says which are void', async ({ db }) => {
  const [a, b] = [await addSession(db), await addSession(db)]
  const stale = await claimed(db, a, 'one:1:1')
  const taken = { ...stale, generation: 2 }
  await db.updateTable('session').set({ owner: 'two:2:2', generation: 2 }).where('id', '=', a.id).execute()
  const mine = await claimed(db, b, 'one:1:1')
  await db.updateTable('session').set({ heartbeat_at: null }).execute()
  assert.equal(await beat(db, [stale, taken, mine]), [stale, taken])
  assert.is((await sessionById(db, a.id))?.heartbeat_at, null)
  assert.ok((await sessionById(db, b.id))?.heartbeat_at)
  assert.equal(await beat(db, []), [])
})

sessions('progress of many operations is written at once, but none for a void claim', async ({ db }) => {
  const [a, b] = [await addSession(db), await addSession(db)]
  await db.updateTable('operation').set({ status: 'processing' }).where('name', '=', 'detect').execute()
  const measured = { progress: 0.25, unit: 'frames', units_done: 25, units_total: 100 }
  const rest = { units_per_second: null, seconds_left: 3.5 }
  const detect = async (session: Session) =>
    (await operationsOf(db, session.id)).find(({ name }) => name === 'detect')
  const rows = []
  for (const session of [a, b])
    rows.push({
      claim: await claimed(db, session, 'one:1:1'),
      measured: { id: (await detect(session))?.id ?? 0, ...measured, ...rest },
    })
  await claimed(db, b, 'one:1:1')
  await saveProgress(db, rows)
  const written = await detect(a)
  for (const [column, value] of Object.entries({ ...measured, ...rest }))
    assert.is(written?.[column as keyof typeof written], value, column)
  assert.is((await detect(b))?.progress, 0)
})

sessions('a project folder is in use while a session that has not ended works in it', async ({ db }) => {
  const { key, output_root_id } = await addSession(db, { output_path: 'a', status: 'waiting' })
  await addSession(db, { output_path: 'b', status: 'completed' })
  assert.is(await openSessionIn(db, { output_root_id, output_path: 'a' }), key)
  assert.is(await openSessionIn(db, { output_root_id, output_path: 'b' }), undefined)
  assert.is(await openSessionIn(db, { output_root_id: output_root_id + 1, output_path: 'a' }), undefined)
})

sessions.run()
