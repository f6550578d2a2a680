/**
 * Ordering an archive: what a person leaves open is filled in, and what cannot be is refused in a sentence.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../../server/errors.ts'
import { createRig, type Rig } from '../engine/rig.ts'

const ordering = suite<{ rig: Rig }>('ordering an archive')

ordering.before.each(async (context) => {
  context.rig = await createRig()
})
ordering.after.each(({ rig }) => rig.close())

ordering('takes the threshold of the detector, for content that of the settings', async ({ rig }) => {
  await rig.db
    .updateTable('setting')
    .set({ value: '27' })
    .where('key', '=', 'scene_threshold_default')
    .execute()
  const of = async (changes: Parameters<Rig['order']>[0]) => {
    const { detector, threshold } = await rig.order(changes)
    return [detector, threshold]
  }
  assert.equal(await of({}), ['content', 27])
  assert.equal(await of({ detector: 'hash' }), ['hash', 0.35])
  assert.equal(await of({ detector: 'adaptive' }), ['adaptive', 3])
  assert.equal(await of({ detector: 'histogram', threshold: 0.4 }), ['histogram', 0.4])
})

ordering('refuses a detector that there is not, and a threshold beyond its range', async ({ rig }) => {
  const refusal = async (changes: Parameters<Rig['order']>[0]) => {
    const error: unknown = await rig.order(changes).catch((caught: unknown) => caught)
    assert.ok(error instanceof AppError)
    return `${error.field}: ${error.detail}`
  }
  assert.match(await refusal({ detector: 'magic' }), /^detector: There is no detector “magic”.*\n +content/)
  assert.is(await refusal({ detector: 'hash', threshold: 30 }), 'threshold: the threshold of hash is 0 to 1')
  assert.is(await refusal({ threshold: 0.5 }), 'threshold: the threshold of content is 1 to 255')
})

ordering.run()
