/**
 * The pool with its real threads: what comes back, and that nothing waits for a thread that sleeps.
 */

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createPool, type Listener } from '../../workers/pool.ts'
import { cutsClip, folder } from '../media.ts'
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

test('an ffmpeg that does nothing is ended, and its step fails with the reason', async () => {
  const pool = createPool(1)
  const job = await jobFor(cutsClip('pool.mp4', [10]))
  const [stuck, pids] = [path.join(folder(), 'ffmpeg'), new Set<number>()]
  writeFileSync(stuck, '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
  const { result } = await pool.run(
    'thumbnails',
    { ...job, tools: { ...job.tools, ffmpeg: stuck }, patience: 1.5 },
    { ...silent(), onChild: (pid) => void pids.add(pid), onChildEnded: (pid) => void pids.delete(pid) },
  )
  await pool.close()
  assert.ok('failure' in result)
  assert.is(result.failure.code, 'stuck')
  assert.match(result.failure.message, 'no progress for 2 s')
  assert.is(pids.size, 0)
})

test('an ffmpeg that is killed from outside is told from one that fails', async () => {
  const pool = createPool(1)
  const job = await jobFor(cutsClip('pool.mp4', [10]))
  const killed = path.join(folder(), 'ffmpeg')
  writeFileSync(killed, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 })
  const { result } = await pool.run(
    'thumbnails',
    { ...job, tools: { ...job.tools, ffmpeg: killed } },
    silent(),
  )
  await pool.close()
  assert.ok('failure' in result)
  assert.is(result.failure.code, 'killed')
})

test('an ffmpeg that is slow is left alone', async () => {
  const pool = createPool(1)
  const job = await jobFor(cutsClip('pool.mp4', [10]))
  const slow = path.join(folder(), 'ffmpeg')
  // Four seconds in all, and never long without a little work, also where the kernel does not tell of bytes.
  const work = 'n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done'
  const steps = `for i in 1 2 3 4 5 6 7 8; do sleep 0.5; read line </etc/hostname; ${work}; done`
  writeFileSync(slow, `#!/bin/sh\n${steps}\nexec '${job.tools.ffmpeg}' "$@"\n`, { mode: 0o755 })
  const { result } = await pool.run(
    'thumbnails',
    { ...job, tools: { ...job.tools, ffmpeg: slow }, patience: 3.5 },
    silent(),
  )
  await pool.close()
  assert.ok('outcome' in result, 'failure' in result ? result.failure.message : '')
})

test('nothing is handed over that was made from a copy of the master which lost its end', async () => {
  const pool = createPool(1)
  const job = await jobFor(cutsClip('pool.mp4', [10]))
  const [source] = job.files
  assert.ok(source)
  const copy = { ...source, id: 2, role: 'master' as const, bytes: (source.probe?.bytes ?? 0) + 1 }
  const emissions: unknown[] = []
  const { result } = await pool.run(
    'detect',
    { ...job, files: [source, copy] },
    { ...silent(), onEmission: async ({ kind }) => void emissions.push(kind) },
  )
  await pool.close()
  assert.ok('failure' in result)
  assert.is(result.failure.code, 'source_torn')
  assert.match(result.failure.message, /pool\.mp4, has \d+ bytes instead of \d+/)
  assert.not(emissions.includes('cuts'))
})

test.run()
