/**
 * The pool with its real threads: what comes back, and that nothing waits for a thread that sleeps.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createPool, type Listener } from '../../workers/pool.ts'
import { cutsClip } from '../media.ts'
import { jobFor } from './job.ts'

const test = suite('pool')

const silent = (): Listener & { warnings: string[] } => {
  const warnings: string[] = []
  return {
    warnings,
    signal: new AbortController().signal,
    onReport: () => undefined,
    onWarning: (sentence) => void warnings.push(sentence),
    onEmission: async () => undefined,
    onChild: () => undefined,
    onChildEnded: () => undefined,
  }
}

test('an operation is over as soon as it is done, and all it said is there', async () => {
  const pool = createPool(1)
  const [job, listener] = [await jobFor(cutsClip('pool.mp4', [10])), silent()]
  const startedAt = performance.now()
  const { result } = await pool.run('probe', job, listener)
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  assert.ok('outcome' in result)
  assert.equal(listener.warnings, ['The master is H.264, not ProRes.'])
  assert.ok(seconds < 25, `${seconds} s: an idle thread of the pool turns its event loop only after 30`)
})

test.run()
