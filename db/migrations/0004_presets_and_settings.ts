/**
 * Presets (the built-in ones are kept in step by the program) and settings with their defaults.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...triggers]) await sql.raw(statement).execute(db)
  for (const [key, value, type, category, description] of defaults) {
    await sql`
      insert into setting (key, value, value_type, category, description)
      values (${key}, ${value}, ${type}, ${category}, ${description})
    `.execute(db)
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger preset_used`.execute(db)
  for (const table of ['setting', 'preset']) await sql.raw(`drop table ${table}`).execute(db)
}

const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`

const tables = [
  `create table preset (
    id integer primary key autoincrement,
    key text not null unique,
    name text not null check (name <> ''),
    base text,
    category text,
    description text,
    builtin integer not null default 0 check (builtin in (0, 1)),
    settings text not null check (json_valid(settings)),
    use_count integer not null default 0,
    last_used_at text,
    actor text,
    created_at text not null default (${now}),
    modified_at text not null default (${now})
  ) strict`,

  `create table setting (
    key text primary key,
    value text not null,
    value_type text not null default 'string' check (
      value_type in ('string', 'integer', 'real', 'boolean', 'json')
    ),
    category text not null default 'general',
    description text,
    actor text,
    modified_at text not null default (${now})
  ) strict`,
]

const triggers = [
  `create trigger preset_modified after update of name, base, category, description, settings on preset
  when old.name is not new.name or old.base is not new.base or old.category is not new.category
    or old.description is not new.description or old.settings is not new.settings
  begin
    update preset set modified_at = ${now} where id = new.id;
  end`,

  `create trigger preset_used after insert on session
  begin
    update preset set use_count = use_count + 1, last_used_at = ${now} where key = new.preset_key;
  end`,

  `create trigger setting_modified after update of value on setting
  when old.value is not new.value
  begin
    update setting set modified_at = ${now} where key = new.key;
  end`,
]

const defaults = [
  ['app_version', '1.0.0', 'string', 'system', 'Application version'],
  ['last_output_directory', '', 'string', 'paths', 'Last used output directory'],
  ['last_master_directory', '', 'string', 'paths', 'Last directory for master files'],
  ['last_rd_directory', '', 'string', 'paths', 'Last directory for R&D files'],
  ['default_preset', 'webflow_standard', 'string', 'presets', 'Default compression preset'],
  ['scene_threshold_default', '30', 'real', 'processing', 'Default scene detection threshold'],
  ['min_scene_length_default', '15', 'integer', 'processing', 'Default minimum scene length in frames'],
  ['encoder_preference', 'x264', 'string', 'encoding', 'Preferred encoder (x264 or nvenc)'],
  ['auto_open_output', '1', 'boolean', 'behavior', 'Automatically open output folder on completion'],
  ['generate_log', '1', 'boolean', 'behavior', 'Generate process log file'],
  ['extract_midpoint_stills', '1', 'boolean', 'processing', 'Extract stills from scene midpoints'],
  ['copyright_text', '© Yambo Studio', 'string', 'metadata', 'Copyright text for metadata'],
  ['parallel_workers', '4', 'integer', 'performance', 'Number of parallel processing workers'],
  ['gpu_enabled', '1', 'boolean', 'performance', 'Enable GPU acceleration when available'],
  ['cache_thumbnails', '1', 'boolean', 'performance', 'Cache scene thumbnails'],
  ['max_resume_age_days', '7', 'integer', 'behavior', 'Maximum age for resumable sessions'],
  ['log_level', 'INFO', 'string', 'system', 'Logging level (DEBUG, INFO, WARNING, ERROR)'],
  ['ui_theme', 'default', 'string', 'interface', 'User interface theme'],
  ['window_geometry', '', 'json', 'interface', 'Main window size and position'],
] as const
