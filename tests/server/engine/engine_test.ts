import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { filesOf } from '../../../db/files.ts'
import { confirmChoice } from '../../../db/choices.ts'
import { operationsOf, updateOperation } from '../../../db/operations.ts'
import { groupsOf, scenesOf } from '../../../db/scenes.ts'
import { claim, Fenced, sessionProgress, updateSession, wish } from '../../../db/sessions.ts'
import { frameTimes, splitAt } from '../../../server/commands/room.ts'
import { resumeSession, retryOperation } from '../../../server/commands/sessions.ts'
import { workFolderName } from '../../../server/engine/folders.ts'
import { createMeasures } from '../../../server/measures.ts'
import type { Probe } from '../../../workers/media/probe.ts'
import type { Job } from '../../../workers/operation.ts'
import { createRig, fail, type Part, pause, type Rig, untilCancelled } from './rig.ts'

const engine = suite<{ rig: Rig }>('engine')

engine.before.each(async (context) => {
  context.rig = await createRig()
})
engine.after.each(({ rig }) => rig.close())

/** Writes a file and emits it, as an operation does. */
const making =
  (name: string, text = name): Part =>
  async ({ folders, done }, { onEmission }) => {
    const file = path.join(folders.project, name)
    if (done.some((known) => known.path === file)) return {}
    writeFileSync(file, text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    await onEmission({
      kind: 'file',
      file: { role: 'clip', path: file, bytes: text.length, sha256, format: 'mp4', scene: 1, seconds: 0.1 },
    })
    return { settings: { crf: 20 } }
  }

engine('a session goes through its steps and completes', async ({ rig }) => {
  const { key } = await rig.order()
  rig.engine()
  const session = await rig.reaches(key, 'completed')
  assert.equal(new Set(Object.values(await rig.statuses(key))), new Set(['completed']))
  assert.is(rig.began[0], 'probe')
  assert.is(rig.began[1], 'copy_master')
  assert.ok(rig.began.slice(2, 4).includes('detect'), 'detection is among the first two of what may run then')
  assert.is(rig.began.at(-1), 'finish')
  assert.ok(session.completed_at)
})

engine('an operation row keeps settings, warnings, cost and bytes', async ({ rig }) => {
  rig.parts.clips = async (job, listener) => {
    listener.onWarning('Scene 2 has no audio.')
    return making('a.mp4', 'four')(job, listener)
  }
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  const clips = (await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')
  assert.is(clips?.settings, '{"crf":20}')
  assert.is(clips?.warnings, '["Scene 2 has no audio."]')
  assert.is(clips?.cpu_seconds, 1.5)
  assert.is(clips?.peak_memory_bytes, 1000)
  assert.is(clips?.bytes_out, 4)
  assert.ok(clips?.started_at && clips.finished_at && clips.seconds !== null)
})

engine('no more operations run at once than the bound, over all sessions', async ({ rig }) => {
  for (const name of ['probe', 'copy_master', 'thumbnails', 'optimise_master', 'clips']) {
    rig.parts[name] = async () => (await pause(40), {})
  }
  const keys = [(await rig.order()).key, (await rig.order()).key, (await rig.order()).key]
  rig.engine({ bound: 2 })
  rig.engine({ bound: 2, owner: 'elsewhere:1:1' })
  for (const key of keys) await rig.reaches(key, 'completed')
  assert.is(rig.most, 2)
})

engine('of a long queue no more is claimed than can begin, and a cancel still arrives', async ({ rig }) => {
  rig.parts.probe = untilCancelled
  const keys = []
  for (let i = 0; i < 6; i++) keys.push((await rig.order()).key)
  const [first = '', last = ''] = [keys[0], keys.at(-1)]
  rig.engine({ bound: 1 })
  while (!rig.began.includes('probe')) await pause(10)
  await wish(rig.db, (await rig.session(last)).id, 'cancel')
  await rig.reaches(last, 'cancelled')
  const claimed = (await Promise.all(keys.map(rig.session))).filter(({ owner }) => owner !== null)
  assert.ok(claimed.length <= 2, `${claimed.length} are claimed`)
  assert.is(claimed[0]?.key, first)
})

engine('the failure of probe stops the session and writes no folder', async ({ rig }) => {
  rig.parts.probe = fail('not_a_video', 'This is not a video.')
  const { key } = await rig.order()
  rig.engine()
  const session = await rig.reaches(key, 'failed')
  assert.is(session.error_message, 'This is not a video.')
  assert.is(session.output_path, null)
  assert.not.ok(existsSync(path.join(rig.data, 'output')))
  assert.is((await rig.statuses(key)).detect, 'skipped')
})

engine('another failure is recorded, what needs it is skipped, and the rest goes on', async ({ rig }) => {
  rig.parts.detect = fail('decode_failed', 'Frame 7 cannot be read.')
  const { key, id } = await rig.order()
  const told: string[] = []
  rig.engine({ onStep: (message) => told.push(message) })
  await rig.reaches(key, 'completed')
  for (const line of [
    'Copy the master: begun.',
    'Find cuts: ended. Frame 7 cannot be read.',
    'Finish: completed.',
  ])
    assert.ok(told.includes(line), line)
  const statuses = await rig.statuses(key)
  assert.is(statuses.detect, 'failed')
  assert.is(statuses.clips, 'skipped')
  assert.is(statuses.optimise_master, 'completed')
  assert.is(statuses.finish, 'completed')
  assert.ok(((await sessionProgress(rig.db, id))?.problems ?? 0) > 0)
})

engine('where detection fails, a person can set the cuts by hand', async ({ rig }) => {
  rig.parts.detect = fail('decode_failed', 'Frame 7 cannot be read.')
  rig.parts.probe = async (_job, { onEmission }) => {
    const video = {
      timeBase: { num: 1, den: 24 },
      frameRate: { num: 24, den: 1 },
      codec: 'h264',
      reordered: 0,
    }
    await onEmission({ kind: 'source', probe: { duration: 4, video: { ...video, frames: 96 } } as Probe })
    return {}
  }
  let seen: Job | undefined
  rig.parts.clips = async (job) => ((seen = job), {})
  const { key, id } = await rig.order({ choice: null })
  rig.engine()
  const session = await rig.reaches(key, 'waiting')
  const [film, ...others] = await scenesOf(rig.db, id)
  assert.equal([film?.start_frame, film?.end_frame, others.length], [0, 96, 0])
  const ground = { db: rig.db, measures: createMeasures(rig.db) }
  await splitAt(ground, session, 24)
  assert.equal((await frameTimes(ground, session)).times.length, 96)
  await confirmChoice(rig.db, id)
  await rig.reaches(key, 'completed')
  assert.is((await rig.statuses(key)).detect, 'failed')
  const places = seen?.scenes.map(({ startTime, endTime }) => [startTime, endTime])
  assert.equal(places, [
    [0, 1],
    [1, 4],
  ])
  assert.is(seen?.frames?.times[24], 1)
})

engine('a failed operation is retried alone, and what it held up follows', async ({ rig }) => {
  const { detect } = rig.parts
  rig.parts.detect = fail('decode_failed', 'Frame 7 cannot be read.')
  const { key, id } = await rig.order()
  rig.engine()
  await rig.reaches(key, 'completed')
  rig.parts.detect = detect as Part
  rig.began.length = 0
  await retryOperation(rig.db, key, 'detect')
  await rig.reaches(key, 'completed')
  assert.equal([...rig.began].sort(), ['clips', 'detect', 'finish', 'stills_hq', 'stills_web'])
  assert.is((await sessionProgress(rig.db, id))?.problems, 0)
  const history = await rig.db.selectFrom('history').selectAll().where('session_key', '=', key).execute()
  assert.is(history.length, 1)
  assert.is(history[0]?.scenes_detected, 4)
})

engine('the choice given beforehand ticks scenes and makes groups', async ({ rig }) => {
  const { key, id } = await rig.order({ choice: { scenes: '1,3-4', groups: ['2-4', '4,1'] } })
  rig.engine()
  await rig.reaches(key, 'completed')
  const ticked = (await scenesOf(rig.db, id))
    .filter((scene) => scene.ticked === 1)
    .map(({ number }) => number)
  assert.equal(ticked, [1, 3, 4])
  assert.equal(
    (await groupsOf(rig.db, id)).map(({ scenes }) => scenes),
    [
      [2, 3, 4],
      [4, 1],
    ],
  )
})

engine('without a choice the session waits, and what needs none runs meanwhile', async ({ rig }) => {
  const { key, id } = await rig.order({ choice: null })
  rig.engine()
  await rig.reaches(key, 'waiting')
  const statuses = await rig.statuses(key)
  assert.is(statuses.choose, 'waiting')
  assert.is(statuses.clips, 'pending')
  assert.is(statuses.optimise_master, 'completed')
  await updateSession(rig.db, id, { choice: JSON.stringify({ scenes: '2', groups: [] }) })
  await rig.reaches(key, 'completed')
})

engine('however many sessions wait, an engine asks one thing at a turn', async () => {
  const ran = new Set<string>()
  const rig = await createRig(undefined, ({ statement }) => void ran.add(statement))
  const keys = []
  for (let i = 0; i < 4; i++) keys.push((await rig.order({ choice: null })).key)
  rig.engine()
  for (const key of keys) await rig.reaches(key, 'waiting')
  await pause(300) // the turn after the last one came to rest
  ran.clear()
  await pause(500)
  assert.is(ran.size, 1, [...ran].join('\n'))
  await rig.close()
})

engine('cancel ends what runs within a second and starts nothing more', async ({ rig }) => {
  rig.parts.optimise_master = untilCancelled
  const { key, id } = await rig.order()
  rig.engine()
  while (!rig.began.includes('optimise_master')) await pause(20)
  const asked = Date.now()
  await wish(rig.db, id, 'cancel')
  await rig.reaches(key, 'cancelled')
  assert.ok(Date.now() - asked < 1000)
  assert.is((await rig.statuses(key)).optimise_master, 'cancelled')
  assert.is((await rig.statuses(key)).finish, 'cancelled')
})

engine('a cancelled session goes on where it was when resumed', async ({ rig }) => {
  rig.parts.optimise_master = untilCancelled
  const { key, id } = await rig.order()
  rig.engine()
  while (!rig.began.includes('optimise_master')) await pause(20)
  await wish(rig.db, id, 'cancel')
  await rig.reaches(key, 'cancelled')
  delete rig.parts.optimise_master
  rig.began.length = 0
  await resumeSession(rig.db, key)
  await rig.reaches(key, 'completed')
  assert.not(rig.began.includes('probe'))
  assert.ok(rig.began.includes('optimise_master'))
})

engine('pause finishes what runs and starts nothing new', async ({ rig }) => {
  let release = () => {}
  rig.parts.copy_master = () => new Promise((resolve) => (release = () => resolve({})))
  const { key, id } = await rig.order()
  rig.engine()
  while (!rig.began.includes('copy_master')) await pause(20)
  await wish(rig.db, id, 'pause')
  await pause(300)
  assert.is((await rig.session(key)).status, 'processing')
  release()
  await rig.reaches(key, 'paused')
  assert.is((await rig.statuses(key)).copy_master, 'completed')
  assert.is((await rig.statuses(key)).detect, 'pending')
  await wish(rig.db, id, 'run')
  await rig.reaches(key, 'completed')
})

engine('closing hands sessions back, and the next start goes on', async ({ rig }) => {
  rig.parts.optimise_master = untilCancelled
  const { key } = await rig.order()
  const first = rig.engine()
  while (!rig.began.includes('optimise_master')) await pause(20)
  await first.close()
  const session = await rig.session(key)
  assert.is(session.owner, null)
  assert.is(session.status, 'processing')
  assert.is((await rig.statuses(key)).optimise_master, 'pending')
  delete rig.parts.optimise_master
  rig.engine()
  await rig.reaches(key, 'completed')
})

engine('two engines never run one session twice', async ({ rig }) => {
  rig.parts.copy_master = async () => (await pause(100), {})
  const { key } = await rig.order()
  rig.engine({ bound: 4 })
  rig.engine({ bound: 4, owner: 'elsewhere:1:1' })
  await rig.reaches(key, 'completed')
  assert.is(rig.began.length, new Set(rig.began).size)
})

engine(
  'a dead owner’s session is taken over, its half-made files swept, its outputs proven',
  async ({ rig }) => {
    rig.parts.clips = making('a.mp4')
    const { key, id } = await rig.order()
    const first = rig.engine()
    await rig.reaches(key, 'completed')
    await first.close()
    const project = path.join(rig.data, 'output', (await rig.session(key)).output_path ?? '')
    const clips = (await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')
    // As a killed process would leave it: processing, owned, with rubbish in the work folder.
    await updateSession(rig.db, id, {
      status: 'processing',
      owner: 'dead:1:1',
      heartbeat_at: '2026-01-01 00:00:00.000',
      generation: 7,
    })
    await rig.db
      .updateTable('operation')
      .set({ status: 'processing' })
      .where('id', '=', clips?.id ?? 0)
      .execute()
    mkdirSync(path.join(project, workFolderName, '1'), { recursive: true })
    writeFileSync(path.join(project, workFolderName, '1', 'half.mp4'), 'ha')
    rig.began.length = 0
    rig.engine()
    await rig.reaches(key, 'completed')
    assert.equal(rig.began, ['clips', 'finish'], 'the log is told anew')
    assert.not(readdirSync(project).includes(workFolderName))
    assert.is((await filesOf(rig.db, id)).filter(({ role }) => role === 'clip').length, 1)
    assert.is((await operationsOf(rig.db, id)).find(({ name }) => name === 'clips')?.attempt, 2)
  },
)

engine('an output that is gone or torn is made again on resume', async ({ rig }) => {
  rig.parts.clips = making('a.mp4')
  const { key } = await rig.order()
  rig.engine()
  const { output_path } = await rig.reaches(key, 'completed')
  const file = path.join(rig.data, 'output', output_path ?? '', 'a.mp4')
  for (const harm of [() => rmSync(file), () => writeFileSync(file, 'b.mp4')]) {
    harm()
    await resumeSession(rig.db, key)
    await rig.reaches(key, 'completed')
    assert.ok(existsSync(file))
  }
  assert.is(rig.began.filter((name) => name === 'clips').length, 3)
})

engine('an owner whose claim was taken over writes nothing', async ({ rig }) => {
  const session = await rig.order()
  const first = await claim(rig.db, session, 'one:1:1')
  assert.ok(first)
  const second = await claim(rig.db, await rig.session(session.key), 'two:2:2')
  assert.ok(second)
  assert.is(await claim(rig.db, session, 'late:3:3'), undefined)
  const [probe] = await operationsOf(rig.db, session.id)
  try {
    await updateOperation(rig.db, first, probe?.id ?? 0, { status: 'completed' })
    assert.unreachable('a stale owner wrote')
  } catch (error) {
    assert.instance(error, Fenced)
  }
  assert.is((await rig.statuses(session.key)).probe, 'pending')
})

engine('progress is written at most ten times a second', async ({ rig }) => {
  let writes = 0
  rig.parts.copy_master = async (_job, { onReport }) => {
    for (let i = 0; i < 1000; i++) onReport(i, 1000, 'bytes')
    await pause(350)
    return {}
  }
  const { key, id } = await rig.order()
  rig.engine()
  const seen = new Set<number>()
  const watching = setInterval(() => {
    void operationsOf(rig.db, id).then((rows) => {
      const progress = rows.find(({ name }) => name === 'copy_master')?.progress ?? 0
      if (!seen.has(progress)) writes++
      seen.add(progress)
    })
  }, 5)
  await rig.reaches(key, 'completed')
  clearInterval(watching)
  assert.ok(seen.has(0.999))
  assert.ok(writes <= 6, String(writes))
})

engine('an existing folder gives a new version, or is refused', async ({ rig }) => {
  rig.engine()
  for (const name of ['26-11-20_Tide', '26-11-20_Tide_v2', '26-11-20_Tide_v3']) {
    const { key } = await rig.order()
    assert.is((await rig.reaches(key, 'completed')).output_path, name)
  }
  const overwriting = await rig.order({ ifExists: 'overwrite' })
  assert.is((await rig.reaches(overwriting.key, 'completed')).output_path, '26-11-20_Tide')
  try {
    await rig.order({ ifExists: 'fail' })
    assert.unreachable('an existing folder was accepted')
  } catch (error) {
    assert.match((error as Error).message, '26-11-20_Tide')
  }
})

engine.run()
