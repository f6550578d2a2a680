/**
 * A state.db of the Video Archive Tool, made by the very statements that its document prints, is taken in once.
 */

import Sqlite from 'better-sqlite3'
import { copyFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { timeOf } from '../../db/foreign_rows.ts'
import { importState, listImports } from '../../db/import_state.ts'
import { exportPreset } from '../../db/presets.ts'
import { ensureRoot } from '../../db/roots.ts'
import type { Db } from '../../db/schema.ts'
import { setSetting, settings } from '../../db/settings.ts'
import { folder } from '../media.ts'
import { freshDatabase, refusal, rows } from './fixture.ts'
import { stateSchema } from './state_schema.ts'

const test = suite<{ db: Db; file: string }>('import of state.db')

test.before.each(async (context) => {
  context.db = await freshDatabase()
  await ensureRoot(context.db, 'output', '/studio/Archive')
  context.file = path.join(folder(), 'state.db')
  const state = new Sqlite(context.file)
  state.pragma('foreign_keys = off') // as Python opens it
  state.exec(stateSchema)
  state.exec(filled)
  state.close()
})
test.after.each(({ db }) => db.destroy())

test('history, presets, settings and registry are taken in, and stamped', async ({ db, file }) => {
  const report = await importState(db, file)
  assert.equal(
    [report.already, report.history, report.presets, report.sessions, report.files],
    [null, 2, 1, 1, 3],
    report.notes.join('; '),
  )
  const [tide] = await rows(db, `select * from project_history where session_id = 'vat_20241201_101500_abc'`)
  assert.equal(
    [tide?.artwork_name, tide?.master_size_mb, tide?.scenes_detected, tide?.completed_successfully],
    ['Tide', 512.5, 14, 1],
  )
  assert.equal([tide?.started_at, tide?.completed_at], ['2024-12-01 10:15:00.000', '2024-12-01 10:40:30.250'])
  const set = await settings(db)
  assert.equal(
    [set.parallel_workers, set.copyright_text, set.default_preset, set.app_version],
    [6, '© Yambo Studio', 'our_web', '1.0.0'],
  )
  const { settings: preset, base } = await exportPreset(db, 'our_web')
  assert.equal(
    [
      base,
      preset.video.crf,
      preset.video.speed,
      preset.audio.bitrate,
      preset.stills_web.chroma,
      preset.stills_web.quality,
    ],
    ['retina_showcase', 22, 'medium', 256, '4:2:0', 90],
  )
  assert.ok(report.notes.some((note) => note.includes('video.two_pass')))
  const [stamp] = await listImports(db)
  assert.equal([stamp?.path, stamp?.sha256.length], [file, 64])
})

test('files are registered under folders of ours and nowhere else', async ({ db, file }) => {
  const { notes } = await importState(db, file)
  const files = await rows(
    db,
    'select path, role, width, missing_at is not null as gone from file order by path',
  )
  assert.equal(files, [
    { path: '24-12-01_Tide/Stills/HQ/Tide_HQ_01_16x9.png', role: 'still_hq', width: 1920, gone: 0 },
    { path: '24-12-01_Tide/Video-clips/Tide_clip_01.mp4', role: 'clip', width: null, gone: 1 },
    { path: '24-12-01_Tide/Video-clips/Tide_group_01.mp4', role: 'group', width: null, gone: 0 },
  ])
  assert.ok(
    notes.some((note) => /^4 files lie outside/.test(note)),
    notes.join('; '),
  )
  const [session] = await rows(db, 'select key, status, artwork, output_path from session')
  assert.equal(session, {
    key: 'vat_20241201_101500_abc',
    status: 'completed',
    artwork: 'Tide',
    output_path: '24-12-01_Tide',
  })
  assert.ok(notes.some((note) => /1 unfinished sessions/.test(note)))
})

test('the same file again adds nothing, wherever it lies', async ({ db, file }) => {
  await importState(db, file)
  const before = await rows(db, 'select * from setting')
  const copy = path.join(folder(), 'copy.db')
  copyFileSync(file, copy)
  const again = await importState(db, copy)
  assert.match(again.already ?? '', /^\d{4}-/)
  assert.is((await rows(db, 'select * from history')).length, 2)
  assert.equal(await rows(db, 'select * from setting'), before)
  assert.is((await listImports(db)).length, 1)
})

test('a later state of it adds what is new, and what was set here since stays', async ({ db, file }) => {
  await importState(db, file)
  await setSetting(db, 'parallel_workers', 2)
  const state = new Sqlite(file)
  state.pragma('foreign_keys = off')
  state.exec(`insert into project_history (session_id, artwork_name, project_date, output_path, master_filename)
    values ('later', 'Later', '24-12-03', '/x', 'l.mov')`)
  state.exec(
    `update app_settings set value = '12', modified_at = '2099-01-01 00:00:00' where key = 'min_scene_length_default'`,
  )
  state.close()
  const report = await importState(db, file)
  assert.equal([report.history, report.presets, report.settings, report.files], [1, 0, 1, 0])
  const set = await settings(db)
  assert.equal([set.parallel_workers, set.min_scene_length_default], [2, 12])
})

test('everybody else has turns while a long history and many files are taken in', async ({ db, file }) => {
  const state = new Sqlite(file)
  state.pragma('foreign_keys = off')
  state.exec(`
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 700)
    insert into project_history (session_id, artwork_name, project_date, output_path, master_filename)
      select 'long_' || i, 'Long', '24-12-03', '/x', 'l.mov' from n;
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 700)
    insert into file_registry (session_id, file_path, file_type, file_category)
      select 'vat_20241201_101500_abc', '/studio/Archive/24-12-01_Tide/Video-clips/Tide_clip_' || (i + 1) || '.mp4', 'clip', 'clips' from n`)
  state.close()
  let turns = 0
  const clock = setInterval(() => turns++)
  const report = await importState(db, file)
  clearInterval(clock)
  assert.equal([report.history, report.files], [702, 703])
  assert.ok(turns >= 10, `${turns} turns`)
})

test('what is no state.db is refused, and nothing is changed', async ({ db }) => {
  const notes = path.join(folder(), 'notes.db')
  writeFileSync(notes, 'These are notes. '.repeat(300))
  const other = path.join(folder(), 'other.db')
  const handle = new Sqlite(other)
  handle.exec('create table cat (name)')
  handle.close()
  for (const file of [notes, other])
    assert.is((await refusal(importState(db, file))).code, 'not_a_database', file)
  assert.is((await refusal(importState(db, '/nowhere/state.db'))).code, 'backup_not_found')
  assert.is((await listImports(db)).length, 0)
})

test('times are read as SQLite and Python write them', () => {
  assert.is(timeOf('2024-12-01 10:15:00'), '2024-12-01 10:15:00.000')
  assert.is(timeOf('2024-12-01T10:15:00.123456'), '2024-12-01 10:15:00.123')
  assert.is(timeOf('2024-12-01'), '2024-12-01 00:00:00.000')
  assert.is(timeOf('yesterday'), null)
  assert.is(timeOf(null), null)
})

test.run()

const filled = `
insert into user_presets (preset_id, preset_name, base_preset, is_default, stills_hq_settings, stills_web_settings, video_settings)
values ('Our Web', 'Our web', 'retina_showcase', 1, '{"enabled": true}', '{"quality": 90, "subsampling": "4:2:0"}',
  '{"crf": "22", "preset": "medium", "audio_bitrate": "256k", "two_pass": true}');
insert into processing_state (session_id, artwork_name, project_date, master_path, output_path, preset_id, total_operations,
  status, created_at, completed_at) values
  ('vat_20241201_101500_abc', 'Tide', '24-12-01', '/studio/in/tide.mov', '/studio/Archive/24-12-01_Tide', 'webflow_standard', 9,
    'completed', '2024-12-01 10:15:00', '2024-12-01 10:40:30'),
  ('half', 'Half', '24-12-02', '/studio/in/half.mov', '/studio/Archive/24-12-02_Half', 'webflow_standard', 9, 'paused',
    '2024-12-02 10:15:00', null),
  ('evil', 'Evil', '24-12-02', '/e.mov', '/etc', 'webflow_standard', 9, 'completed', '2024-12-02 10:15:00', null);
insert into project_history (session_id, artwork_name, project_date, output_path, master_filename, master_duration, master_size_mb,
  scenes_detected, total_output_size_mb, completed_successfully, encoder_used, started_at, completed_at) values
  ('vat_20241201_101500_abc', 'Tide', '24-12-01', '/studio/Archive/24-12-01_Tide', 'tide.mov', 98.8, 512.5, 14, 100, 1, 'x264',
    '2024-12-01 10:15:00', '2024-12-01T10:40:30.250123'),
  ('old', 'Old', '24-11-01', '/gone', 'old.mov', null, null, null, null, 0, 'h264_nvenc', null, null);
insert into file_registry (session_id, file_path, file_type, file_category, resolution, file_exists) values
  ('vat_20241201_101500_abc', '/studio/Archive/24-12-01_Tide/Stills/HQ/Tide_HQ_01_16x9.png', 'still_hq', 'stills', '1920x1080', 1),
  ('vat_20241201_101500_abc', '/studio/Archive/24-12-01_Tide/Video-clips/Tide_clip_01.mp4', 'clip', 'clips', null, 0),
  ('vat_20241201_101500_abc', '/studio/Archive/24-12-01_Tide/Video-clips/Tide_group_01.mp4', 'clip', 'clips', null, 1),
  ('vat_20241201_101500_abc', '/studio/Archive/24-12-01_Tide/../../secret.png', 'still_hq', 'stills', null, 1),
  ('vat_20241201_101500_abc', 'relative.png', 'still_hq', 'stills', null, 1),
  ('evil', '/etc/passwd', 'clip', 'clips', null, 1),
  ('evil', '/etc/shadow', 'clip', 'clips', null, 1);
update app_settings set value = '6' where key = 'parallel_workers';
`
