/**
 * How things are named and cuts are found unless a session says otherwise; and a name for each root.
 */

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
  for (const [key, value, type, category, description] of defaults) {
    await sql`
      insert into setting (key, value, value_type, category, description)
      values (${key}, ${value}, ${type}, ${category}, ${description})
    `.execute(db)
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [key] of defaults) await sql`delete from setting where key = ${key}`.execute(db)
  await sql`drop index edit_subject`.execute(db)
  await sql`alter table root drop column name`.execute(db)
  await sql`alter table session drop column naming`.execute(db)
}

const statements = [
  // JSON of the templates as they were when the session began; null: the usual ones.
  'alter table session add column naming text check (naming is null or json_valid(naming))',
  `alter table root add column name text check (name <> '')`,
  'create index edit_subject on edit (subject)',
]

const defaults = [
  ['naming_project', '{date}_{artwork}', 'string', 'naming', 'Name of the project folder'],
  ['naming_still', '{artwork}_{type}_{seq}_{aspect}', 'string', 'naming', 'Name of a still'],
  ['naming_clip', '{artwork}_{type}_{seq}', 'string', 'naming', 'Name of a clip or a group'],
  ['naming_master', '{artwork}_{type}', 'string', 'naming', 'Name of the optimised master'],
  ['naming_research', '{artwork}_{type}_{seq}_{aspect}', 'string', 'naming', 'Name of an R&D file'],
  ['folder_masters', 'Masters', 'string', 'naming', 'Folder of the masters'],
  ['folder_clips', 'Video-clips', 'string', 'naming', 'Folder of clips and groups'],
  ['folder_stills', 'Stills', 'string', 'naming', 'Folder of the stills'],
  ['folder_research', 'R&D', 'string', 'naming', 'Folder of R&D files'],
  ['detector_default', 'content', 'string', 'processing', 'Default scene detector'],
  ['detector_thresholds', '', 'json', 'processing', 'Default thresholds of the other detectors'],
] as const
