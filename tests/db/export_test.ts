/**
 * What is exported says all that the database says.
 */

import Sqlite from 'better-sqlite3'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { csvLine, exportText } from '../../db/export.ts'
import { isSecret } from '../../db/secrets.ts'
import { folder } from '../media.ts'
import { addArchive, addFile, freshDatabase, rows } from './fixture.ts'

const test = suite<{ file: string }>('export')

test.before(async (context) => {
  context.file = path.join(folder(), 'cutroom.db')
  const db = await freshDatabase(context.file)
  const session = await addArchive(db, { artwork: `R&D's "Über"\n🎬, 'quoted'` })
  const id = await addFile(db, session, { role: 'sheet', path: 'x.jpg', seconds: 0.1 + 0.2 })
  await rows(db, `insert into score values (${id}, 'h', 0, 2, x'00ff27')`)
  await db.destroy()
})

test('SQL makes the same database again', ({ file }) => {
  const copy = new Sqlite(':memory:')
  copy.exec([...exportText(file, 'sql')].join(''))
  const whole = new Sqlite(file, { readonly: true })
  const of = (handle: Sqlite.Database, query: string) => handle.prepare(query).raw().all()
  const schema = `select type, name, sql from sqlite_master where name not like 'sqlite%' order by type, name`
  assert.equal(of(copy, schema), of(whole, schema))
  const tables = of(
    whole,
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_stat%'`,
  )
  assert.ok(tables.length > 15)
  for (const [name] of tables as [string][])
    assert.equal(of(copy, `select * from "${name}"`), of(whole, `select * from "${name}"`), String(name))
  copy.pragma('foreign_keys = on')
  copy.exec(`update session set status = 'completed'`)
  assert.is(of(copy, 'select * from history').length, 1, 'its triggers work')
  for (const handle of [copy, whole]) handle.close()
})

test('JSON is a line for each row, with its table unless one was asked for', ({ file }) => {
  const all = [...exportText(file, 'json')].map((line) => JSON.parse(line) as { table: string; row: object })
  assert.is(all.filter(({ table }) => table === 'cut').length, 4)
  const score = all.find(({ table }) => table === 'score')?.row
  assert.equal(score, { file_id: 9, measure: 'h', start_frame: 0, frames: 2, data: 'AP8n' })
  const [view] = [...exportText(file, 'json', 'active_sessions')].map(
    (line) => JSON.parse(line) as { artwork_name: string },
  )
  assert.is(view?.artwork_name, `R&D's "Über"\n🎬, 'quoted'`)
})

test('CSV has a head, quotes what it must, and leaves empty what is null', ({ file }) => {
  const lines = [...exportText(file, 'csv', 'cut')]
  assert.is(lines[0], 'id,session_id,frame,time,origin,ticked,starred,note,actor,created_at,still_frame\r\n')
  assert.match(lines[1] ?? '', /^1,1,0,0,start,1,0,,,\d{4}-/)
  assert.is(csvLine(['a,b', 'say "no"', 'two\nlines', null, 1.5]), '"a,b","say ""no""","two\nlines",,1.5\r\n')
})

test('what is not there is refused by name', ({ file }) => {
  assert.throws(() => [...exportText(file, 'csv', 'cat')], /There is no table or view “cat”.*session/)
})

test('secrets are known by their columns', () => {
  for (const column of ['password', 'password_hash', 'token', 'api_key', 'login_token', 'client_secret'])
    assert.ok(isSecret(column), column)
  for (const column of ['key', 'session_key', 'sha256', 'name', 'tokens_used_at'])
    assert.not(isSecret(column), column)
})

test.run()
