/**
 * The Video Archive Tool's own queries, word for word, on our database; and its defects, gone.
 */

import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeBackup } from '../../db/backups.ts'
import { resetPresetStatistics } from '../../db/maintenance.ts'
import { openDatabase } from '../../db/open.ts'
import { limitsOf } from '../../db/retention.ts'
import type { Db } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import { folder } from '../media.ts'
import { applyRetention, planRetention } from '../../server/upkeep/retention.ts'
import { addArchive, addSession, freshDatabase, operationId, refusal, rows } from './fixture.ts'

const seed = suite<{ db: Db }>('seed 001')

seed.before.each(async (context) => {
  context.db = await freshDatabase()
})
seed.after.each(({ db }) => db.destroy())

seed('5.1 finds the session to resume, with all columns of processing_state', async ({ db }) => {
  const session = await addArchive(db, { overrides: '{"video.crf":21}' })
  await db.updateTable('session').set({ status: 'processing' }).where('id', '=', session.id).execute()
  await addSession(db, { artwork: 'Not begun' })
  const old = await addSession(db, { status: 'paused' })
  await db
    .updateTable('session')
    .set({ updated_at: '2020-01-01 00:00:00.000' })
    .where('id', '=', old.id)
    .execute()
  await db.updateTable('operation').set({ status: 'processing' }).where('name', '=', 'probe').execute()
  await db.updateTable('operation').set({ status: 'completed' }).where('name', '=', 'probe').execute()
  await db.updateTable('operation').set({ status: 'waiting' }).where('name', '=', 'choose').execute()
  await db
    .updateTable('session')
    .set({ updated_at: '2020-01-01 00:00:00.000' })
    .where('id', '=', old.id)
    .execute()
  const found = await rows(
    db,
    `
        SELECT
            ps.*,
            COUNT(ol.id) as completed_operations_verified,
            MAX(ol.timestamp) as last_operation_time
        FROM processing_state ps
        LEFT JOIN operation_log ol ON ps.session_id = ol.session_id
        WHERE ps.status IN ('processing', 'paused')
            AND ps.updated_at > datetime('now', '-7 days')
        GROUP BY ps.session_id
        ORDER BY ps.updated_at DESC
        LIMIT 1
  `,
  )
  assert.is(found.length, 1)
  const [{ created_at, updated_at, last_operation_time, operation_details, process_metadata, ...row } = {}] =
    found
  const scene = (number: number) => ({
    number,
    start_frame: 250 * (number - 1),
    end_frame: 250 * number,
    start_time: 10 * (number - 1),
    end_time: 10 * number,
    duration: 10,
  })
  assert.equal(JSON.parse(String(row.scenes_data)), [scene(1), scene(2), scene(3), scene(4)])
  assert.equal(
    { ...row, scenes_data: null },
    {
      id: session.id,
      session_id: session.key,
      artwork_name: 'Dune',
      project_date: '26-11-20',
      master_path: '/in/masters/R&D – café.mov',
      rd_folder_path: null,
      output_path: '/out/26-11-20_Dune',
      preset_id: 'webflow_standard',
      custom_settings: '{"video.crf":21}',
      encoder_type: 'x264',
      scene_threshold: 30,
      min_scene_length: 15,
      total_operations: 4,
      completed_operations: 1,
      current_operation: 'choose',
      scenes_data: null,
      selected_scenes: '[1,2,3]',
      grouped_scenes: '[[3,4]]',
      status: 'processing',
      error_message: null,
      completed_at: null,
      completed_operations_verified: 4,
    },
  )
  for (const time of [created_at, updated_at, last_operation_time]) assert.match(String(time), isTime)
  assert.is((JSON.parse(String(operation_details)) as { operation: string }[])[0]?.operation, 'choose')
  assert.is((JSON.parse(String(process_metadata)) as { pipeline: string }).pipeline, 'archive')
})

seed('5.3 loads the presets, the default first and the built-in ones among them', async ({ db }) => {
  await addSession(db, { preset_key: 'ultra_light' })
  const found = await rows(
    db,
    `
        SELECT
            preset_id,
            preset_name,
            is_default,
            description,
            usage_count,
            last_used_at
        FROM user_presets
        ORDER BY is_default DESC, usage_count DESC
  `,
  )
  assert.equal(
    found.map((row) => [row.preset_id, row.is_default, row.usage_count]),
    [
      ['webflow_standard', 1, 0],
      ['ultra_light', 0, 1],
      ['retina_showcase', 0, 0],
    ],
  )
  assert.match(String(found[1]?.last_used_at), isTime)
  const [preset] = await rows(db, `SELECT * FROM user_presets WHERE preset_id = 'ultra_light'`)
  assert.equal(JSON.parse(String(preset?.stills_hq_settings)), { enabled: false })
  assert.is((JSON.parse(String(preset?.stills_web_settings)) as { quality: number }).quality, 82)
})

seed('3.1 the active sessions are those that have not ended, with a percentage', async ({ db }) => {
  const waiting = await addSession(db, { status: 'waiting' })
  await db.updateTable('operation').set({ status: 'completed' }).where('name', '=', 'probe').execute()
  const ended = await addSession(db)
  await db.updateTable('session').set({ status: 'cancelled' }).where('id', '=', ended.id).execute()
  const active = await rows(db, 'SELECT * FROM active_sessions')
  assert.equal(
    active.map(({ updated_at: _, ...row }) => row),
    [
      {
        session_id: waiting.key,
        artwork_name: 'Dune',
        status: 'paused',
        progress_percent: 25,
        current_operation: null,
      },
    ],
  )
  assert.equal(
    active,
    await rows(
      db,
      `
    SELECT
        session_id,
        artwork_name,
        status,
        ROUND(CAST(completed_operations AS REAL) / total_operations * 100, 1) as progress_percent,
        current_operation,
        updated_at
    FROM processing_state
    WHERE status IN ('initialized', 'processing', 'paused')
    ORDER BY updated_at DESC;
  `,
    ),
  )
})

seed('3.2 statistics and 6.1 the archive speak of what ended', async ({ db }) => {
  const session = await addArchive(db)
  await end(db, session.id)
  const failed = await addSession(db)
  await db.updateTable('session').set({ status: 'failed' }).where('id', '=', failed.id).execute()
  const select = `
    SELECT
        COUNT(*) as total_projects,
        COUNT(CASE WHEN completed_successfully = 1 THEN 1 END) as successful_projects,
        AVG(total_processing_time_seconds) as avg_processing_time,
        SUM(total_files_created) as total_files_created,
        SUM(total_output_size_mb) as total_output_size_mb,
        AVG(compression_ratio) as avg_compression_ratio
    FROM project_history
    WHERE completed_at >= datetime('now', '-30 days');
  `
  const [statistics] = await rows(db, 'SELECT * FROM project_statistics')
  assert.equal(statistics, (await rows(db, select))[0])
  assert.equal(statistics, {
    total_projects: 2,
    successful_projects: 1,
    avg_processing_time: 2,
    total_files_created: 7,
    total_output_size_mb: 3,
    avg_compression_ratio: 4 / 3,
  })
  const before = await rows(db, `SELECT * FROM project_history WHERE session_id = '${session.key}'`)
  await db
    .updateTable('history')
    .set({ completed_at: '2020-01-01 00:00:00.000' })
    .where('session_id', '=', session.id)
    .execute()
  const old = await rows(
    db,
    `SELECT * FROM project_history
WHERE completed_at < datetime('now', '-90 days');`,
  )
  assert.is((await keep(db)).history, 1)
  assert.equal(await rows(db, 'SELECT * FROM project_history_archive'), old)
  assert.equal({ ...old[0], completed_at: null }, { ...before[0], completed_at: null })
})

seed('7 reads the version from the migrations', async ({ db }) => {
  const [version] = await rows(db, `SELECT value FROM app_settings WHERE key = 'db_version'`)
  const [latest] = await rows(db, 'select max(name) as name from kysely_migration')
  assert.is(version?.value, latest?.name)
})

seed('project_history has every figure, counted from rows', async ({ db }) => {
  const session = await addArchive(db)
  await end(db, session.id)
  const [row] = await rows(db, 'SELECT * FROM project_history')
  const { started_at: _started, completed_at, metadata, ...figures } = row ?? {}
  assert.match(String(completed_at), isTime)
  assert.equal(JSON.parse(String(metadata)), { pipeline: 'archive', status: 'completed', problems: 0 })
  assert.equal(figures, {
    id: 1,
    session_id: session.key,
    artwork_name: 'Dune',
    project_date: '26-11-20',
    output_path: '/out/26-11-20_Dune',
    master_filename: 'R&D – café.mov',
    master_duration: 40,
    master_resolution: '1920x1080',
    master_fps: 25,
    master_codec: 'prores',
    master_size_mb: 4,
    scenes_detected: 4,
    scenes_exported: 4,
    stills_created: 2,
    clips_created: 3,
    rd_files_processed: 1,
    total_files_created: 7,
    total_output_size_mb: 3,
    compression_ratio: 4 / 3,
    total_processing_time_seconds: 4,
    gpu_accelerated: 0,
    average_fps_processed: 250,
    preset_used: 'webflow_standard',
    encoder_used: 'x264',
    completed_successfully: 1,
    completion_notes: null,
  })
})

seed(
  'file_registry tells files in the words of the seed, and lists nothing that was only read',
  async ({ db }) => {
    await addArchive(db)
    const files = await rows(db, 'SELECT * FROM file_registry ORDER BY id')
    assert.equal(
      files.map((row) => [row.file_type, row.file_category, row.file_path]),
      [
        ['clip', 'clips', '/out/p/Video-clips/Dune_clip_01.mp4'],
        ['clip', 'clips', '/out/p/Video-clips/Dune_clip_02.mp4'],
        ['clip', 'clips', '/out/p/Video-clips/Dune_group_01.mp4'],
        ['still_hq', 'stills', '/out/p/Stills/HQ/Dune_HQ_01_16x9.png'],
        ['still_web', 'stills', '/out/p/Stills/Compressed/Dune_web_01_16x9.jpg'],
        ['rd_image', 'rd', '/out/p/R&D/High-res/Dune_RD_HQ_01_16x9.png'],
        ['rd_video', 'rd', '/out/p/R&D/Compressed/Dune_RD_compressed_01_16x9.mp4'],
      ],
    )
    const [clip] = files
    assert.is(clip?.source_file, '/in/masters/R&D – café.mov')
    assert.equal(
      [clip?.processing_time_ms, clip?.file_exists, clip?.verified, clip?.has_metadata],
      [1500, 1, 0, 0],
    )
  },
)

seed('operation_log tells what an operation read, made, and used', async ({ db }) => {
  const session = await addArchive(db)
  await db
    .updateTable('operation')
    .set({
      bytes_in: 7,
      bytes_out: 8,
      cpu_seconds: 4,
      seconds: 2,
      peak_memory_bytes: 3 * 1048576,
      warnings: '["Slow."]',
    })
    .where('id', '=', await operationId(db, session, 'clips'))
    .execute()
  const [row] = await rows(db, `SELECT * FROM operation_log WHERE operation_name = 'clips'`)
  assert.equal([row?.session_id, row?.sequence_number, row?.status], [session.key, 4, 'pending'])
  assert.is(row?.input_file, '/in/masters/R&D – café.mov')
  assert.equal((JSON.parse(String(row?.output_files)) as string[]).length, 3)
  const sizes = JSON.parse(String(row?.file_sizes)) as { input: number; files: Record<string, number> }
  assert.is(sizes.input, 7)
  assert.is(sizes.files['/out/p/Video-clips/Dune_clip_01.mp4'], 1048576)
  assert.equal([row?.cpu_usage, row?.memory_usage, row?.warning_messages], [200, 3, '["Slow."]'])
  const [detect] = await rows(db, `SELECT operation_type FROM operation_log WHERE operation_name = 'detect'`)
  assert.is(detect?.operation_type, 'scene_detection')
})

seed('only the status words of the seed are seen', async ({ db }) => {
  for (const status of [
    'initialized',
    'processing',
    'waiting',
    'paused',
    'completed',
    'failed',
    'cancelled',
  ] as const) {
    await addSession(db, { status })
  }
  const statuses = await rows<{ status: string }>(db, 'SELECT status FROM processing_state ORDER BY id')
  assert.equal(
    statuses.map(({ status }) => status),
    ['initialized', 'processing', 'paused', 'paused', 'completed', 'failed', 'failed'],
  )
  await db.updateTable('operation').set({ status: 'waiting' }).where('name', '=', 'choose').execute()
  await db.updateTable('operation').set({ status: 'cancelled' }).where('name', '=', 'clips').execute()
  assert.equal(await rows(db, 'SELECT DISTINCT status FROM operation_log ORDER BY 1'), [
    { status: 'pending' },
    { status: 'skipped' },
  ])
})

seed('every column of the seed is there under its own name', async ({ db }) => {
  for (const [view, columns] of Object.entries(seedColumns)) {
    const found = await rows<{ name: string }>(db, `select name from pragma_table_info('${view}')`)
    assert.equal(
      found.map(({ name }) => name),
      columns.split(' '),
      view,
    )
  }
})

seed('the views stay quick over two thousand sessions', async ({ db }) => {
  const first = await addArchive(db)
  await rows(
    db,
    `
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
    insert into session (key, pipeline, artwork, project_date, output_root_id, preset_key, preset_settings, status)
    select 'k' || i, 'archive', 'Many', '26-11-20', ${first.output_root_id}, 'ultra_light', '{}', 'paused' from n
  `,
  )
  await rows(
    db,
    `
    insert into operation (session_id, sequence, name)
    select session.id, s.value, 'o' || s.value from session, json_each('[1,2,3,4,5,6,7,8]') as s where artwork = 'Many'
  `,
  )
  await rows(
    db,
    `
    insert into cut (session_id, frame, time, origin)
    select session.id, s.value * 30, s.value, 'detector' from session, json_each('[0,1,2,3,4,5,6,7,8,9]') as s
    where artwork = 'Many'
  `,
  )
  const slow: string[] = []
  for (const view of [
    ...Object.keys(seedColumns),
    'active_sessions',
    'project_statistics',
    'session_progress',
    'scene',
  ]) {
    const start = performance.now()
    await rows(db, `select * from ${view}`)
    const milliseconds = performance.now() - start
    if (milliseconds > 10_000) slow.push(`${view}: ${Math.round(milliseconds)} ms`)
  }
  const start = performance.now()
  await rows(
    db,
    `
    SELECT ps.*, COUNT(ol.id), MAX(ol.timestamp) FROM processing_state ps
    LEFT JOIN operation_log ol ON ps.session_id = ol.session_id
    WHERE ps.status IN ('processing', 'paused') AND ps.updated_at > datetime('now', '-7 days')
    GROUP BY ps.session_id ORDER BY ps.updated_at DESC LIMIT 1
  `,
  )
  if (performance.now() - start > 10_000) slow.push(`resume: ${Math.round(performance.now() - start)} ms`)
  assert.equal(slow, [])
})

// The defects of the seed's own SQL, in its order.

seed('(a) an operation cannot be logged without its place in the order', async ({ db }) => {
  await addSession(db)
  const log = await rows(db, 'SELECT sequence_number FROM operation_log ORDER BY 1')
  assert.equal(
    log,
    [1, 2, 3, 4].map((sequence_number) => ({ sequence_number })),
  )
})

seed('(b) old incomplete sessions go with their log and files, but never one that runs', async ({ db }) => {
  const [stale, running, done] = [await addArchive(db), await addArchive(db), await addArchive(db)]
  const recent = await addSession(db)
  await db.updateTable('session').set({ status: 'completed' }).where('id', '=', done.id).execute()
  await db
    .updateTable('session')
    .set({
      updated_at: '2020-01-01 00:00:00.000',
      owner: 'here:1:1',
      heartbeat_at: '2020-01-01 00:00:00.000',
    })
    .where('id', '!=', recent.id)
    .execute()
  await rows(
    db,
    `update session set heartbeat_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = ${running.id}`,
  )
  assert.is((await keep(db)).sessions, 1)
  assert.equal(await rows(db, `SELECT id FROM operation_log WHERE session_id = '${stale.key}'`), [])
  assert.equal(await rows(db, `SELECT id FROM file_registry WHERE session_id = '${stale.key}'`), [])
  assert.is((await rows(db, 'SELECT id FROM processing_state')).length, 3)
  assert.equal(await rows(db, 'pragma foreign_key_check'), [])
})

seed('(c) history is moved into an archive that is there', async ({ db }) => {
  const session = await addArchive(db)
  await end(db, session.id)
  assert.is((await keep(db)).history, 0)
  await rows(db, `update history set completed_at = '2020-01-01 00:00:00.000'`)
  assert.is((await keep(db)).history, 1)
  assert.equal(await rows(db, 'SELECT id FROM project_history'), [])
  assert.is((await rows(db, 'SELECT id FROM project_history_archive')).length, 1)
  await rows(db, `update operation set status = 'failed' where name = 'clips'`)
  assert.equal(
    await rows(db, 'SELECT id FROM project_history_archive'),
    [],
    'what changes again is history anew',
  )
  assert.is((await rows(db, 'SELECT id FROM project_history')).length, 1)
})

seed(
  '(d) db_version is among the settings, and the nineteen have their types and defaults',
  async ({ db }) => {
    const found = await rows<{ key: string; value_type: string; value: string }>(
      db,
      'SELECT * FROM app_settings',
    )
    assert.equal(found.map(({ key, value, value_type }) => [key, value, value_type]).slice(0, 19), nineteen)
    assert.is(found.at(-1)?.key, 'db_version')
  },
)

seed('(e) progress is a number even where there are no operations', async ({ db }) => {
  await addSession(db)
  await db.deleteFrom('operation').execute()
  const [row] = await rows(db, 'SELECT progress_percent FROM active_sessions')
  assert.is(row?.progress_percent, 0)
})

seed('(f) the stamp of an update does not call itself, recursive triggers on', async ({ db }) => {
  const [pragma] = await rows(db, 'pragma recursive_triggers')
  assert.is(pragma?.recursive_triggers, 1)
  const session = await addSession(db)
  await rows(db, `update session set updated_at = '2020-01-01 00:00:00.000'`)
  await db.updateTable('session').set({ artwork: 'Arrakis' }).where('id', '=', session.id).execute()
  const [row] = await rows(db, 'SELECT updated_at FROM processing_state')
  assert.ok(String(row?.updated_at) > '2026')
})

seed('(g) the use of built-in presets is counted too, and can be set back', async ({ db }) => {
  await addSession(db)
  await addSession(db)
  assert.equal(await used(db), [{ preset_id: 'webflow_standard', usage_count: 2 }])
  assert.is(await resetPresetStatistics(db), 1)
  assert.equal(await used(db), [])
})

seed('(h) a backup holds what is still in the journal', async () => {
  const place = folder()
  const db = await freshDatabase(path.join(place, 'state.db'))
  await addSession(db)
  const { path: file } = await makeBackup(db, { folder: path.join(place, 'backups') })
  const copy = openDatabase(file)
  assert.is((await rows(copy, 'SELECT id FROM processing_state')).length, 1)
  await Promise.all([db.destroy(), copy.destroy()])
})

seed('(i) the copyright is what the studio is called', async ({ db }) => {
  assert.is((await settings(db)).copyright_text, '© Yambo Studio')
})

seed(
  '6.3 the log text of ended sessions is cleared after thirty days; rows, files and history stay',
  async ({ db }) => {
    const [ended, running] = [await addArchive(db), await addArchive(db)]
    await end(db, ended.id)
    await rows(
      db,
      `update operation set warnings = '["It flickers."]', finished_at = '2020-01-01 00:00:00.000'`,
    )
    const before = await rows(db, 'SELECT * FROM project_history')
    const log = await rows(db, 'SELECT id, status, settings_used, error_details FROM operation_log')
    assert.is((await keep(db)).texts, 4)
    assert.equal(
      await rows(db, `SELECT DISTINCT session_id FROM operation_log WHERE warning_messages <> '[]'`),
      [{ session_id: running.key }],
    )
    assert.equal(await rows(db, 'SELECT id, status, settings_used, error_details FROM operation_log'), log)
    assert.is((await rows(db, `SELECT id FROM file_registry WHERE session_id = '${ended.key}'`)).length, 7)
    assert.equal(await rows(db, 'SELECT * FROM project_history'), before)
  },
)

seed('the seed’s tables are there to be read, not to be written', async ({ db }) => {
  const error = await refusal(rows(db, `UPDATE user_presets SET usage_count = 0, last_used_at = NULL`))
  assert.match(error.message, 'cannot modify user_presets because it is a view')
})

seed.run()

/** What maintenance does with what is old, by the days of the settings. */
async function keep(db: Db) {
  const order = { limits: limitsOf(await settings(db)), withOutputs: false }
  const grounds = { db, pictures: '/nowhere' }
  return applyRetention(grounds, await planRetention(grounds, order))
}

async function end(db: Db, id: number): Promise<void> {
  await db
    .updateTable('operation')
    .set({ status: 'completed', seconds: 1 })
    .where('session_id', '=', id)
    .execute()
  await db.updateTable('session').set({ status: 'completed' }).where('id', '=', id).execute()
}

const used = (db: Db) => rows(db, 'SELECT preset_id, usage_count FROM user_presets WHERE usage_count > 0')

const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/

const nineteen = [
  ['app_version', '1.0.0', 'string'],
  ['last_output_directory', '', 'string'],
  ['last_master_directory', '', 'string'],
  ['last_rd_directory', '', 'string'],
  ['default_preset', 'webflow_standard', 'string'],
  ['scene_threshold_default', '30', 'real'],
  ['min_scene_length_default', '15', 'integer'],
  ['encoder_preference', 'x264', 'string'],
  ['auto_open_output', '1', 'boolean'],
  ['generate_log', '1', 'boolean'],
  ['extract_midpoint_stills', '1', 'boolean'],
  ['copyright_text', '© Yambo Studio', 'string'],
  ['parallel_workers', '4', 'integer'],
  ['gpu_enabled', '1', 'boolean'],
  ['cache_thumbnails', '1', 'boolean'],
  ['max_resume_age_days', '7', 'integer'],
  ['log_level', 'INFO', 'string'],
  ['ui_theme', 'default', 'string'],
  ['window_geometry', '', 'json'],
]

const seedColumns = {
  processing_state:
    'id session_id artwork_name project_date master_path rd_folder_path output_path preset_id custom_settings ' +
    'encoder_type scene_threshold min_scene_length total_operations completed_operations current_operation ' +
    'operation_details scenes_data selected_scenes grouped_scenes status error_message created_at updated_at ' +
    'completed_at process_metadata',
  operation_log:
    'id session_id operation_type operation_name sequence_number status progress start_time end_time ' +
    'duration_seconds input_file output_files file_sizes settings_used error_details warning_messages cpu_usage ' +
    'gpu_usage memory_usage timestamp',
  user_presets:
    'id preset_id preset_name base_preset is_default stills_hq_settings stills_web_settings video_settings ' +
    'thumbnail_settings advanced_settings description created_at modified_at last_used_at usage_count',
  project_history: historyColumns(),
  project_history_archive: historyColumns(),
  file_registry:
    'id session_id file_path file_type file_category file_size_bytes file_format resolution aspect_ratio ' +
    'duration_seconds frame_number source_file compression_settings processing_time_ms has_metadata ' +
    'metadata_embedded file_exists verified created_at',
  app_settings: 'key value value_type category description modified_at',
}

function historyColumns(): string {
  return (
    'id session_id artwork_name project_date output_path master_filename master_duration master_resolution ' +
    'master_fps master_codec master_size_mb scenes_detected scenes_exported stills_created clips_created ' +
    'rd_files_processed total_files_created total_output_size_mb compression_ratio total_processing_time_seconds ' +
    'gpu_accelerated average_fps_processed preset_used encoder_used completed_successfully completion_notes ' +
    'started_at completed_at metadata'
  )
}
