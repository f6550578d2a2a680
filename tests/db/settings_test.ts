/**
 * Settings: typed when read, checked when written.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { actingAs } from '../../db/actors.ts'
import type { Db } from '../../db/schema.ts'
import { listSettings, namingOf, SettingError, setSetting, setSettings, settings } from '../../db/settings.ts'
import { freshDatabase, refusal, rows } from './fixture.ts'

const test = suite<{ db: Db }>('settings')

test.before.each(async (context) => {
  context.db = await freshDatabase()
})
test.after.each(({ db }) => db.destroy())

test('the defaults come typed', async ({ db }) => {
  assert.equal(await settings(db), {
    app_version: '1.0.0',
    last_output_directory: '',
    last_master_directory: '',
    last_rd_directory: '',
    default_preset: 'webflow_standard',
    scene_threshold_default: 30,
    min_scene_length_default: 15,
    encoder_preference: 'x264',
    auto_open_output: true,
    generate_log: true,
    extract_midpoint_stills: true,
    copyright_text: '© Yambo Studio',
    parallel_workers: 4,
    stuck_after_seconds: 120,
    gpu_enabled: true,
    cache_thumbnails: true,
    max_resume_age_days: 7,
    log_level: 'INFO',
    ui_theme: 'default',
    window_geometry: null,
    disk_reserve_gigabytes: 1,
    retention_unfinished_days: 30,
    retention_finished_days: 30,
    retention_history_days: 90,
    retention_log_days: 30,
    schedule_enabled: true,
    schedule_hour: 3,
    schedule_retention: 'never',
    schedule_backup: 'daily',
    schedule_fixity: 'daily',
    schedule_vacuum: 'weekly',
    schedule_analyze: 'weekly',
    schedule_reindex: 'monthly',
    schedule_integrity: 'weekly',
    fixity_gigabytes: 50,
    backups_kept: 10,
    backup_gzip: false,
    naming_project: '{date}_{artwork}',
    naming_still: '{artwork}_{type}_{seq}_{aspect}',
    naming_clip: '{artwork}_{type}_{seq}',
    naming_master: '{artwork}_{type}',
    naming_research: '{artwork}_{type}_{seq}_{aspect}',
    folder_masters: 'Masters',
    folder_clips: 'Video-clips',
    folder_stills: 'Stills',
    folder_research: 'R&D',
    detector_default: 'content',
    detector_thresholds: null,
  })
})

test('what is set, as a value or as text, is read again', async ({ db }) => {
  await setSetting(actingAs(db, 'Ada'), 'parallel_workers', 8)
  await setSetting(db, 'scene_threshold_default', '27.5')
  await setSetting(db, 'gpu_enabled', 'off')
  await setSetting(db, 'generate_log', false)
  await setSetting(db, 'window_geometry', { x: 1 })
  await setSetting(db, 'copyright_text', '')
  const read = await settings(db)
  assert.equal(
    [
      read.parallel_workers,
      read.scene_threshold_default,
      read.gpu_enabled,
      read.generate_log,
      read.window_geometry,
    ],
    [8, 27.5, false, false, { x: 1 }],
  )
  assert.is(read.copyright_text, '')
  const workers = (await listSettings(db)).find(({ key }) => key === 'parallel_workers')
  assert.equal([workers?.value, workers?.actor], ['8', 'Ada'])
})

test('what a setting cannot have is refused, and nothing is written', async ({ db }) => {
  const wrong: [string, unknown][] = [
    ['parallel_workers', 0],
    ['parallel_workers', '2.5'],
    ['parallel_workers', ''],
    ['scene_threshold_default', 'high'],
    ['gpu_enabled', 'perhaps'],
    ['encoder_preference', 'h264'],
    ['default_preset', 'gone'],
    ['window_geometry', '{'],
    ['log_level', null],
  ]
  const before = await rows(db, 'select * from setting')
  for (const [key, value] of wrong) {
    const error = await refusal(setSetting(db, key, value))
    assert.instance(error, SettingError)
    assert.is(error.code, 'setting_invalid', `${key} = ${String(value)}`)
    assert.match(error.message, key)
  }
  for (const key of ['colour', 'db_version', 'toString']) {
    assert.is((await refusal(setSetting(db, key, 'x'))).code, 'setting_not_found')
  }
  assert.equal(await rows(db, 'select * from setting'), before)
})

test('several are changed together or not at all, and what changed is recorded', async ({ db }) => {
  const problems = await setSettings(db, {
    parallel_workers: '0',
    log_level: 'DEBUG',
    copyright_text: 'Ours',
  })
  assert.equal(problems, { parallel_workers: 'it takes a whole number, 1 to 256' })
  assert.is((await settings(db)).log_level, 'INFO')
  assert.equal(
    await setSettings(actingAs(db, 'Ada'), { log_level: 'DEBUG', copyright_text: '© Yambo Studio' }),
    {},
  )
  const [edit, ...others] = await rows(db, 'select command, subject, before, after, actor from edit')
  const told = { before: '"INFO"', after: '"DEBUG"', actor: 'Ada' }
  assert.equal([edit, others], [{ command: 'setting.set', subject: 'setting:log_level', ...told }, []])
})

test('names that clash are refused, whichever of them is changed', async ({ db }) => {
  assert.match((await setSettings(db, { naming_clip: '{artwork}_{seq}' })).naming_clip ?? '', 'add {type}')
  assert.match((await setSettings(db, { folder_clips: 'masters' })).folder_clips ?? '', 'two folders')
  assert.equal(await setSettings(db, { folder_clips: 'masters', folder_masters: 'Originals' }), {})
  assert.is(namingOf(await settings(db)).folders.clips, 'masters')
})

test('a value written past the program is named', async ({ db }) => {
  await rows(db, `update setting set value = 'many' where key = 'parallel_workers'`)
  assert.match((await refusal(settings(db))).message, 'parallel_workers')
})

test.run()
