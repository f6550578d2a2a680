/**
 * `cutroom db …` as a person types it, each time on a database of its own.
 */

import Sqlite from 'better-sqlite3'
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { migrate } from '../../../db/migrate.ts'
import { migrations } from '../../../db/migrations/mod.ts'
import { openDatabase } from '../../../db/open.ts'
import { folder } from '../../media.ts'
import { addArchive, freshDatabase, rows } from '../../db/fixture.ts'
import { stateSchema } from '../../db/state_schema.ts'
import { runHere } from './run.ts'

const db = suite('cutroom db')

const names = Object.keys(migrations)
const [latest = '', before = ''] = names.toReversed()

/** A data folder with one archive in its database. */
async function dataFolder(): Promise<string> {
  const data = folder()
  const store = await freshDatabase(path.join(data, 'cutroom.db'))
  await addArchive(store, { artwork: 'Tide' })
  await store.destroy()
  return data
}

async function artworks(data: string): Promise<string[]> {
  const store = openDatabase(path.join(data, 'cutroom.db'))
  const found = await rows<{ artwork: string }>(store, 'select artwork from session order by id')
  await store.destroy()
  return found.map(({ artwork }) => artwork)
}

const jsonOf = async (...args: string[]): Promise<unknown> => {
  const ran = await runHere('db', ...args, '--json')
  assert.is(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout)
}

db('without an act it tells which there are, and each has its help', async () => {
  const { code, stderr } = await runHere('db')
  assert.is(code, 2)
  for (const act of ['backup', 'restore', 'migrate', 'history', 'reset'])
    assert.match(stderr, new RegExp(`^  ${act} `, 'm'))
  assert.match((await runHere('db', 'backup', '--help')).stdout, 'usage: cutroom db backup')
  assert.is((await runHere('db', 'drop')).code, 2)
})

db('a backup is made, listed, and put back after a reset', async () => {
  const data = await dataFolder()
  const made = (await jsonOf('backup', '--gzip', '--data', data)) as { path: string; version: string }
  assert.match(made.path, /backups\/state_backup_\d{8}_\d{6}\.db\.gz$/)
  assert.is(made.version, latest)
  const name = path.basename(made.path)
  assert.match((await runHere('db', 'backups', '--data', data)).stdout, name)
  const asked = await runHere('db', 'reset', '--data', data)
  assert.equal([asked.code, await artworks(data)], [1, ['Tide']], 'nobody can be asked here')
  const { backup } = (await jsonOf('reset', '--yes', '--data', data)) as { backup: string }
  assert.equal(await artworks(data), [])
  assert.match(backup, /before_reset_/)
  assert.match(
    (await runHere('db', 'restore', name, '--data', data)).stdout,
    /What was there before is .*before_restore/,
  )
  assert.equal(await artworks(data), ['Tide'])
  const missing = await runHere('db', 'restore', 'nothing.db', '--data', data)
  assert.equal([missing.code, /There is no backup/.test(missing.stderr)], [1, true])
})

db('a backup goes where it is wanted, and is packed by its name', async () => {
  const data = await dataFolder()
  const out = path.join(folder(), 'mine', 'tide.db.gz')
  assert.match((await runHere('db', 'backup', '--out', out, '--data', data)).stdout, out)
  assert.match((await runHere('db', 'check', '--data', data)).stdout, 'is whole')
  assert.is((await runHere('db', 'check', out)).code, 1, 'packed it is no database')
  assert.not(existsSync(path.join(data, 'backups')))
})

db(
  'migrations are stepped down and up with a backup before each, and tell when they were applied',
  async () => {
    const data = await dataFolder()
    const down = await runHere('db', 'migrate', '--down', '--data', data)
    assert.is(down.code, 0, down.stderr)
    assert.match(down.stdout, `Ran ${latest}.\nVersion: ${before}`)
    assert.equal(await jsonOf('status', '--data', data), { version: before, pending: [latest] })
    assert.is((await runHere('db', 'migrate', '--to', '0007', '--down', '--data', data)).code, 0)
    const history = (await jsonOf('history', '--data', data)) as { name: string; appliedAt: string | null }[]
    assert.equal(
      history.filter(({ appliedAt }) => appliedAt !== null).map(({ name }) => name),
      names.slice(0, 7),
    )
    assert.match(history[0]?.appliedAt ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
    assert.is((await runHere('db', 'migrate', '--to', latest, '--down', '--data', data)).code, 2)
    assert.is((await runHere('db', 'migrate', '--to', '0000', '--data', data)).code, 2)
    assert.match((await runHere('db', 'migrate', '--data', data)).stdout, `Up to date: ${latest}`)
    const made = readdirSync(path.join(data, 'backups'))
    assert.equal([made.length, made.every((name) => name.startsWith('before_migration_'))], [3, true])
    assert.equal(await artworks(data), ['Tide'])
  },
)

db('what is open elsewhere is not stepped down', async () => {
  const data = await dataFolder()
  const elsewhere = openDatabase(path.join(data, 'cutroom.db'))
  await rows(elsewhere, 'select 1 from session')
  const { code, stderr } = await runHere('db', 'migrate', '--down', '--data', data)
  assert.equal([code, /has the database .* open/.test(stderr)], [1, true])
  await elsewhere.destroy()
})

db('whatever command comes first after an update makes a backup, then migrates', async () => {
  const data = await dataFolder()
  const store = openDatabase(path.join(data, 'cutroom.db'))
  await migrate(store, '0006_events')
  await store.destroy()
  assert.match((await runHere('sessions', '--data', data)).stdout, 'Tide')
  assert.is(readdirSync(path.join(data, 'backups')).length, 1)
  assert.is((await runHere('sessions', '--data', data)).code, 0)
  assert.is(readdirSync(path.join(data, 'backups')).length, 1, 'only where something is to be migrated')
})

db('a query is answered as CSV or JSON, up to a limit; what would change anything is refused', async () => {
  const data = await dataFolder()
  const query = (...words: string[]) => runHere('db', 'query', ...words, '--data', data)
  const cuts = 'select frame, origin from cut order by frame'
  assert.is(
    (await query(cuts)).stdout,
    'frame,origin\r\n0,start\r\n250,detector\r\n500,detector\r\n750,detector\r\n',
  )
  const first = await query(cuts, '--limit', '1', '--json')
  assert.equal(
    [JSON.parse(first.stdout), first.stderr],
    [[{ frame: 0, origin: 'start' }], 'There are more than 1 rows; --limit takes more.\n'],
  )
  for (const [sql, words] of [
    [`update cut set frame = 1`, /Only what reads is answered/],
    ['select * from no_such', /no such table: no_such/],
    ['', /contains no statements/],
  ] as const) {
    const { code, stdout, stderr } = await query(sql)
    assert.equal([code, stdout], [1, ''], sql)
    assert.match(stderr, words)
  }
  assert.is((await query(cuts, '--limit', 'many')).code, 2)
  assert.is((await runHere('db', 'query', '--data', data)).code, 2)
})

db('an export is SQL that makes the same database again, JSON lines, or one table as CSV', async () => {
  const data = await dataFolder()
  const dump = (...words: string[]) => runHere('db', 'export', ...words, '--data', data)
  const out = path.join(folder(), 'all.sql')
  assert.equal(await dump('--out', out), { code: 0, stdout: '', stderr: '' })
  const again = path.join(folder(), 'again.db')
  const copy = new Sqlite(again)
  copy.exec(readFileSync(out, 'utf8'))
  assert.equal(copy.prepare('select artwork from session').pluck().all(), ['Tide'])
  copy.close()
  const lines = (await dump('--format', 'json', '--table', 'cut')).stdout.trim().split('\n')
  assert.equal(
    lines.map((line) => (JSON.parse(line) as { frame: number }).frame),
    [0, 250, 500, 750],
  )
  assert.match((await dump('--format', 'csv', '--table', 'active_sessions')).stdout, /^session_id,[^]*Tide/)
  assert.match((await dump('--format', 'csv')).stderr, 'add --table NAME')
  assert.is((await dump('--format', 'xml')).code, 2)
  const nothing = path.join(folder(), 'nothing.csv')
  const { code, stderr } = await dump('--format', 'csv', '--table', 'nothing', '--out', nothing)
  assert.equal([code, existsSync(nothing), existsSync(`${nothing}.part`)], [1, false, false])
  assert.match(stderr, 'nothing')
})

db(
  'what can be read of a damaged database is salvaged, told of table by table, and can be restored',
  async () => {
    const data = await dataFolder()
    const damaged = path.join(data, 'cutroom.db')
    const bytes = readFileSync(damaged)
    writeFileSync(damaged, bytes.fill(0, 0, 100)) // its header
    assert.is((await runHere('db', 'check', '--data', data)).code, 1)
    const told = await runHere('db', 'salvage', '--data', data)
    assert.is(told.code, 0, told.stderr)
    assert.match(told.stderr, /Its own schema cannot be used/)
    assert.match(told.stdout, /^ {2}session +1 rows/m)
    const [name = ''] = readdirSync(path.join(data, 'backups'))
    assert.match(told.stdout, `To use it: cutroom db restore "${path.join(data, 'backups', name)}"`)
    assert.equal(readFileSync(damaged).equals(bytes), true, 'it stays as it is')
    assert.is((await runHere('db', 'restore', name, '--data', data)).code, 0)
    assert.equal(await artworks(data), ['Tide'])
    const out = path.join(folder(), 'mine.db')
    const report = (await jsonOf('salvage', damaged, '--out', out, '--data', data)) as { path: string }
    assert.equal([report.path, existsSync(out)], [out, true])
    truncateSync(damaged, 0)
    const none = await runHere('db', 'salvage', damaged, '--out', `${out}.2`, '--data', data)
    assert.equal([none.code, existsSync(`${out}.2`)], [1, false])
    assert.match((await runHere('db', 'salvage', 'nowhere.db', '--data', data)).stderr, 'There is no file')
  },
)

db('a state.db is taken in once, and said to be', async () => {
  const data = await dataFolder()
  const file = path.join(folder(), 'state.db')
  const state = new Sqlite(file)
  state.exec(stateSchema)
  state.close()
  const take = (...words: string[]) => runHere('db', 'import-state', ...words, '--data', data)
  const first = await take(file)
  assert.is(first.code, 0, first.stderr)
  assert.match(first.stdout, /^\d+ of history, \d+ presets, \d+ settings, \d+ files of \d+ sessions\.$/m)
  assert.match((await take(file)).stdout, 'It was taken in before')
  const report = (await jsonOf('import-state', file, '--data', data)) as { already: string | null }
  assert.type(report.already, 'string')
  writeFileSync(file, 'no database at all')
  assert.is((await take(file)).code, 1)
  assert.is((await take('nowhere.db')).code, 1)
  assert.equal(await artworks(data), ['Tide'])
})

db('a reset is refused while the database is open elsewhere, and leaves files alone', async () => {
  const data = await dataFolder()
  const mine = path.join(data, 'output', 'mine.mov')
  const elsewhere = openDatabase(path.join(data, 'cutroom.db'))
  await rows(elsewhere, 'select 1 from session')
  const open = await runHere('db', 'reset', '--yes', '--data', data)
  assert.equal([open.code, /has the database .* open/.test(open.stderr)], [1, true])
  await elsewhere.destroy()
  assert.equal(await artworks(data), ['Tide'])
  writeFileSync(mine, 'mine')
  assert.match(
    (await runHere('db', 'reset', '--yes', '--data', data)).stdout,
    /The database is empty\. The old one is .*before_reset_/,
  )
  assert.equal([await artworks(data), existsSync(mine)], [[], true])
  const empty = folder()
  assert.equal(await jsonOf('reset', '--yes', '--data', empty), { backup: null })
})

db.run()
