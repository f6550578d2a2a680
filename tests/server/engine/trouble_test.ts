import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { confirmChoice } from '../../../db/choices.ts'
import { operationsOf } from '../../../db/operations.ts'
import { sessionProgress, updateSession, wish } from '../../../db/sessions.ts'
import { removeSession, resumeSession, retryOperation } from '../../../server/commands/sessions.ts'
import { workFolderName } from '../../../server/engine/folders.ts'
import { setSetting } from '../../../db/settings.ts'
import { AppError } from '../../../server/errors.ts'
import { OperationError } from '../../../workers/operation.ts'
import { createRig, fail, pause, type Rig, untilCancelled } from './rig.ts'

const trouble = suite<{ rig: Rig }>('engine in trouble')

trouble.before.each(async (context) => {
  context.rig = await createRig()
})
trouble.after.each(({ rig }) => rig.close())

const began = async (rig: Rig, name: string) => {
  while (!rig.began.includes(name)) await pause(10)
}

/** As a killed process leaves a session: owned, with an operation that seems to run. */
async function killed(rig: Rig, id: number, name: string, changes = {}) {
  const left = { owner: 'dead:1:1', heartbeat_at: '2026-01-01 00:00:00.000', generation: 7 }
  await updateSession(rig.db, id, { status: 'processing', ...left, ...changes })
  await rig.db
    .updateTable('operation')
    .set({ status: 'processing' })
    .where('session_id', '=', id)
    .where('name', '=', name)
    .execute()
}

trouble('a session that cannot be looked at holds up no other', async ({ rig }) => {
  const odd = await rig.order()
  await updateSession(rig.db, odd.id, { pipeline: 'of a newer version' })
  const { key } = await rig.order()
  const errors: string[] = []
  rig.engine({ onError: (error) => errors.push((error as Error).message) })
  await rig.reaches(key, 'completed')
  assert.is(errors.length, 1, 'the same error is told once, not at every turn')
  assert.match(errors[0] ?? '', 'of a newer version')
})

trouble('what a dead owner left running takes no place in the queue', async ({ rig }) => {
  const dead = [await rig.order(), await rig.order()]
  for (const { id } of dead) await killed(rig, id, 'probe')
  const { key } = await rig.order()
  rig.engine({ bound: 2, accepts: (session) => session.key === key })
  await rig.reaches(key, 'completed')
})

trouble('a waiting session that is resumed waits again', async ({ rig }) => {
  const { key } = await rig.order({ choice: null })
  rig.engine()
  await rig.reaches(key, 'waiting')
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'waiting')
})

trouble('a choice of scenes that are not there is made by hand once it is tried again', async ({ rig }) => {
  rig.engine()
  const tries = [
    (key: string) => retryOperation(rig.db, key, 'choose'),
    (key: string) => resumeSession(rig.db, key),
  ]
  for (const tryAgain of tries) {
    const { id, key } = await rig.order({ choice: { scenes: '99', groups: [] } })
    await rig.reaches(key, 'completed')
    const refused = (await operationsOf(rig.db, id)).find(({ name }) => name === 'choose')
    assert.match(
      refused?.error_message ?? '',
      /no scene 99.*numbered 1 to 4.*Retry this step.*in the browser/,
    )
    await tryAgain(key)
    assert.is((await rig.reaches(key, 'waiting')).choice, null)
    await confirmChoice(rig.db, id, [1, 3])
    await rig.reaches(key, 'completed')
    const { choose, clips, stills_hq } = await rig.statuses(key)
    assert.equal([choose, clips, stills_hq], ['completed', 'completed', 'completed'])
  }
})

trouble('a session of which one cancelled step is retried stays cancelled', async ({ rig }) => {
  rig.parts.optimise_master = untilCancelled
  const { key, id } = await rig.order()
  rig.engine()
  await began(rig, 'optimise_master')
  await wish(rig.db, id, 'cancel')
  await rig.reaches(key, 'cancelled')
  delete rig.parts.optimise_master
  await retryOperation(rig.db, key, 'optimise_master')
  await rig.reaches(key, 'cancelled')
  assert.is((await rig.statuses(key)).optimise_master, 'completed')
  assert.is((await rig.statuses(key)).finish, 'cancelled')
})

trouble(
  'what has rested too long is neither resumed nor retried, until the setting lets it',
  async ({ rig }) => {
    rig.parts.optimise_master = fail('odd', 'It is odd.')
    const { key, id } = await rig.order()
    rig.engine()
    await rig.reaches(key, 'completed')
    await updateSession(rig.db, id, { updated_at: '2020-01-01 00:00:00.000' })
    for (const again of [resumeSession(rig.db, key), retryOperation(rig.db, key, 'optimise_master')]) {
      const refused = await again.then(
        () => null,
        (error: unknown) => AppError.from(error),
      )
      assert.equal([refused?.code, refused?.detail], ['too_old_to_resume', 'it has rested since 2020-01-01'])
    }
    assert.is((await rig.session(key)).status, 'completed')
    await setSetting(rig.db, 'max_resume_age_days', 0)
    delete rig.parts.optimise_master
    await retryOperation(rig.db, key, 'optimise_master')
    await rig.reaches(key, 'completed')
    assert.is((await rig.statuses(key)).optimise_master, 'completed')
  },
)

trouble('who cancels and resumes at once has it go on', async ({ rig }) => {
  let isEnding = false
  rig.parts.optimise_master = (job, listener) =>
    untilCancelled(job, listener).finally(() => {
      isEnding = true
      return pause(300) // a child that is slow to end
    })
  const { key, id } = await rig.order()
  rig.engine()
  await began(rig, 'optimise_master')
  await wish(rig.db, id, 'cancel')
  while (!isEnding) await pause(10)
  delete rig.parts.optimise_master
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.equal(new Set(Object.values(await rig.statuses(key))), new Set(['completed']))
})

trouble('resuming does everything that a failed copy held up', async ({ rig }) => {
  const rd = path.join(rig.data, 'rd')
  mkdirSync(rd)
  rig.parts.copy_master = fail('disk_full', 'The disk is full.')
  const { key, id } = await rig.order({ rd })
  rig.engine({ bound: 1 })
  await rig.reaches(key, 'failed')
  assert.is((await rig.statuses(key)).research, 'skipped')
  delete rig.parts.copy_master
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.equal(new Set(Object.values(await rig.statuses(key))), new Set(['completed']))
  assert.is((await sessionProgress(rig.db, id))?.problems, 0)
})

trouble('a folder made just before a crash is used, not doubled', async ({ rig }) => {
  const { key, id } = await rig.order()
  const first = rig.engine()
  await rig.reaches(key, 'completed')
  await first.close()
  // The crash came before the folder's name was written down.
  const project = path.join(rig.data, 'output', '26-11-20_Tide')
  mkdirSync(path.join(project, workFolderName))
  writeFileSync(path.join(project, workFolderName, key), '')
  await rig.db.updateTable('operation').set({ status: 'pending' }).where('name', '!=', 'probe').execute()
  await killed(rig, id, 'copy_master', { output_path: null })
  rig.engine()
  await rig.reaches(key, 'completed')
  assert.equal(readdirSync(path.join(rig.data, 'output')), ['26-11-20_Tide'])
  assert.not(existsSync(path.join(project, workFolderName)))
})

trouble('no folder is overwritten while another session works in it', async ({ rig }) => {
  rig.parts.optimise_master = untilCancelled
  const first = await rig.order()
  rig.engine()
  await began(rig, 'optimise_master')
  const second = await rig.order({ ifExists: 'overwrite' })
  const { error_message } = await rig.reaches(second.key, 'failed')
  assert.match(error_message ?? '', first.key)
})

trouble(
  'each attempt has a work folder of its own, so that a late writer spoils nothing',
  async ({ rig }) => {
    const works: string[] = []
    rig.parts.clips = async ({ folders }) => (works.push(folders.work), {})
    const { key, id } = await rig.order()
    const first = rig.engine()
    await rig.reaches(key, 'completed')
    await first.close()
    await killed(rig, id, 'clips')
    rig.engine()
    await rig.reaches(key, 'completed')
    assert.is(new Set(works).size, 2)
  },
)

trouble('an owner that was taken over, and wakes late, leaves nothing half made behind', async ({ rig }) => {
  let work = ''
  rig.parts.clips = async ({ folders }, { signal }) => {
    work = folders.work
    await rig.db.updateTable('session').set({ owner: 'other:1:1', generation: 9 }).execute()
    while (!signal.aborted) await pause(10)
    mkdirSync(work, { recursive: true })
    writeFileSync(path.join(work, 'late.mp4'), 'late')
    return {}
  }
  await rig.order()
  const engine = rig.engine()
  await began(rig, 'clips')
  while (!existsSync(path.join(work, 'late.mp4'))) await pause(10)
  await pause(100)
  await engine.close()
  assert.not(existsSync(path.dirname(work)))
})

trouble('what trouble from outside held up is made as it would have been', async ({ rig }) => {
  const { detect = async () => ({}) } = rig.parts
  rig.parts.detect = fail('not_allowed', 'The file system refused.')
  const { key } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  assert.is((await rig.statuses(key)).optimise_master, 'skipped')
  rig.parts.detect = detect
  rig.parts.optimise_master = async () => {
    assert.ok(rig.began.filter((name) => name === 'detect').length > 1)
    return {}
  }
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  const statuses = await rig.statuses(key)
  assert.equal(statuses, Object.fromEntries(Object.keys(statuses).map((name) => [name, 'completed'])))
})

trouble('a master that has changed is looked at anew', async ({ rig }) => {
  rig.parts.copy_master = fail('source_changed', 'It changed.')
  const { key } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'failed')
  delete rig.parts.copy_master
  await retryOperation(rig.db, key, 'copy_master')
  await rig.reaches(key, 'completed')
  assert.is(rig.began.filter((name) => name === 'probe').length, 2)
})

for (const times of [1, 2]) {
  trouble(
    `an ffmpeg that is stuck ${times === 1 ? 'once' : 'again'} is told of, and tried twice`,
    async ({ rig }) => {
      let calls = 0
      rig.parts.clips = async (job) => {
        assert.ok(job.patience >= 7 && job.patience < 8, 'it grows with the film’s length')
        if (++calls <= times)
          throw new OperationError('stuck', 'ffmpeg made no progress for 7 s and was ended. Check it.')
        return {}
      }
      await setSetting(rig.db, 'stuck_after_seconds', 7)
      const { key, id } = await rig.order()
      rig.engine()
      await rig.reaches(key, 'completed')
      const clips = (await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')
      assert.is(calls, 2)
      assert.is(clips?.status, times === 1 ? 'completed' : 'failed')
      assert.match(clips?.warnings ?? '', 'no progress for 7 s and was ended. The step was tried once more.')
      assert.is(clips?.error_code ?? null, times === 1 ? null : 'stuck')
    },
  )
}

trouble('a skipped step was never attempted', async ({ rig }) => {
  rig.parts.detect = fail('decode_failed', 'Frame 7 cannot be read.')
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  const attempts = Object.fromEntries((await operationsOf(rig.db, id)).map((row) => [row.name, row.attempt]))
  assert.is(attempts.detect, 2)
  assert.is(attempts.clips, 1)
})

trouble(
  'a full database is told as what it is, and the session goes on once there is room',
  async ({ rig }) => {
    rig.parts.clips = async ({ folders }, { onEmission }) => {
      const path = `${folders.project}/a.mp4`
      const metadata = { comment: 'x'.repeat(1_000_000) }
      await onEmission({
        kind: 'file',
        file: { role: 'clip', path, bytes: 1, sha256: '', format: 'mp4', seconds: 1, metadata },
      })
      return {}
    }
    const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(rig.db)
    const { key, id } = await rig.order()
    await limit(150)
    rig.engine()
    await rig.reaches(key, 'completed')
    const clips = (await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')
    assert.is(clips?.error_code, 'database_full')
    assert.match(clips?.error_message ?? '', 'Make room')
    await limit(1_000_000)
    rig.parts.clips = async () => ({})
    await resumeSession(rig.db, key)
    await rig.reaches(key, 'completed')
    assert.is((await sessionProgress(rig.db, id))?.problems, 0)
  },
)

trouble('deleting outputs spares what another session made anew under the same name', async ({ rig }) => {
  const engine = rig.engine()
  const made = path.join(rig.data, 'output/26-11-20_Tide/a.mp4')
  rig.parts.clips = async (_job, { onEmission }) => {
    writeFileSync(made, 'a')
    const facts = { bytes: 1, sha256: '', format: 'mp4', seconds: 1 }
    await onEmission({ kind: 'file', file: { role: 'clip', path: made, ...facts } })
    return {}
  }
  const first = await rig.order()
  await rig.reaches(first.key, 'completed')
  const second = await rig.order({ ifExists: 'overwrite' })
  await rig.reaches(second.key, 'completed')
  await engine.close()
  await removeSession(rig.db, first.key, { withOutputs: true })
  assert.ok(existsSync(made))
  await removeSession(rig.db, second.key, { withOutputs: true })
  assert.not(existsSync(made))
})

trouble.run()
