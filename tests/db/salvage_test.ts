/**
 * Salvage from databases whose pages were really destroyed, in every kind of place.
 */

import Sqlite from 'better-sqlite3'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDatabase } from '../../db/check.ts'
import { addDemoSessions } from '../../db/demo.ts'
import { migrate } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/mod.ts'
import { handleOf, openDatabase } from '../../db/open.ts'
import { salvage, type Salvaged } from '../../db/salvage.ts'
import { folder } from '../media.ts'
import { addArchive, freshDatabase, refusal } from './fixture.ts'

interface Context {
  /** A whole database, closed. */
  whole: string
  counts: Map<string, number>
}

const test = suite<Context>('salvage')
const pageSize = 4096
const latest = Object.keys(migrations).at(-1)

test.before(async (context) => {
  context.whole = path.join(folder(), 'cutroom.db')
  const db = await freshDatabase(context.whole)
  await addArchive(db)
  const amount = {
    sessions: 150,
    filesEach: 12,
    cutsEach: 8,
    operations: ['probe', 'detect', 'choose', 'clips'],
  }
  await addDemoSessions(db, '/out', amount)
  handleOf(db).pragma('wal_checkpoint(truncate)')
  await db.destroy()
  context.counts = countsOf(context.whole)
})

test('a whole database comes out as it went in', async ({ whole, counts }) => {
  const { salvaged, target } = await damage(whole, () => undefined)
  assert.equal(countsOf(target), counts)
  assert.is(salvaged.schemaProblem, null)
  assert.ok(salvaged.tables.every(({ lost, refused, orphans }) => lost === 0 && refused + orphans === 0))
  assert.equal(contentOf(target), contentOf(whole))
})

test('a destroyed leaf costs its own rows, and what is lost is counted', async ({ whole, counts }) => {
  const [leaf = 0] = pagesOf(whole, 'file', 'leaf').slice(3)
  const { salvaged, target } = await damage(whole, (file) => file.destroy(leaf))
  const report = tableOf(salvaged, 'file')
  assert.ok(report.lost !== null && report.lost > 0 && report.lost < 60, String(report.lost))
  assert.is(report.read + report.lost, counts.get('file'))
  for (const table of ['session', 'operation', 'cut', 'history'])
    assert.is(countsOf(target).get(table), counts.get(table), table)
})

test('leaves destroyed in the middle, at both ends and of several tables cost no more than their rows', async ({
  whole,
  counts,
}) => {
  const leaves = ['file', 'operation', 'cut'].flatMap((table) => {
    const all = pagesOf(whole, table, 'leaf')
    return [all[0], all[Math.floor(all.length / 2)], all.at(-1)]
  })
  const { salvaged } = await damage(whole, (file) => leaves.forEach((leaf) => file.destroy(leaf ?? 0)))
  for (const table of ['file', 'operation', 'cut']) {
    const pages = pagesOf(whole, table, 'leaf').length
    const { read } = tableOf(salvaged, table)
    const expected = (counts.get(table) ?? 0) * (1 - 3.5 / pages)
    assert.ok(read >= expected, `${table}: ${read} of ${counts.get(table)}, ${pages} leaves`)
  }
  assert.is(tableOf(salvaged, 'session').lost, 0)
})

test('a destroyed inner page costs what hangs below it, the other tables nothing', async ({
  whole,
  counts,
}) => {
  const [root = 0] = pagesOf(whole, 'operation', 'internal')
  const { salvaged, target } = await damage(whole, (file) => file.destroy(root))
  assert.is(tableOf(salvaged, 'operation').read, 0)
  assert.is(tableOf(salvaged, 'operation').lost, counts.get('operation'))
  assert.is(countsOf(target).get('file'), counts.get('file'))
  // Files outlive the operations that made them; nothing names what is gone.
  assert.ok(tableOf(salvaged, 'file').orphans > 0)
})

test('what belongs to a lost row goes or is untied, and the rest holds together', async ({ whole }) => {
  const [leaf = 0] = pagesOf(whole, 'session', 'leaf').slice(1)
  const { salvaged, target } = await damage(whole, (file) => file.destroy(leaf))
  assert.ok((tableOf(salvaged, 'session').lost ?? 0) > 0)
  for (const table of ['operation', 'file', 'cut', 'history'])
    assert.ok(tableOf(salvaged, table).orphans > 0, table)
  const handle = new Sqlite(target, { readonly: true })
  assert.ok(Number(handle.prepare('select count(*) from history where session_id is null').pluck().get()) > 0)
  handle.close()
})

test('a destroyed header is made up for: every row comes back', async ({ whole, counts }) => {
  for (const bytes of [100, pageSize]) {
    const { salvaged, target } = await damage(whole, (file) => file.bytes.fill(0xa5, 0, bytes))
    assert.match(salvaged.schemaProblem ?? '', /not a database/)
    assert.equal(countsOf(target), counts)
    assert.is(salvaged.version, latest)
  }
})

test('a destroyed page of the schema costs its entries; tables without one are found by their rows', async ({
  whole,
  counts,
}) => {
  const handle = new Sqlite(whole, { readonly: true })
  const leaves = handle
    .prepare<[], number>(`select pageno from dbstat where name = 'sqlite_schema' and pagetype = 'leaf'`)
    .pluck()
    .all()
  handle.close()
  assert.ok(leaves.length > 5)
  for (const leaf of leaves.filter((_, n) => n % 4 === 0)) {
    const { salvaged, target } = await damage(whole, (file) => file.destroy(leaf))
    const gone = salvaged.tables.filter(({ table, read }) => read === 0 && (counts.get(table) ?? 0) > 0)
    assert.equal(
      gone.map(({ table }) => table),
      [],
      `page ${leaf}`,
    )
    assert.is(countsOf(target).get('file'), counts.get('file'))
  }
})

test('what still stands in the journal is recovered, too, with the header and without', async ({ whole }) => {
  const place = folder()
  const file = path.join(place, 'live.db')
  copyFileSync(whole, file)
  const db = openDatabase(file)
  await addArchive(db, { artwork: 'In the journal' })
  const [torn, journal] = [readFileSync(file), readFileSync(`${file}-wal`)]
  await db.destroy()
  for (const header of [true, false]) {
    const damaged = path.join(folder(), 'damaged.db')
    writeFileSync(damaged, header ? torn : Buffer.from(torn).fill(0, 0, 100))
    writeFileSync(`${damaged}-wal`, journal)
    const target = path.join(folder(), 'salvaged.db')
    await salvage(damaged, target)
    const handle = new Sqlite(target, { readonly: true })
    const found = handle
      .prepare(`select count(*) from session where artwork = 'In the journal'`)
      .pluck()
      .get()
    assert.is(found, 1, header ? 'with' : 'without')
    handle.close()
    assert.equal(readFileSync(damaged).subarray(100), torn.subarray(100), 'the damaged one is left as it is')
    assert.ok(existsSync(`${damaged}-wal`))
  }
})

test('an older schema is brought up to today’s', async () => {
  const file = path.join(folder(), 'old.db')
  const db = openDatabase(file)
  await migrate(db, '0007_progress')
  await addArchive(db, { artwork: 'Old' })
  await db.destroy()
  for (const header of [0, 100]) {
    const { salvaged, target } = await damage(file, ({ bytes }) => bytes.fill(0, 0, header))
    assert.is(salvaged.version, '0007_progress')
    assert.equal([checkDatabase(target).version, countsOf(target).get('cut')], [latest, 4])
  }
})

test('random damage to a fifth of all pages still leaves a whole database', async ({ whole }) => {
  const random = seeded(7)
  const { target } = await damage(whole, (file) => {
    for (let page = 2; page <= file.pages; page += 1) if (random() < 0.2) file.destroy(page)
  })
  assert.equal(checkDatabase(target).problems, [])
  assert.ok((countsOf(target).get('setting') ?? 0) > 0)
})

test('what holds nothing of Cutroom’s, or is newer, is refused in words and leaves nothing', async ({
  whole,
}) => {
  const place = folder()
  const [notes, newer] = [path.join(place, 'notes.txt'), path.join(place, 'newer.db')]
  writeFileSync(notes, 'Just notes. '.repeat(5000))
  copyFileSync(whole, newer)
  const handle = new Sqlite(newer)
  handle.exec(`insert into kysely_migration values ('9000_tomorrow', '2030-01-01T00:00:00.000Z')`)
  handle.close()
  const target = path.join(place, 'out.db')
  const nothing = await refusal(salvage(notes, target))
  assert.equal([nothing.code, /Restore a backup/.test(nothing.message)], ['not_a_database', true])
  assert.is((await refusal(salvage(newer, target))).code, 'database_newer')
  assert.is((await refusal(salvage(path.join(place, 'none.db'), target))).code, 'backup_not_found')
  assert.equal(readdirSync(place).sort(), ['newer.db', 'notes.txt'])
})

test.run()

interface Damaged {
  bytes: Buffer
  pages: number
  destroy(page: number): void
}

/** Salvages a copy that something was done to; what comes out is whole, whatever it was. */
async function damage(
  whole: string,
  act: (file: Damaged) => void,
): Promise<{ salvaged: Salvaged; target: string }> {
  const [damaged, target] = [path.join(folder(), 'cutroom.db'), path.join(folder(), 'salvaged.db')]
  const bytes = readFileSync(whole)
  const random = seeded(bytes.length)
  act({
    bytes,
    pages: bytes.length / pageSize,
    destroy(page) {
      for (let at = (page - 1) * pageSize; at < page * pageSize; at += 1) bytes[at] = random() * 256
    },
  })
  writeFileSync(damaged, bytes)
  const salvaged = await salvage(damaged, target)
  assert.equal(checkDatabase(target), { problems: [], version: latest ?? null, unknown: [] })
  assert.equal(readFileSync(damaged), bytes, 'the damaged file is kept as it is')
  return { salvaged, target }
}

function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

function pagesOf(file: string, table: string, type: 'leaf' | 'internal'): number[] {
  const handle = new Sqlite(file, { readonly: true })
  const pages = handle
    .prepare<[string, string], number>(
      'select pageno from dbstat where name = ? and pagetype = ? order by path',
    )
    .pluck()
    .all(table, type)
  handle.close()
  return pages
}

function countsOf(file: string): Map<string, number> {
  const handle = new Sqlite(file, { readonly: true })
  const names = handle
    .prepare<[], string>(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'kysely%'`,
    )
    .pluck()
    .all()
  const counts = names.map((name): [string, number] => [
    name,
    Number(handle.prepare(`select count(*) from "${name}"`).pluck().get()),
  ])
  handle.close()
  return new Map(counts.sort(([a], [b]) => a.localeCompare(b)))
}

/** Every row of some tables, as text. */
function contentOf(file: string): string[] {
  const handle = new Sqlite(file, { readonly: true })
  const content = ['session', 'file', 'operation', 'score', 'preset', 'setting', 'event'].map((table) =>
    JSON.stringify(handle.prepare(`select rowid, * from "${table}" order by rowid`).all()),
  )
  handle.close()
  return content
}

const tableOf = ({ tables }: Salvaged, name: string) => {
  const found = tables.find(({ table }) => table === name)
  if (!found) throw new Error(`There is no table ${name} in the report.`)
  return found
}
