import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Operation, OperationStatus } from '../../../db/schema.ts'
import { planNext } from '../../../server/engine/plan.ts'
import archive from '../../../workers/pipelines/archive.ts'

const plan = suite('what comes next')

/** What is ready where these steps of an archive have come so far, and the others have not begun. */
const readyWith = (statuses: Record<string, OperationStatus>, error: string | null = null) =>
  planWith(statuses, error).ready.map(({ name }) => name)

function planWith(statuses: Record<string, OperationStatus>, error: string | null) {
  const operations = archive.steps.map(({ operation: { name } }) => ({
    name,
    status: statuses[name] ?? 'pending',
    error_code: statuses[name] === 'failed' ? error : null,
  }))
  return planNext(archive, operations as Operation[])
}

const looked = { probe: 'completed', copy_master: 'completed' } as const

plan('the optimised master waits for the frames, which tell whether the master can be copied', () => {
  assert.not(readyWith(looked).includes('optimise_master'))
  assert.not(readyWith({ ...looked, detect: 'processing' }).includes('optimise_master'))
  assert.ok(readyWith({ ...looked, detect: 'completed' }).includes('optimise_master'))
})

plan('and is made without them where they cannot be had', () => {
  assert.ok(readyWith({ ...looked, detect: 'failed' }, 'no_frames').includes('optimise_master'))
})

plan('but not where trouble from outside kept them from being had', () => {
  const { ready, skip } = planWith({ ...looked, detect: 'failed' }, 'not_allowed')
  assert.not(ready.some(({ name }) => name === 'optimise_master'))
  const { reason = '' } = skip.find(({ operation }) => operation.name === 'optimise_master') ?? {}
  assert.match(reason, 'comes after “Find cuts”, which trouble from outside ended')
  assert.not(
    skip.some(({ operation }) => operation.name === 'finish'),
    'the log tells of it',
  )
})

plan('cuts come before all that can wait', () => {
  assert.equal(readyWith(looked).slice(0, 2), ['detect', 'thumbnails'])
})

plan.run()
