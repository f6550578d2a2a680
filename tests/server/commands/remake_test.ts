/**
 * A real session whose cuts and preset change after its end: only what they made stale is made again.
 */

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newKey } from '../../../db/keys.ts'
import { estimatesOf, samplesOf } from '../../../db/estimates.ts'
import { openDatabase } from '../../../db/open.ts'
import { operationsOf } from '../../../db/operations.ts'
import { findPreset, savePreset } from '../../../db/presets.ts'
import type { Db } from '../../../db/schema.ts'
import { findSession, sessionById } from '../../../db/sessions.ts'
import { remakeSession, staleOutputs } from '../../../server/commands/remake.ts'
import type { SessionReport } from '../../../server/commands/sessions.ts'
import { builtinPresets, presetSettings } from '../../../workers/media/presets.ts'
import { bundledFfmpeg } from '../../../workers/tools.ts'
import { refusal } from '../../db/fixture.ts'
import { cutsClip, folder } from '../../media.ts'
import { reportOf, runHere } from '../cli/run.ts'
import { createRig, type Rig } from '../engine/rig.ts'

interface Context {
  data: string
  db: Db
  key: string
}

const standard = builtinPresets[0]?.settings
if (!standard) throw new Error('There is no built-in preset.')
const quick = { ...standard, video: { ...standard.video, speed: 'ultrafast' } }

const remake = suite<Context>('remake')

remake.before(async (context) => {
  process.env.CUTROOM_FFMPEG = bundledFfmpeg()
  const data = folder()
  await runHere('version')
  const document = { id: 'mine', name: 'Mine', settings: quick }
  const first = await runHere('sessions', '--data', data)
  assert.is(first.code, 0, first.stderr)
  const db = openDatabase(path.join(data, 'cutroom.db'))
  await savePreset(db, document)
  const film = cutsClip('remake.mp4', [40, 40, 40])
  const ran = await runHere(
    ...['archive', film, '--artwork', 'Tide', '--preset', 'mine', '--json', '--data', data],
  )
  assert.is(ran.code, 0, ran.stderr)
  Object.assign(context, { data, db, key: reportOf(ran).session })
})
remake.after(({ db }) => db.destroy())

remake('each output tells what it was made of, and by which commands', async ({ key, data }) => {
  const report = reportOf(await runHere('show', key, '--lineage', '--json', '--data', data))
  const clip = lineageOf(report, 'Tide_clip_02.mp4')
  assert.equal(clip?.ranges, [[40, 80]])
  assert.is(clip.master, 'remake.mp4')
  assert.is(clip.preset, 'mine')
  assert.is(clip.presetVersion, 1)
  assert.is(clip.wanted['video.speed'], 'ultrafast')
  assert.ok(clip.commands.flat().includes('libx264'))
  assert.not.match(JSON.stringify(report.files.map(({ lineage }) => lineage)), data)
  const still = lineageOf(report, 'Tide_HQ_02_16x9.png')
  assert.is(still?.frame, 60)
  assert.is(lineageOf(report, 'Tide_web_02_16x9.jpg')?.from?.path.split('/').at(-1), 'Tide_HQ_02_16x9.png')
})

remake(
  'what was expected is kept beside what came, and what was done is learned from',
  async ({ db, key }) => {
    const said = await estimatesOf(db, key)
    for (const operation of ['session', 'clips', 'detect', 'stills_hq', 'copy_master']) {
      const rows = said.filter((row) => row.operation === operation)
      assert.equal(
        rows.map(({ measure }) => measure),
        ['seconds', 'bytes'],
        operation,
      )
      for (const { actual, low, high } of rows) assert.ok(actual !== null && low <= high, operation)
    }
    const [clips] = await samplesOf(db, 'clips')
    assert.is(clips?.files, 3)
    assert.ok(Math.abs((clips?.amount ?? 0) - (120 * 320 * 180) / 1e6) < 1e-6)
  },
)

remake('where nothing is stale nothing is done', async ({ db, key, data }) => {
  const { remake, renames, leftovers } = await staleOutputs(db, key)
  assert.equal([remake, renames, leftovers], [[], [], []])
  const ran = await runHere('remake', key, '--data', data)
  assert.is(ran.code, 1)
  assert.match(ran.stderr, 'Nothing is out of date')
})

remake('what is torn or missing is not out of date: it is told of, with what mends it', async (context) => {
  const { db, key, data } = context
  const mark = (missing_at: string | null) =>
    db.updateTable('file').set({ missing_at }).where('path', 'like', '%_clip_02.mp4').execute()
  await mark('2026-01-01 00:00:00.000')
  const ran = await runHere('remake', key, '--data', data)
  assert.is(ran.code, 1)
  assert.match(ran.stderr, /1 output is missing: .*cutroom resume/)
  const listed = await runHere('remake', key, '--list', '--data', data)
  assert.match(listed.stdout, `1 output is missing: cutroom resume ${key}`)
  await mark(null)
})

remake(
  'a cut that moved: what lies on its sides is made again, the rest is not touched',
  async ({ db, key, data }) => {
    const before = await filesNow(data, key)
    await moveCut(db, key, 80, 90)
    const listed = await runHere('remake', key, '--list', '--data', data)
    assert.match(listed.stdout, 'Tide_clip_03.mp4: its start moved 10 frames')
    assert.equal(await filesNow(data, key), before, 'a list changes nothing')
    const ran = await runHere('remake', key, '--data', data)
    assert.is(ran.code, 0, ran.stderr)
    const after = await filesNow(data, key)
    const changed = Object.keys(after).filter((name) => after[name] !== before[name])
    assert.equal(changed.filter((name) => name !== 'process_log.txt').sort(), [
      ...['Tide_HQ_02_16x9.png', 'Tide_HQ_03_16x9.png', 'Tide_clip_02.mp4', 'Tide_clip_03.mp4'],
      ...['Tide_web_02_16x9.jpg', 'Tide_web_03_16x9.jpg'],
    ])
    assert.equal((await staleOutputs(db, key)).remake, [])
    const report = reportOf(await runHere('show', key, '--lineage', '--json', '--data', data))
    assert.equal(lineageOf(report, 'Tide_clip_03.mp4')?.ranges, [[90, 120]])
  },
)

remake(
  'a scene that was split: those behind it keep their bytes under new names',
  async ({ db, key, data }) => {
    const before = await filesNow(data, key)
    await addCut(db, key, 20)
    const ran = await runHere('remake', key, '--data', data)
    assert.is(ran.code, 0, ran.stderr)
    const after = await filesNow(data, key)
    assert.is(after['Tide_clip_04.mp4'], before['Tide_clip_03.mp4'])
    assert.is(after['Tide_clip_03.mp4'], before['Tide_clip_02.mp4'])
    assert.is(after['Tide_HQ_04_16x9.png'], before['Tide_HQ_03_16x9.png'])
    assert.is.not(after['Tide_clip_01.mp4'], before['Tide_clip_01.mp4'])
  },
)

remake(
  'scenes that were merged: the old files give way, and go only when told',
  async ({ db, key, data }) => {
    const before = await filesNow(data, key)
    await db.deleteFrom('cut').where('frame', '=', 20).execute()
    const ran = await runHere('remake', key, '--data', data)
    assert.is(ran.code, 0, ran.stderr)
    const between = await filesNow(data, key)
    assert.is(between['Tide_clip_02.mp4'], before['Tide_clip_03.mp4'])
    assert.is(between['Tide_clip_02_old.mp4'], before['Tide_clip_02.mp4'])
    const cleared = await runHere('remake', key, '--leftovers', '--data', data)
    assert.is(cleared.code, 0, cleared.stderr)
    const after = await filesNow(data, key)
    assert.not.ok(Object.keys(after).some((name) => name.includes('_old')))
    assert.is(after['Tide_clip_03.mp4'], between['Tide_clip_03.mp4'])
  },
)

remake('a preset that changed: only what its settings decide is made again', async ({ db, key, data }) => {
  const before = await filesNow(data, key)
  const preset = await findPreset(db, 'mine')
  const settings = presetSettings.parse(JSON.parse(preset?.settings ?? ''))
  const stills_web = { ...settings.stills_web, quality: 60 }
  await savePreset(db, { id: 'mine', name: 'Mine', settings: { ...settings, stills_web } })
  const { remake, presetVersion } = await staleOutputs(db, key)
  assert.is(presetVersion, 2)
  assert.equal(new Set(remake.map(({ reason }) => reason)), new Set(['web still quality 60, it was 90']))
  const ran = await runHere('remake', key, '--data', data)
  assert.is(ran.code, 0, ran.stderr)
  const after = await filesNow(data, key)
  const changed = Object.keys(after).filter(
    (name) => after[name] !== before[name] && name !== 'process_log.txt',
  )
  assert.equal(
    changed.sort(),
    [1, 2, 3].map((scene) => `Tide_web_0${scene}_16x9.jpg`),
  )
  assert.is((await findSession(db, key))?.preset_version, 2)
})

remake('the engine of the same process waits until the files are in their places', async () => {
  const rig = await createRig()
  try {
    const engine = rig.engine()
    const { key, id } = await rig.order()
    await rig.reaches(key, 'completed')
    const gone = await addLeftovers(rig, id, 200)
    const nagging = setInterval(() => engine.wake(), 1)
    await remakeSession(rig.db, key, { leftovers: true }).finally(() => clearInterval(nagging))
    assert.is(gone.filter((file) => existsSync(file)).length, 0)
    await rig.reaches(key, 'completed')
    assert.is(rig.began.filter((name) => name === 'stills_hq').length, 2)
  } finally {
    await rig.close()
  }
})

remake('a session that has not ended is not remade', async ({ db, key }) => {
  await db.updateTable('session').set({ status: 'paused', wanted: 'pause' }).where('key', '=', key).execute()
  assert.match((await refusal(remakeSession(db, key))).message, 'has not ended')
})

remake.run()

const lineageOf = (report: SessionReport, name: string) => {
  const lineage = report.files.find((file) => file.path.endsWith(`/${name}`))?.lineage
  if (!lineage) throw new Error(`Nothing is told of ${name}.`)
  return lineage
}

/** Name -> inode and content of everything in the project, without Cutroom's own. */
async function filesNow(data: string, key: string): Promise<Record<string, string>> {
  const { files } = reportOf(await runHere('show', key, '--json', '--data', data))
  const shown = files.filter((file) => !file.path.includes('/.cutroom/') && existsSync(file.path))
  return Object.fromEntries(
    shown.map((file) => [
      path.basename(file.path),
      `${statSync(file.path).ino} ${readFileSync(file.path).length} ${file.sha256}`,
    ]),
  )
}

/** Full-size stills of scenes that are no more. @returns where they lie. */
async function addLeftovers({ db, data }: Rig, sessionId: number, count: number): Promise<string[]> {
  const { output_root_id: root_id, output_path } = (await sessionById(db, sessionId)) ?? {}
  const maker = (await operationsOf(db, sessionId)).find(({ name }) => name === 'stills_hq')
  const output = path.join(data, 'output')
  mkdirSync(path.join(output, output_path ?? ''), { recursive: true })
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const place = `${output_path}/${index}.png`
      writeFileSync(path.join(output, place), 'old')
      const made = { operation_id: maker?.id ?? 0, role: 'still_hq', scene: 1000 + index } as const
      const row = { key: newKey(), session_id: sessionId, root_id: root_id ?? 0, path: place, bytes: 3 }
      await db
        .insertInto('file')
        .values({ ...row, ...made })
        .execute()
      return path.join(output, place)
    }),
  )
}

async function moveCut(db: Db, key: string, from: number, to: number): Promise<void> {
  const session = await findSession(db, key)
  await db
    .updateTable('cut')
    .set({ frame: to, time: to / 25, origin: 'hand' })
    .where('session_id', '=', session?.id ?? 0)
    .where('frame', '=', from)
    .execute()
}

async function addCut(db: Db, key: string, frame: number): Promise<void> {
  const session = await findSession(db, key)
  const row = { session_id: session?.id ?? 0, frame, time: frame / 25, origin: 'hand' } as const
  await db.insertInto('cut').values(row).execute()
}
