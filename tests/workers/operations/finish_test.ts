/** The log of a session is there, whole, where people look for it. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import finish from '../../../workers/operations/finish.ts'
import { cutsClip, witness } from '../../media.ts'
import { emitted, jobFor } from '../job.ts'

const test = suite('finish')
const job = () => jobFor(cutsClip('finish.mp4', [20, 20]), { cuts: [0, 20] })

test('the log lies in the project folder and is a file of the session', async () => {
  const [context, done] = [witness(), await job()]
  await finish.run(done, context)
  const [log] = emitted(context)
  assert.is(log?.role, 'log')
  assert.is(log?.path, path.join(done.folders.project, 'process_log.txt'))
  const text = readFileSync(log?.path ?? '', 'utf8')
  assert.match(text, /Artwork +Tide Study\n/)
  assert.match(text, /File +finish\.mp4\n/)
  assert.match(text, /Scenes found +2, 2 chosen as clips, 0 groups\n/)
})

test('there is none where the settings want none', async () => {
  const [context, silent] = [witness(), await job()]
  silent.session.generateLog = false
  await finish.run(silent, context)
  assert.equal(emitted(context), [])
})

test.run()
