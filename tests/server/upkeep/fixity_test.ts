import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { badFiles, fixityTotals, recordedOf } from '../../../db/fixity.ts'
import { ensureRoot } from '../../../db/roots.ts'
import type { Db, Session } from '../../../db/schema.ts'
import { judged, verifyFiles, verifyLongest } from '../../../server/upkeep/fixity.ts'
import { addFile, addSession, freshDatabase, operationId, refusal, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'

interface Context {
  db: Db
  session: Session
  place: string
  /** Writes an output of so many bytes and its row. */
  add(name: string, bytes: number, verifiedAt?: string): Promise<number>
}

const fixity = suite<Context>('fixity')

fixity.before.each(async (context) => {
  const place = folder()
  const db = await freshDatabase()
  const root = await ensureRoot(db, 'output', place)
  const session = await addSession(db, { output_root_id: root.id, output_path: 'p' })
  mkdirSync(path.join(place, 'p'))
  const operation_id = await operationId(db, session, 'clips')
  const add = async (name: string, bytes: number, verified_at = '2020-01-01 00:00:00.000') => {
    const content = Buffer.alloc(bytes, name)
    writeFileSync(path.join(place, 'p', name), content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const made = { root_id: root.id, operation_id, bytes, sha256, verified_at }
    return addFile(db, session, { ...made, role: 'clip', path: `p/${name}` })
  }
  Object.assign(context, { db, session, place, add })
})
fixity.after.each(({ db }) => db.destroy())

const states = (db: Db) =>
  rows(
    db,
    `select path, coalesce(state, '-') as state, verified_at > '2026' as verified, missing_at is not null as missing
     from file left join file_check on file_id = file.id order by path`,
  )

fixity(
  'what is whole is verified; what is changed, torn, gone or elsewhere is told by name',
  async (context) => {
    const { db, place, session, add } = context
    for (const name of ['a.whole', 'b.changed', 'c.torn', 'd.gone', 'e.elsewhere']) await add(name, 3000)
    writeFileSync(path.join(place, 'p', 'b.changed'), Buffer.alloc(3000, 'x'))
    truncateSync(path.join(place, 'p', 'c.torn'), 1000)
    rmSync(path.join(place, 'p', 'd.gone'))
    rmSync(path.join(place, 'p', 'e.elsewhere'))
    symlinkSync('/etc/hostname', path.join(place, 'p', 'e.elsewhere'))
    const verified = await verifyFiles(db, await recordedOf(db, session.id))
    assert.equal(verified, { files: 5, bytes: 7000, changed: 2, missing: 2 })
    assert.equal(await states(db), [
      { path: 'p/a.whole', state: 'whole', verified: 1, missing: 0 },
      { path: 'p/b.changed', state: 'changed', verified: 0, missing: 0 },
      { path: 'p/c.torn', state: 'changed', verified: 0, missing: 0 },
      { path: 'p/d.gone', state: 'missing', verified: 0, missing: 1 },
      { path: 'p/e.elsewhere', state: 'missing', verified: 0, missing: 1 },
    ])
    const said = Object.fromEntries((await badFiles(db, 9)).map(({ path: name, message }) => [name, message]))
    assert.match(said['p/b.changed'] ?? '', 'It has the size it was made with, but not the same bytes')
    assert.match(said['p/c.torn'] ?? '', 'It has 1000 bytes; it was made with 3000')
    const totals = await fixityTotals(db)
    assert.equal([totals.files, totals.changed, totals.missing], [5, 2, 2])
    assert.match(
      (await refusal((async () => judged(verified))())).message,
      '2 not there, 2 not as they were made',
    )
  },
)

fixity('a file that is back is whole again', async ({ db, place, session, add }) => {
  await add('clip', 100)
  rmSync(path.join(place, 'p', 'clip'))
  await verifyFiles(db, await recordedOf(db, session.id))
  writeFileSync(path.join(place, 'p', 'clip'), Buffer.alloc(100, 'clip'))
  const verified = await verifyFiles(db, await recordedOf(db, session.id))
  assert.equal(judged(verified), 'Read 1 output, 100 B: all as they were made.')
  assert.equal(await states(db), [{ path: 'p/clip', state: 'whole', verified: 1, missing: 0 }])
})

fixity(
  'a night reads what was not read for longest, up to its bytes, and the next one goes on',
  async (context) => {
    const { db, add } = context
    for (const [name, year] of [
      ['new', 2024],
      ['old', 2021],
      ['middle', 2022],
      ['oldest', 2020],
    ] as const)
      await add(name, 1000, `${year}-01-01 00:00:00.000`)
    const read = async () =>
      (await states(db)).filter(({ verified }) => verified).map(({ path: name }) => name)
    assert.is((await verifyLongest(db, 1500)).files, 2)
    assert.equal(await read(), ['p/old', 'p/oldest'])
    await sleep(5) // times are kept in milliseconds
    assert.is((await verifyLongest(db, 1e9)).files, 4, 'all, once each')
    assert.is((await verifyLongest(db, 0)).files, 0)
  },
)

fixity(
  'it ends when it is told to, and keeps what it found; while somebody works it rests',
  async (context) => {
    const { db, session, add } = context
    await add('a', 100)
    await add('b', 3_000_000)
    const end = new AbortController()
    let asked = 0
    const isBusy = () => {
      if (++asked === 2) end.abort()
      return true
    }
    const verified = await verifyFiles(db, await recordedOf(db, session.id), { signal: end.signal, isBusy })
    assert.is(verified.files, 1)
    assert.is((await states(db)).filter(({ state }) => state === 'whole').length, 1)
  },
)

fixity.run()
