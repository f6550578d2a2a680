/**
 * The migrations and `db/schema.ts` say the same: columns, nullability, defaults, and every CHECK.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as schema from '../../db/schema.ts'
import type { Db } from '../../db/schema.ts'
import { addArchive, freshDatabase, refusal, rows } from './fixture.ts'

const test = suite<{ db: Db }>('schema')

test.before.each(async (context) => {
  context.db = await freshDatabase()
})
test.after.each(({ db }) => db.destroy())

interface Column {
  name: string
  type: string
  notnull: number
  dflt_value: string | null
  pk: number
}

test('each interface has the columns of its table, with their types, nulls and defaults', async ({ db }) => {
  const described = interfaces()
  for (const [table, declared] of tables(described)) {
    const columns = await rows<Column>(db, `select * from pragma_table_info('${table}')`)
    assert.equal(
      columns.map((column) => describe(column, columns)).sort(),
      declared.map(({ name, type }) => `${name}: ${plain(type)}`).sort(),
      table,
    )
  }
})

test('each view has the columns of its interface, and rows of those types', async ({ db }) => {
  await addArchive(db)
  const described = interfaces()
  for (const [view, name] of Object.entries({
    scene: 'SceneView',
    session_progress: 'SessionProgressView',
    session_room: 'SessionRoomView',
    proof: 'ProofView',
  })) {
    const declared = described.get(name) ?? []
    const found = await rows(db, `select * from ${view}`)
    assert.ok(found.length > 0)
    for (const row of found) {
      assert.equal(
        Object.keys(row),
        declared.map((field) => field.name),
        view,
      )
      for (const { name: column, type } of declared) {
        const [base = '', nullable] = plain(type).split(' | ')
        assert.ok(
          typeof row[column] === base || (nullable && row[column] === null),
          `${view}.${column}: ${type}`,
        )
      }
    }
  }
})

test('no table or view is missing from the types, nor the other way', async ({ db }) => {
  const found = await rows<{ name: string }>(
    db,
    `
    select name from sqlite_master where name not like 'sqlite%' and name not like 'kysely%'
    and (type = 'table' or name in ('scene', 'session_progress', 'session_room', 'proof'))
  `,
  )
  const declared = (interfaces().get('Database') ?? []).map(({ name }) => name)
  assert.equal(found.map(({ name }) => name).sort(), declared.sort())
})

test('every table is strict, and every foreign key has an index and says what a delete does', async ({
  db,
}) => {
  const list = await rows<{ name: string; strict: number }>(
    db,
    `
    select name, strict from pragma_table_list where type = 'table' and schema = 'main'
    and name not like 'sqlite%' and name not like 'kysely%'
  `,
  )
  assert.equal(
    list.filter(({ strict }) => !strict),
    [],
  )
  for (const { name } of list) {
    const keys = await rows<{ from: string; table: string; on_delete: string }>(
      db,
      `pragma foreign_key_list(${name})`,
    )
    const indexed = await rows<{ column: string }>(
      db,
      `
      select info.name as column from pragma_index_list('${name}') as list, pragma_index_info(list.name) as info
      where info.seqno = 0
    `,
    )
    for (const key of keys) {
      assert.ok(
        indexed.some(({ column }) => column === key.from),
        `${name}.${key.from} has no index`,
      )
      // A root with files under it cannot go; all else follows its session or lets go of it.
      assert.is(key.on_delete === 'NO ACTION', key.table === 'root', `${name}.${key.from}`)
    }
  }
})

/** Table and column -> the tuple whose values its CHECK lists. */
const checked: Record<string, readonly string[]> = {
  'root.kind': schema.rootKinds,
  'session.status': schema.sessionStatuses,
  'session.wanted': schema.wishes,
  'session.encoder': schema.encoders,
  'session.if_exists': schema.existingFolderRules,
  'operation.status': schema.operationStatuses,
  'file.role': schema.fileRoles,
  'cut.origin': schema.cutOrigins,
  'setting.value_type': schema.settingTypes,
  'event.topic': schema.eventTopics,
  'history.status': schema.endedStatuses,
  'history.encoder': schema.encoders,
  'history_archive.status': schema.endedStatuses,
  'history_archive.encoder': schema.encoders,
  'maintenance_run.task': schema.maintenanceTasks,
  'maintenance_run.cause': schema.maintenanceCauses,
  'maintenance_run.status': schema.maintenanceStatuses,
  'work.encoder': schema.encoders,
  'estimate.measure': schema.estimateMeasures,
  'file_check.state': schema.checkStates,
  'survey.state': schema.surveyStates,
}

test('each CHECK of words lists exactly the words of its TypeScript tuple', async ({ db }) => {
  const listed: Record<string, string[]> = {}
  for (const { name, sql } of await rows<{ name: string; sql: string }>(
    db,
    `select name, sql from sqlite_master where type = 'table'`,
  )) {
    for (const [, column = '', words = ''] of sql.matchAll(/check \(\s*(\w+) in \(([^)]*'[^)]*)\)\s*\)/g)) {
      listed[`${name}.${column}`] = [...words.matchAll(/'([^']*)'/g)].map(([, word = '']) => word)
    }
  }
  const sorted = (record: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)))
  assert.equal(sorted(listed), sorted(checked))
})

test('a word outside its tuple is refused by the database itself', async ({ db }) => {
  await addArchive(db)
  for (const place of [
    'root.kind',
    'session.status',
    'operation.status',
    'file.role',
    'cut.origin',
    'setting.value_type',
  ]) {
    const [table, column] = place.split('.')
    const error = await refusal(rows(db, `update ${table} set ${column} = 'nonsense'`))
    assert.match(error.message, 'CHECK constraint failed', place)
  }
})

test('times are UTC to the millisecond in SQLite’s own form', async ({ db }) => {
  await addArchive(db)
  const [row] = await rows<{ created_at: string }>(db, 'select created_at from session')
  assert.match(row?.created_at ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  assert.ok(Math.abs(Date.parse(`${row?.created_at.replace(' ', 'T')}Z`) - Date.now()) < 60_000)
})

test('scenes are what lies between cuts; the last ends with the source', async ({ db }) => {
  const session = await addArchive(db)
  const scenes = await db.selectFrom('scene').selectAll().where('session_id', '=', session.id).execute()
  assert.equal(
    scenes.map((scene) => [
      scene.number,
      scene.start_frame,
      scene.end_frame,
      scene.start_time,
      scene.end_time,
    ]),
    [
      [1, 0, 250, 0, 10],
      [2, 250, 500, 10, 20],
      [3, 500, 750, 20, 30],
      [4, 750, 1000, 30, 40],
    ],
  )
  await rows(db, `delete from file where role = 'source'`)
  const [last] = await rows(db, 'select start_frame, end_frame from scene where number = 4')
  assert.equal(last, { start_frame: 750, end_frame: 750 })
})

test('progress counts what is settled whole, and what runs in part', async ({ db }) => {
  const session = await addArchive(db)
  await rows(db, `update operation set status = 'failed' where name = 'probe'`)
  await rows(db, `update operation set status = 'skipped' where name = 'clips'`)
  await rows(db, `update operation set status = 'processing', progress = 0.5 where name = 'detect'`)
  const row = await db.selectFrom('session_progress').selectAll().executeTakeFirstOrThrow()
  assert.equal(row, {
    session_id: session.id,
    operations: 4,
    settled: 2,
    problems: 1,
    progress: 2.5 / 4,
    current_operation: 'detect',
    scenes: 4,
    files: 7,
    output_bytes: 3 * 1048576,
  })
})

test.run()

interface Field {
  name: string
  type: string
}

/** The interfaces of db/schema.ts, as written. */
function interfaces(): Map<string, Field[]> {
  const file = path.resolve(import.meta.dirname, '../../db/schema.ts')
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  return new Map(
    source.statements.filter(ts.isInterfaceDeclaration).map((declaration) => [
      declaration.name.text,
      declaration.members.filter(ts.isPropertySignature).map((member) => ({
        name: member.name.getText(),
        type: member.type?.getText() ?? '',
      })),
    ]),
  )
}

function tables(described: Map<string, Field[]>): [string, Field[]][] {
  const history = described.get('HistoryTable') ?? []
  const archive = [
    ...history.filter(({ name }) => name !== 'id'),
    ...(described.get('HistoryArchiveTable') ?? []),
  ]
  return (described.get('Database') ?? [])
    .filter(({ type }) => type.endsWith('Table'))
    .map(({ name, type }) => [name, type === 'HistoryArchiveTable' ? archive : (described.get(type) ?? [])])
}

const words = new Set([
  ...['RootKind', 'SessionStatus', 'OperationStatus', 'Wish', 'Encoder', 'ExistingFolderRule', 'CutOrigin'],
  ...['FileRole', 'SettingType', 'EventTopic', 'MaintenanceTask', 'MaintenanceCause', 'MaintenanceStatus'],
  ...['FileRole', 'SettingType', 'EventTopic'],
  ...['EstimateMeasure', 'CheckState', 'SurveyState', 'ProofState'],
])

/** A type with its words as the `string` they are stored as. */
const plain = (type: string) => type.replace(/\w+/g, (word) => (words.has(word) ? 'string' : word))

const stored: Record<string, string> = {
  INTEGER: 'number',
  REAL: 'number',
  TEXT: 'string',
  BLOB: 'Uint8Array',
}

function describe({ name, type, notnull, dflt_value, pk }: Column, columns: Column[]): string {
  const base = stored[type] ?? type
  const rowid = pk === 1 && type === 'INTEGER' && columns.filter((column) => column.pk).length === 1
  const generated = dflt_value !== null || (rowid && !columns.some((column) => column.name === 'archived_at'))
  if (generated) return `${name}: Generated<${base}>`
  return `${name}: ${notnull || pk ? base : `${base} | null`}`
}
