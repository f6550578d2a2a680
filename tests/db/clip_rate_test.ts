import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clipRate } from '../../db/clip_rate.ts'
import type { Db } from '../../db/schema.ts'
import { builtinPresets } from '../../workers/media/presets.ts'
import { addFile, addSession, freshDatabase } from './fixture.ts'

const rates = suite<{ db: Db }>('clip rate')
const preset_settings = JSON.stringify(builtinPresets[0]?.settings)

rates.before.each(async (context) => void (context.db = await freshDatabase()))
rates.after.each(({ db }) => db.destroy())

rates('nothing is said where nothing was encoded', async ({ db }) => {
  const session = await addSession(db, { preset_settings })
  await addFile(db, session, { role: 'clip', path: 'a.mp4', bytes: 1000, duration: null })
  assert.is(await clipRate(db, session), null)
})

rates('earlier clips of the same settings tell, and of no others', async ({ db }) => {
  const light = JSON.stringify(builtinPresets[2]?.settings)
  const earlier = await addSession(db, { preset_settings, output_path: 'a' })
  await addFile(db, earlier, { role: 'clip', path: 'a/1.mp4', bytes: 3000, duration: 2 })
  await addFile(db, earlier, { role: 'clip', path: 'a/2.mp4', bytes: 1000, duration: 2 })
  await addFile(db, earlier, { role: 'group', path: 'a/3.mp4', bytes: 90_000, duration: 1 })
  assert.is(await clipRate(db, await addSession(db, { preset_settings, output_path: 'b' })), 1000)
  assert.is(await clipRate(db, await addSession(db, { preset_settings: light, output_path: 'c' })), null)
})

rates('the optimised master of the same film tells better, at its own CRF', async ({ db }) => {
  const session = await addSession(db, { preset_settings })
  await addFile(db, session, { role: 'clip', path: '1.mp4', bytes: 3000, duration: 2 })
  const settings = JSON.stringify({ crf: 18 })
  await addFile(db, session, { role: 'master_web', path: 'm.mp4', bytes: 100_000, duration: 10, settings })
  const rate = await clipRate(db, session)
  assert.ok(rate !== null && rate > 8000 && rate < 10_000, String(rate))
})

rates.run()
