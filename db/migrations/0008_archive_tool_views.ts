/**
 * The tables of the Video Archive Tool, under their own names and in their own formats, to be read.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, query] of views) await sql.raw(`create view ${name} as ${query}`).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [name] of views.toReversed()) await sql.raw(`drop view ${name}`).execute(db)
}

/** A person's wait is a pause to that tool, and what was cancelled has failed. */
const sessionStatus = `case session.status
    when 'waiting' then 'paused' when 'cancelled' then 'failed' else session.status end`

const operationStatus = `case operation.status
    when 'waiting' then 'pending' when 'cancelled' then 'skipped' else operation.status end`

const countOperations = (where = 'true') =>
  `(select count(*) from operation where session_id = session.id and ${where})`

/** What is being done, or waited for. */
const currentOperation = `(
    select name from operation
    where session_id = session.id and status in ('processing', 'waiting')
    order by status, sequence limit 1
  )`

const absolute = (root: string, path: string) => `rtrim(${root}, '/') || '/' || ${path}`

const masterPath = `(
    select ${absolute('root.path', 'file.path')} from file join root on root.id = file.root_id
    where file.session_id = session.id and file.role = 'source' order by file.id limit 1
  )`

/** A column about scenes: null until there are any. */
const ofScenes = (query: string) => `case
    when exists (select 1 from cut where session_id = session.id) then (${query}) end`

// Numbered here and not in the view `scene`, which would be worked out for every session anew.
const numbered = `select id, row_number() over (order by frame) as number, ticked, frame, time,
      lead(frame) over (order by frame) as next_frame, lead(time) over (order by frame) as next_time
    from cut where session_id = session.id`

const source = (column: string) => `(
    select ${column} from file where session_id = session.id and role = 'source' order by id limit 1
  )`

// Ordered in a subquery: older SQLite tools cannot read a schema with ORDER BY inside an aggregate.
const scenesData = `select json_group_array(json_object(
      'number', number,
      'start_frame', frame,
      'end_frame', end_frame,
      'start_time', time,
      'end_time', end_time,
      'duration', end_time - time
    ))
    from (
      select number, frame, time,
        coalesce(next_frame, ${source('frames')}, frame) as end_frame,
        coalesce(next_time, ${source('duration')}, time) as end_time
      from (${numbered})
      order by number
    )`

const selectedScenes = `select json_group_array(number) filter (where ticked = 1)
    from (select * from (${numbered}) order by number)`

const groupedScenes = `select json_group_array(json(numbers))
    from (
      select id, position, json_group_array(number) as numbers
      from (
        select scene_group.id, scene_group.position, scenes.number
        from scene_group
        join scene_group_member as member on member.group_id = scene_group.id
        join (${numbered}) as scenes on scenes.id = member.cut_id
        where scene_group.session_id = session.id
        order by scene_group.id, member.position
      )
      group by id
      order by position, id
    )`

const operationDetails = `(
    select json_group_array(json_object(
      'operation', name,
      'status', status,
      'progress', progress,
      'unit', unit,
      'units_done', units_done,
      'units_total', units_total,
      'units_per_second', units_per_second,
      'seconds_left', seconds_left
    ))
    from (
      select * from operation where session_id = session.id and status in ('processing', 'waiting') order by sequence
    )
  )`

const processingState = `
  select
    session.id,
    session.key as session_id,
    session.artwork as artwork_name,
    session.project_date,
    coalesce(${masterPath}, '') as master_path,
    case when session.rd_root_id is not null
      then rtrim((select path from root where id = session.rd_root_id) || '/' || coalesce(session.rd_path, ''), '/')
    end as rd_folder_path,
    coalesce(${absolute('(select path from root where id = session.output_root_id)', 'session.output_path')}, '')
      as output_path,
    session.preset_key as preset_id,
    nullif(session.overrides, '{}') as custom_settings,
    session.encoder as encoder_type,
    session.threshold as scene_threshold,
    session.min_scene_length,
    ${countOperations()} as total_operations,
    ${countOperations(`status = 'completed'`)} as completed_operations,
    ${currentOperation} as current_operation,
    ${operationDetails} as operation_details,
    ${ofScenes(scenesData)} as scenes_data,
    ${ofScenes(selectedScenes)} as selected_scenes,
    ${ofScenes(groupedScenes)} as grouped_scenes,
    ${sessionStatus} as status,
    case session.status
      when 'cancelled' then coalesce(session.error_message, 'Cancelled.') else session.error_message
    end as error_message,
    session.created_at,
    session.updated_at,
    session.completed_at,
    json_object(
      'pipeline', session.pipeline,
      'detector', session.detector,
      'aspect', session.aspect,
      'if_exists', session.if_exists,
      'wanted', session.wanted,
      'error_code', session.error_code,
      'preset_settings', json(session.preset_settings),
      'choice', json(session.choice)
    ) as process_metadata
  from session`

/** The words that tool gives as examples; elsewhere the operation's own name. */
const operationType = `case operation.name
    when 'detect' then 'scene_detection'
    when 'optimise_master' then 'optimization'
    when 'stills_hq' then 'still_extraction'
    else operation.name end`

const madeBy = (aggregate: string) => `(
    select ${aggregate} from (
      select ${absolute('root.path', 'file.path')} as path, file.bytes
      from file join root on root.id = file.root_id
      where file.operation_id = operation.id and file.role not in ('source', 'rd_source')
      order by file.id
    )
  )`

const operationLog = `
  select
    operation.id,
    session.key as session_id,
    ${operationType} as operation_type,
    operation.name as operation_name,
    operation.sequence as sequence_number,
    ${operationStatus} as status,
    operation.progress,
    operation.started_at as start_time,
    operation.finished_at as end_time,
    operation.seconds as duration_seconds,
    coalesce((
      select ${absolute('root.path', 'origin.path')}
      from file join file as origin on origin.id = file.source_file_id join root on root.id = origin.root_id
      where file.operation_id = operation.id order by file.id limit 1
    ), ${masterPath}) as input_file,
    ${madeBy('json_group_array(path)')} as output_files,
    json_object(
      'input', operation.bytes_in,
      'output', operation.bytes_out,
      'files', json(${madeBy('json_group_object(path, bytes)')})
    ) as file_sizes,
    operation.settings as settings_used,
    coalesce(operation.error_message, operation.error_code) as error_details,
    operation.warnings as warning_messages,
    -- Percent of one core, as top counts: two busy cores are 200.
    round(100.0 * operation.cpu_seconds / nullif(operation.seconds, 0), 1) as cpu_usage,
    operation.gpu_percent as gpu_usage,
    cast(round(operation.peak_memory_bytes / 1048576.0) as integer) as memory_usage,
    coalesce(operation.finished_at, operation.started_at, operation.created_at) as timestamp
  from operation join session on session.id = operation.session_id`

const userPresets = `
  select
    id,
    key as preset_id,
    name as preset_name,
    base as base_preset,
    key = coalesce((select value from setting where key = 'default_preset'), '') as is_default,
    settings -> '$.stills_hq' as stills_hq_settings,
    settings -> '$.stills_web' as stills_web_settings,
    settings -> '$.video' as video_settings,
    settings -> '$.thumbnails' as thumbnail_settings,
    json_object('audio', settings -> '$.audio', 'category', category, 'builtin', builtin) as advanced_settings,
    description,
    created_at,
    modified_at,
    last_used_at,
    use_count as usage_count
  from preset`

const projectHistory = `
  select
    id,
    session_key as session_id,
    artwork as artwork_name,
    project_date,
    output_path,
    master_filename,
    master_duration,
    master_resolution,
    master_fps,
    master_codec,
    master_bytes / 1048576.0 as master_size_mb,
    scenes_detected,
    scenes_exported,
    stills_created,
    clips_created,
    rd_files_processed,
    files_created as total_files_created,
    output_bytes / 1048576.0 as total_output_size_mb,
    -- How many times smaller all that was made is than the master.
    1.0 * master_bytes / nullif(output_bytes, 0) as compression_ratio,
    processing_seconds as total_processing_time_seconds,
    gpu_accelerated,
    master_duration * master_fps / nullif(processing_seconds, 0) as average_fps_processed,
    preset_key as preset_used,
    encoder as encoder_used,
    status = 'completed' and problems = 0 as completed_successfully,
    notes as completion_notes,
    started_at,
    completed_at,
    json_object('pipeline', pipeline, 'status', status, 'problems', problems) as metadata`

const isImage = `(lower(file.path) glob '*.png' or lower(file.path) glob '*.jp*g')`

const fileRegistry = `
  select
    file.id,
    session.key as session_id,
    ${absolute('root.path', 'file.path')} as file_path,
    case
      when file.role in ('master', 'master_web') then 'master'
      when file.role in ('clip', 'group') then 'clip'
      when file.role in ('rd_hq', 'rd_web') then case when ${isImage} then 'rd_image' else 'rd_video' end
      else file.role
    end as file_type,
    case
      when file.role in ('master', 'master_web') then 'masters'
      when file.role in ('clip', 'group') then 'clips'
      when file.role in ('rd_hq', 'rd_web') then 'rd'
      when file.role in ('still_hq', 'still_web', 'thumbnail') then 'stills'
      else 'other'
    end as file_category,
    file.bytes as file_size_bytes,
    file.format as file_format,
    file.width || 'x' || file.height as resolution,
    file.aspect as aspect_ratio,
    file.duration as duration_seconds,
    file.frame as frame_number,
    (
      select ${absolute('root.path', 'origin.path')} from file as origin join root on root.id = origin.root_id
      where origin.id = file.source_file_id
    ) as source_file,
    file.settings as compression_settings,
    cast(round(file.seconds * 1000) as integer) as processing_time_ms,
    coalesce(file.metadata, '{}') <> '{}' as has_metadata,
    file.metadata as metadata_embedded,
    file.missing_at is null as file_exists,
    file.verified_at is not null as verified,
    file.created_at
  from file
  join session on session.id = file.session_id
  join root on root.id = file.root_id
  where file.role not in ('source', 'rd_source')`

const appSettings = `
  select key, value, value_type, category, description, modified_at from setting
  union all
  select 'db_version', name, 'string', 'system', 'Database version: the latest migration',
    replace(rtrim(timestamp, 'Z'), 'T', ' ')
  from kysely_migration where name = (select max(name) from kysely_migration)`

const activeSessions = `
  select
    session_id,
    artwork_name,
    status,
    coalesce(round(cast(completed_operations as real) / nullif(total_operations, 0) * 100, 1), 0.0)
      as progress_percent,
    current_operation,
    updated_at
  from processing_state
  where status in ('initialized', 'processing', 'paused')
  order by updated_at desc`

const projectStatistics = `
  select
    count(*) as total_projects,
    count(case when completed_successfully = 1 then 1 end) as successful_projects,
    avg(total_processing_time_seconds) as avg_processing_time,
    coalesce(sum(total_files_created), 0) as total_files_created,
    coalesce(sum(total_output_size_mb), 0.0) as total_output_size_mb,
    avg(compression_ratio) as avg_compression_ratio
  from project_history
  where completed_at >= datetime('now', '-30 days')`

const views: [string, string][] = [
  ['processing_state', processingState],
  ['operation_log', operationLog],
  ['user_presets', userPresets],
  ['project_history', `${projectHistory} from history`],
  ['project_history_archive', `${projectHistory} from history_archive`],
  ['file_registry', fileRegistry],
  ['app_settings', appSettings],
  ['active_sessions', activeSessions],
  ['project_statistics', projectStatistics],
]
