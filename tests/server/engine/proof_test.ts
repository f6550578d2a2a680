import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { damageOf, filesOf, proofOf } from '../../../db/files.ts'
import { badFiles, recordedOf } from '../../../db/fixity.ts'
import { operationsOf } from '../../../db/operations.ts'
import { updateSession } from '../../../db/sessions.ts'
import { resumeSession } from '../../../server/commands/sessions.ts'
import { verifyFiles } from '../../../server/upkeep/fixity.ts'
import { sha256 } from '../../../workers/outputs.ts'
import { refusal } from '../../db/fixture.ts'
import { createRig, type Part, pause, type Rig } from './rig.ts'

const proof = suite<{ rig: Rig }>('engine: proof')

proof.before.each(async (context) => {
  context.rig = await createRig()
})
proof.after.each(({ rig }) => rig.close())

/** Makes those of these files that were not made before. */
const making =
  (...names: string[]): Part =>
  async ({ folders, done }, { onEmission, signal }) => {
    const made = new Set(done.map((file) => path.basename(file.path)))
    for (const name of names.filter((name) => !made.has(name))) {
      const file = path.join(folders.project, name)
      writeFileSync(file, name)
      const facts = {
        bytes: statSync(file).size,
        sha256: await sha256(file, signal),
        format: 'mp4',
        seconds: 0,
      }
      await onEmission({ kind: 'file', file: { role: 'clip', path: file, ...facts } })
    }
    return {}
  }

const placeOf = async (rig: Rig, key: string, name: string) =>
  path.join(rig.data, 'output', (await rig.session(key)).output_path ?? '', name)

const began = (rig: Rig, wanted: string) => rig.began.filter((name) => name === wanted).length

proof(
  'an output that goes while the session still runs is made again before it is completed',
  async ({ rig }) => {
    rig.parts.clips = making('a.mp4', 'b.mp4')
    rig.parts.finish = async () => {
      const file = await placeOf(rig, key, 'a.mp4')
      if (began(rig, 'finish') === 1) rmSync(file)
      return {}
    }
    const { key, id } = await rig.order()
    rig.engine()
    await rig.reaches(key, 'completed')
    assert.ok(existsSync(await placeOf(rig, key, 'a.mp4')))
    assert.is((await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')?.attempt, 2)
    assert.equal(await proofOf(rig.db, id), { proven: 2, torn: 0, missing: 0, unproven: 0 })
  },
)

proof('one that goes again and again is told of, and not made for ever', async ({ rig }) => {
  rig.parts.clips = making('a.mp4', 'b.mp4')
  rig.parts.finish = async () => (rmSync(await placeOf(rig, key, 'a.mp4')), {})
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  assert.is(began(rig, 'clips'), 5)
  assert.equal(await proofOf(rig.db, id), { proven: 1, torn: 0, missing: 1, unproven: 0 })
})

proof('only what is not whole is made again, and keeps its key', async ({ rig }) => {
  const wrote: string[] = []
  const make = making('a.mp4', 'b.mp4', 'c.mp4')
  rig.parts.clips = async (job, listener) => {
    const hear: typeof listener.onEmission = async (emission) => {
      if (emission.kind === 'file') wrote.push(path.basename(emission.file.path))
      await listener.onEmission(emission)
    }
    return make(job, { ...listener, onEmission: hear })
  }
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  const keys = async () => (await filesOf(rig.db, id)).map((file) => file.key).join()
  const before = await keys()
  writeFileSync(await placeOf(rig, key, 'b.mp4'), 'x')
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.equal(wrote, ['a.mp4', 'b.mp4', 'c.mp4', 'b.mp4'])
  assert.is(await keys(), before)
})

proof(
  'what nobody touched since it was verified is not read again; what somebody did is',
  async ({ rig }) => {
    rig.parts.clips = making('a.mp4')
    const { key, id } = await rig.order()
    rig.engine()
    await rig.reaches(key, 'completed')
    await pause(20)
    const file = await placeOf(rig, key, 'a.mp4')
    // Only who reads the file can see that this is not its checksum.
    await rig.db
      .updateTable('file')
      .set({ sha256: 'f'.repeat(64) })
      .where('role', '=', 'clip')
      .execute()
    await rig.db.updateTable('file').set({ verified_at: '2999-01-01 00:00:00.000' }).execute()
    await resumeSession(rig.db, key)
    await rig.reaches(key, 'completed')
    assert.is(began(rig, 'clips'), 1)
    await rig.db.updateTable('file').set({ verified_at: '2026-01-01 00:00:00.000' }).execute()
    utimesSync(file, 1, 1) // a time of change that is set back hides nothing
    await resumeSession(rig.db, key)
    await rig.reaches(key, 'completed')
    assert.is(began(rig, 'clips'), 2)
    assert.is((await proofOf(rig.db, id)).proven, 1)
  },
)

proof('what was found torn or missing is made again at any age, and told of no more', async ({ rig }) => {
  rig.parts.clips = making('a.mp4', 'b.mp4', 'c.mp4')
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  rmSync(await placeOf(rig, key, 'a.mp4'))
  appendFileSync(await placeOf(rig, key, 'b.mp4'), '!')
  await updateSession(rig.db, id, { updated_at: '2020-01-01 00:00:00.000' })
  assert.match((await refusal(resumeSession(rig.db, key))).message, 'rested for longer')
  await verifyFiles(rig.db, await recordedOf(rig.db, id))
  assert.equal(await damageOf(rig.db, id), { torn: 1, missing: 1 })
  assert.is((await badFiles(rig.db, 10)).length, 2)
  await updateSession(rig.db, id, { updated_at: '2020-01-01 00:00:00.000' })
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.equal(await damageOf(rig.db, id), { torn: 0, missing: 0 })
  assert.equal(await badFiles(rig.db, 10), [])
  assert.is(readFileSync(await placeOf(rig, key, 'b.mp4'), 'utf8'), 'b.mp4')
})

proof('a file that was put back from a copy is told of no more', async ({ rig }) => {
  rig.parts.clips = making('a.mp4')
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  rmSync(await placeOf(rig, key, 'a.mp4'))
  await verifyFiles(rig.db, await recordedOf(rig.db, id))
  writeFileSync(await placeOf(rig, key, 'a.mp4'), 'a.mp4')
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.is(began(rig, 'clips'), 1)
  assert.equal(await badFiles(rig.db, 10), [])
})

proof.run()
