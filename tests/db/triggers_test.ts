/**
 * Every trigger fires when it should and rests when nothing changed.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changesAfter, lastEventId } from '../../db/events.ts'
import { inspect } from '../../db/migrate.ts'
import type { Db, Session } from '../../db/schema.ts'
import { addArchive, addFile, addGroup, addSession, freshDatabase, operationId, rows } from './fixture.ts'

const triggers = suite<{ db: Db; session: Session }>('triggers')

triggers.before.each(async (context) => {
  context.db = await freshDatabase()
  context.session = await addArchive(context.db)
})
triggers.after.each(({ db }) => db.destroy())

const past = '2020-01-01 00:00:00.000'
const covered = new Set<string>()

/** Declares which triggers a test is about; the last test asks that every one was. */
function covers(
  names: string[],
  title: string,
  check: (context: { db: Db; session: Session }) => Promise<void>,
) {
  for (const name of names) covered.add(name)
  triggers(title, check)
}

covers(
  ['session_updated'],
  'a visible change stamps the session; a heartbeat, or the same value, does not',
  async ({ db, session }) => {
    const stamp = async (change: string) => {
      await rows(db, `update session set updated_at = '${past}'`)
      await rows(db, `update session set ${change}`)
      const [row] = await rows(db, `select updated_at from session where id = ${session.id}`)
      return row?.updated_at !== past
    }
    assert.is(await stamp(`artwork = 'Arrakis'`), true)
    assert.is(await stamp(`wanted = 'pause'`), true)
    assert.is(await stamp(`artwork = 'Arrakis', wanted = 'pause'`), false)
    assert.is(await stamp(`heartbeat_at = '${past}', owner = 'a:1:1', generation = generation + 1`), false)
  },
)

covers(
  ['session_moved'],
  'a session keeps when it first started and when it last ended',
  async ({ db, session }) => {
    const move = async (status: Session['status']) => {
      await db.updateTable('session').set({ status }).where('id', '=', session.id).execute()
      return db.selectFrom('session').selectAll().where('id', '=', session.id).executeTakeFirstOrThrow()
    }
    assert.is((await move('waiting')).started_at, null)
    const started = await move('processing')
    assert.ok(started.started_at)
    assert.is(started.completed_at, null)
    assert.ok((await move('failed')).completed_at)
    const again = await move('processing')
    assert.equal([again.started_at, again.completed_at], [started.started_at, null])
    await rows(db, `update session set started_at = '${past}' where id = ${session.id}`)
    assert.is((await move('completed')).started_at, past)
    await rows(db, `update session set completed_at = '${past}' where id = ${session.id}`)
    assert.is((await move('completed')).completed_at, past, 'the same status is no move')
  },
)

covers(
  ['operation_moved'],
  'an operation is timed by its moves, and the time a person took is not its own',
  async ({ db, session }) => {
    const id = await operationId(db, session, 'clips')
    const move = async (status: string, others = '') => {
      await rows(db, `update operation set status = '${status}' ${others} where id = ${id}`)
      return db.selectFrom('operation').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    }
    assert.ok((await move('processing')).started_at)
    await rows(
      db,
      `update operation set started_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-90 seconds') where id = ${id}`,
    )
    const done = await move('completed')
    assert.ok(
      done.finished_at && done.seconds !== null && done.seconds >= 90 && done.seconds < 95,
      String(done.seconds),
    )
    const reset = await move('pending')
    assert.equal([reset.started_at, reset.finished_at, reset.seconds], [null, null, null])
    const waiting = await move('waiting')
    assert.ok(waiting.started_at)
    assert.is((await move('completed')).seconds, 0)
    await move('pending')
    const skipped = await move('skipped')
    assert.equal([skipped.started_at, skipped.seconds, skipped.finished_at !== null], [null, null, true])
    await move('pending')
    await move('processing')
    assert.is((await move('failed', ', seconds = 12.5')).seconds, 12.5, 'what the engine measured stands')
    await rows(db, `update operation set finished_at = '${past}' where id = ${id}`)
    assert.is((await move('failed')).finished_at, past)
    await rows(db, `update session set updated_at = '${past}'`)
    await move('pending')
    assert.is.not((await rows(db, `select updated_at from session`))[0]?.updated_at, past)
  },
)

covers(
  ['preset_modified'],
  'a preset is stamped when what it says changes, not when it is used',
  async ({ db }) => {
    const stamp = async (change: string) => {
      await rows(db, `update preset set modified_at = '${past}'`)
      await rows(db, `update preset set ${change}`)
      return (await rows(db, 'select modified_at from preset')).every(
        ({ modified_at }) => modified_at !== past,
      )
    }
    assert.is(await stamp(`description = 'new'`), true)
    assert.is(await stamp(`description = 'new'`), false)
    assert.is(await stamp(`use_count = use_count + 1, last_used_at = '${past}'`), false)
  },
)

covers(['setting_modified'], 'a setting is stamped when its value changes', async ({ db }) => {
  const stamp = async () => {
    await rows(db, `update setting set modified_at = '${past}' where key = 'ui_theme'`)
    await rows(db, `update setting set value = 'dark' where key = 'ui_theme'`)
    return (await rows(db, `select modified_at from setting where key = 'ui_theme'`))[0]?.modified_at !== past
  }
  assert.is(await stamp(), true)
  assert.is(await stamp(), false)
})

covers(
  ['preset_versioned'],
  'a change of what a preset’s settings say raises its version',
  async ({ db }) => {
    const version = async (assignment: string) => {
      await rows(db, `update preset set ${assignment} where key = 'ultra_light'`)
      return (await rows(db, `select version from preset where key = 'ultra_light'`))[0]?.version
    }
    assert.is(await version(`name = 'Light', settings = settings || ' '`), 1)
    assert.is(await version(`settings = '{}'`), 2)
  },
)

covers(['preset_used'], 'a session counts the use of its preset, and of no other', async ({ db }) => {
  await addSession(db, { preset_key: 'ultra_light' })
  await addSession(db, { preset_key: 'gone' })
  assert.equal(
    await rows(db, 'select key, use_count, last_used_at is not null as used from preset order by key'),
    [
      { key: 'retina_showcase', use_count: 0, used: 0 },
      { key: 'ultra_light', use_count: 1, used: 1 },
      { key: 'webflow_standard', use_count: 1, used: 1 },
    ],
  )
})

covers(
  ['session_ended'],
  'a session that ends is written to history, once, with what its rows say',
  async ({ db, session }) => {
    await rows(db, `update operation set status = 'completed', seconds = 2 where name <> 'clips'`)
    await rows(db, `update operation set status = 'failed', error_message = 'No space.' where name = 'clips'`)
    assert.equal(await rows(db, 'select * from history'), [])
    await rows(db, `update session set status = 'completed'`)
    const [row] = await rows(db, 'select * from history')
    assert.equal(
      [row?.session_key, row?.status, row?.problems, row?.processing_seconds, row?.notes, row?.files_created],
      [session.key, 'completed', 1, 6, 'clips: No space.', 7],
    )
    await rows(db, `update session set status = 'completed'`)
    await rows(db, `update session set status = 'processing'`)
    await rows(db, `update session set status = 'cancelled'`)
    const again = await rows(db, 'select id, status from history')
    assert.equal(again, [{ id: row?.id, status: 'cancelled' }])
  },
)

covers(
  ['operation_of_ended'],
  'a retry in an ended session refreshes its history; before the end there is none',
  async ({ db }) => {
    await rows(db, `update operation set status = 'failed' where name = 'clips'`)
    assert.equal(await rows(db, 'select * from history'), [])
    await rows(db, `update session set status = 'completed'`)
    await rows(db, `update operation set status = 'completed', seconds = 3 where name = 'clips'`)
    assert.equal(await rows(db, 'select problems, processing_seconds, notes from history'), [
      { problems: 0, processing_seconds: 3, notes: null },
    ])
    await rows(db, `update operation set settings = '{"encoder":"nvenc"}' where name = 'clips'`)
    assert.equal(await rows(db, 'select encoder, gpu_accelerated from history'), [
      { encoder: 'nvenc', gpu_accelerated: 1 },
    ])
  },
)

triggers(
  'history outlives its session, and a deleted session takes its rows with it',
  async ({ db, session }) => {
    await rows(db, `update session set status = 'completed'`)
    await db.deleteFrom('session').where('id', '=', session.id).execute()
    for (const table of [
      'operation',
      'file',
      'cut',
      'scene_group',
      'scene_group_member',
      'process',
      'score',
    ]) {
      assert.equal(await rows(db, `select * from ${table}`), [], table)
    }
    assert.equal(await rows(db, 'select session_id, session_key from history'), [
      { session_id: null, session_key: session.key },
    ])
  },
)

// Events: [table, statement that changes something, the same with nothing to change, topics and subjects told].
interface Feed {
  table: string
  add: string
  change: string
  remove: string
  told: (session: Session, id: number) => string[]
}

const key = `lower(hex(randomblob(6)))`
const one = (table: string) => `(select max(id) from ${table})`

const feeds: Feed[] = [
  {
    table: 'operation',
    add: `insert into operation (session_id, sequence, name) select id, 9, 'more' from session`,
    change: `update operation set progress = 0.5 where id = ${one('operation')}`,
    remove: `delete from operation where name = 'more'`,
    told: (session, id) => [`operation ${id}`, `session ${session.key}`],
  },
  {
    table: 'file',
    add: `insert into file (key, session_id, root_id, path, role)
      select ${key}, session.id, output_root_id, 'log.txt', 'log' from session`,
    change: `update file set bytes = 7 where id = ${one('file')}`,
    remove: `delete from file where path = 'log.txt'`,
    told: (session) => [`file ${session.key}`],
  },
  {
    table: 'cut',
    add: `insert into cut (session_id, frame, time, origin) select id, 900, 36, 'hand' from session`,
    change: `update cut set starred = 1 where id = ${one('cut')}`,
    remove: `delete from cut where frame = 900`,
    told: (session) => [`scene ${session.key}`],
  },
  {
    table: 'scene_group',
    add: `insert into scene_group (key, session_id, position) select ${key}, id, 2 from session`,
    change: `update scene_group set name = 'Finale' where id = ${one('scene_group')}`,
    remove: `delete from scene_group where position = 2`,
    told: (session) => [`scene ${session.key}`],
  },
  {
    table: 'scene_group_member',
    add: `insert into scene_group_member select ${one('scene_group')}, min(id), 7 from cut`,
    change: `update scene_group_member set position = 8 where cut_id = (select min(id) from cut)`,
    remove: `delete from scene_group_member where cut_id = (select min(id) from cut)`,
    told: (session) => [`scene ${session.key}`],
  },
  {
    table: 'preset',
    add: `insert into preset (key, name, settings) values ('mine', 'Mine', '{}')`,
    change: `update preset set name = 'Ours' where key = 'mine'`,
    remove: `delete from preset where key = 'mine'`,
    told: () => ['preset mine'],
  },
  {
    table: 'setting',
    add: `insert into setting (key, value) values ('colour', 'red')`,
    change: `update setting set value = 'blue' where key = 'colour'`,
    remove: `delete from setting where key = 'colour'`,
    told: () => ['setting colour'],
  },
  {
    table: 'history',
    add: `insert into history select 1, id, key, pipeline, artwork, project_date, '', '', null, null, null, null, null,
      1, 1, 1, 1, 1, 1, 1, 1, 0, 0, preset_key, encoder, 'completed', null, null, '${past}' from session`,
    change: `update history set notes = 'Lovely.'`,
    remove: `delete from history`,
    told: (session) => [`history ${session.key}`],
  },
]

for (const { table, add, change, remove, told } of feeds) {
  covers(
    [`${table}_added`, `${table}_changed`, `${table}_deleted`],
    `${table}: each change is told once, and no change is not told`,
    async ({ db, session }) => {
      await rows(db, add)
      const [newest] = await rows<{ id: number }>(db, `select max(rowid) as id from ${table}`)
      const expected = told(session, newest?.id ?? 0)
      const heard = async (statement: string) => {
        const last = await lastEventId(db)
        await rows(db, statement)
        return (await changesAfter(db, last)).map(({ topic, subject }) => `${topic} ${subject}`).sort()
      }
      assert.equal(await heard(change), expected, 'changed')
      assert.equal(await heard(change), [], 'not changed')
      assert.equal(await heard(remove), expected, 'deleted')
      assert.equal(
        await heard(add),
        table === 'operation' ? told(session, (newest?.id ?? 0) + 1) : expected,
        'added',
      )
    },
  )
}

covers(
  ['session_added', 'session_changed', 'session_deleted'],
  'session: what a person sees is told, what the engine keeps is not',
  async ({ db }) => {
    let last = await lastEventId(db)
    const heard = async () => {
      const events = await changesAfter(db, last)
      last = await lastEventId(db)
      return events.filter(({ topic }) => topic === 'session').map(({ subject }) => subject)
    }
    const session = await addSession(db)
    assert.equal(await heard(), [session.key])
    await rows(
      db,
      `update session set heartbeat_at = '${past}', owner = 'a:1:1', generation = 4, updated_at = '${past}'`,
    )
    assert.equal(await changesAfter(db, last), [])
    await rows(db, `update session set wanted = 'pause' where id = ${session.id}`)
    assert.equal(await heard(), [session.key])
    await rows(db, `update session set wanted = 'pause' where id = ${session.id}`)
    assert.equal(await heard(), [])
    await db.deleteFrom('session').where('id', '=', session.id).execute()
    assert.equal(await heard(), [session.key])
  },
)

covers(
  ['edit_added', 'edit_undone'],
  'an edit, and that it was undone, is told with the scenes',
  async ({ db, session }) => {
    const heard = async (statement: string) => {
      const last = await lastEventId(db)
      await rows(db, statement)
      return (await changesAfter(db, last)).map(({ topic, subject }) => `${topic} ${subject}`)
    }
    const add = `insert into edit (session_id, command, subject) values (${session.id}, 'cut.add', '7')`
    assert.equal(await heard(add), [`scene ${session.key}`])
    const undo = `update edit set undone_at = '${past}'`
    assert.equal(await heard(undo), [`scene ${session.key}`])
    assert.equal(await heard(undo), [])
  },
)

triggers('the feed does not grow: each subject stands once, under its latest id', async ({ db, session }) => {
  const id = await operationId(db, session, 'clips')
  const count = async () => (await rows<{ n: number }>(db, 'select count(*) as n from event'))[0]?.n
  await rows(db, `update operation set progress = 0.01 where id = ${id}`)
  const before = await count()
  for (let i = 2; i <= 50; i += 1)
    await rows(db, `update operation set progress = ${i / 100} where id = ${id}`)
  assert.is(await count(), before)
})

triggers('an outer “or ignore” or “or replace” silences no event', async ({ db, session }) => {
  for (const verb of ['update or ignore', 'update or replace']) {
    const last = await lastEventId(db)
    await rows(db, `${verb} session set artwork = artwork || '.' where id = ${session.id}`)
    assert.equal(
      (await changesAfter(db, last)).map(({ topic }) => topic),
      ['session'],
      verb,
    )
  }
})

triggers(
  'the events of a bulk delete name sessions that are still there, and the one that is not',
  async ({ db, session }) => {
    await addFile(db, session, { role: 'log', path: 'p/process_log.txt' })
    await addGroup(db, session, [1, 2])
    const last = await lastEventId(db)
    await db.deleteFrom('session').where('id', '=', session.id).execute()
    const topics = (await changesAfter(db, last)).map(({ topic }) => topic)
    assert.equal([...new Set(topics)].sort(), ['operation', 'session'])
  },
)

covers(
  ['cut_still_changed'],
  'a picked still is told as a change of the scenes, once',
  async ({ db, session }) => {
    const told = async (frame: number | null) => {
      const before = await lastEventId(db)
      await rows(db, `update cut set still_frame = ${frame} where frame = 250 returning id`)
      return (await changesAfter(db, before)).map(({ topic, subject }) => `${topic} ${subject}`)
    }
    assert.equal(await told(260), [`scene ${session.key}`])
    assert.equal(await told(260), [])
    assert.equal(await told(null), [`scene ${session.key}`])
  },
)

covers(
  ['session_waits_for_room'],
  'a session that begins to wait for room on the disk, or stops, is told once',
  async ({ db, session }) => {
    const told = async (short: number | null) => {
      const before = await lastEventId(db)
      await rows(db, `update session set bytes_short = ${short} where id = ${session.id} returning id`)
      return (await changesAfter(db, before)).map(({ topic, subject }) => `${topic} ${subject}`)
    }
    assert.equal(await told(1000), [`session ${session.key}`])
    assert.equal(await told(1000), [])
    assert.equal(await told(null), [`session ${session.key}`])
  },
)

triggers('every trigger of the database is covered by a test above', async ({ db }) => {
  const names = (await inspect(db)).triggers.map(({ name }) => name)
  assert.equal([...covered].sort(), names.sort())
})

triggers.run()
