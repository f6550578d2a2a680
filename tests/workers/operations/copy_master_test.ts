/**
 * Copying the master: the same bytes, under a safe name, or nothing at all.
 */

import { createHash } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
} from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Job, OperationError } from '../../../workers/operation.ts'
import copyMaster from '../../../workers/operations/copy_master.ts'
import { cutsClip, folder, make, witness } from '../../media.ts'
import { emitted, jobFor } from '../job.ts'

const test = suite('copy_master')

const sumOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Some megabytes, so that the copy takes more than one chunk. */
const large = () =>
  make('large.mov', [
    ...['-f', 'lavfi', '-i', 'nullsrc=size=640x360:rate=25:duration=1,geq=random(1)*255:128:128'],
    ...['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422'],
  ])

const inMasters = ({ folders }: Job) => {
  const masters = path.join(folders.project, 'Masters')
  return existsSync(masters) ? readdirSync(masters) : []
}

async function fails(job: Job, context = witness()): Promise<OperationError> {
  try {
    await copyMaster.run(job, context)
  } catch (error) {
    assert.equal(inMasters(job), [], 'nothing has a final name')
    if (error instanceof OperationError) return error
    throw error
  }
  throw new Error('it was copied')
}

test('the copy has the bytes of the original and its checksum', async () => {
  const job = await jobFor(large())
  const context = witness()
  await copyMaster.run(job, context)
  const [file] = emitted(context)
  assert.is(file?.role, 'master')
  assert.is(file?.path, path.join(job.folders.project, 'Masters', 'large.mov'))
  assert.is(file?.sha256, sumOf(large()))
  assert.is(file?.bytes, readFileSync(large()).length)
  assert.equal(readFileSync(file?.path ?? ''), readFileSync(large()))
  assert.equal([file?.width, file?.height, file?.codec, file?.format], [640, 360, 'rawvideo', 'mov'])
  const source = context.emissions.find((emission) => emission.kind === 'source')
  assert.is(source?.kind === 'source' && source.sha256, sumOf(large()))
  assert.is(context.reports.at(-1), 1)
  assert.ok(context.reports.length > 4, 'progress comes in steps')
})

test('the copy keeps its own name, made safe', async () => {
  for (const [name, safe] of [
    [`R&D – café's "final" 100%.mov`, 'RD-cafés-final-100.mov'],
    ['-x.mov', 'x.mov'],
  ] as const) {
    const source = path.join(folder(), name)
    copyFileSync(cutsClip('plain.mp4', [30, 20]), source)
    const job = await jobFor(source)
    await copyMaster.run(job, witness())
    assert.equal(inMasters(job), [safe])
  }
})

test('a source that changes while it is copied is refused', async () => {
  const source = path.join(folder(), 'growing.mov')
  copyFileSync(large(), source)
  const job = await jobFor(source)
  let grown = false
  const context = {
    ...witness(),
    report: () => {
      if (!grown) appendFileSync(source, 'more')
      grown = true
    },
  }
  const { code, message } = await fails(job, context)
  assert.is(code, 'source_changed')
  assert.match(message, /growing\.mov changed while it was being copied/)
})

test('a source that is not the one that was looked at is refused', async () => {
  const source = path.join(folder(), 'other.mov')
  copyFileSync(large(), source)
  const job = await jobFor(source)
  truncateSync(source, 100_000)
  const { code, message } = await fails(job)
  assert.is(code, 'source_changed')
  assert.match(message, /other\.mov has 100000 bytes, and had \d+ when it was looked at/)
})

test('a source that already lies where its copy would go is refused', async () => {
  const job = await jobFor(large())
  mkdirSync(path.join(job.folders.project, 'Masters'))
  const inside = path.join(job.folders.project, 'Masters', 'inside.mov')
  copyFileSync(large(), inside)
  const [original] = job.files
  if (original) original.path = inside
  try {
    await copyMaster.run(job, witness())
    assert.unreachable()
  } catch (error) {
    assert.is(error instanceof OperationError && error.code, 'same_file')
  }
  assert.equal(readFileSync(inside), readFileSync(large()), 'the original is untouched')
})

test('a source that has gone is refused in words', async () => {
  const source = path.join(folder(), 'gone.mov')
  copyFileSync(large(), source)
  const job = await jobFor(source)
  renameSync(source, `${source}.elsewhere`)
  const { code, message } = await fails(job)
  assert.is(code, 'unreadable')
  assert.match(message, /gone\.mov cannot be read/)
})

test('a cancelled copy leaves no file under its final name', async () => {
  const job = await jobFor(large())
  const controller = new AbortController()
  const context = { ...witness(controller.signal), report: () => controller.abort(new Error('cancelled')) }
  try {
    await copyMaster.run(job, context)
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'cancelled')
  }
  assert.equal(inMasters(job), [])
})

test('what was copied before is not copied again', async () => {
  const job = await jobFor(large())
  const [original] = job.files
  if (original) job.done = [{ ...original, role: 'master' }]
  const context = witness()
  await copyMaster.run(job, context)
  assert.equal(context.emissions, [])
})

test.run()
