/**
 * Which fragments a change comes to.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changesAfter, type Event, lastEventId } from '../../../db/events.ts'
import { collapsed } from '../../../server/events/messages.ts'
import { createEstimates } from '../../../server/estimates.ts'
import { createRenderer } from '../../../server/events/render.ts'
import type { SessionCommands } from '../../../server/services.ts'
import { addArchive, freshDatabase } from '../../db/fixture.ts'

const rendering = suite('rendering changes')

rendering('a session that moved brings the lists, one that only went on brings its figures', async () => {
  const { db, session, render, since } = await setUp()
  const start = await since(0)
  const first = await render(await start(), false)
  assert.ok(targets(first).includes('home-running'), targets(first).join())
  const next = await since()
  await db.updateTable('operation').set({ progress: 0.5 }).where('session_id', '=', session.id).execute()
  const html = await render(await next(), false)
  assert.not.ok(targets(html).includes('home-running'))
  assert.ok(targets(html).includes(`steps-${session.key}`))
})

rendering('a page that missed something gets the lists always', async () => {
  const { db, session, render, since } = await setUp()
  await render(await (await since(0))(), false)
  const next = await since()
  await db.updateTable('operation').set({ progress: 0.5 }).where('session_id', '=', session.id).execute()
  assert.ok(targets(await render(await next(), true)).includes('home-running'))
})

rendering('a session that is deleted leaves the lists and tells its own page', async () => {
  const { db, session, render, since } = await setUp()
  const next = await since()
  await db.deleteFrom('session').where('id', '=', session.id).execute()
  const html = await render(await next(), false)
  assert.ok(targets(html).includes('home-running'))
  assert.ok(targets(html).includes(`head-${session.key}`))
})

rendering('a change that cannot be rendered keeps none of the others back', async () => {
  const { render, errors, session, since, breakFolders } = await setUp()
  const changes = await (await since(0))()
  breakFolders(session.key)
  const html = await render(changes, true)
  assert.ok(errors.length > 0)
  assert.ok(targets(html).length > 0, 'the other session is shown')
})

rendering('of several partials for one place only the last is sent', () => {
  const partial = (id: string, text: string, swap = 'outerMorph') =>
    `<hx-partial hx-target="#${id}" hx-swap="${swap}">${text}</hx-partial>`
  assert.is(
    collapsed(partial('a', '1') + partial('b', '1') + partial('a', '2')),
    partial('b', '1') + partial('a', '2'),
  )
  const added = partial('log', '1', 'beforeend') + partial('log', '2', 'beforeend')
  assert.is(collapsed(added), added)
  assert.is(collapsed(''), '')
})

rendering.run()

async function setUp() {
  const db = await freshDatabase()
  const [session] = [
    await addArchive(db, { status: 'processing' }),
    await addArchive(db, { artwork: 'Solaris' }),
  ]
  const errors: unknown[] = []
  let broken: string | undefined
  const sessions = {
    outputFolder: async ({ key }: { key: string }) => {
      if (key === broken) throw new Error('no folder')
      return null
    },
  } as unknown as SessionCommands
  const estimates = createEstimates(db, 2)
  const render = createRenderer({ db, sessions, estimates, onError: (error) => errors.push(error) })
  return {
    db,
    session,
    errors,
    render,
    breakFolders: (key: string) => (broken = key),
    /** The changes from now on, or from event `from` on. */
    async since(from?: number) {
      const start = from ?? (await lastEventId(db))
      return async (): Promise<Event[]> => changesAfter(db, start)
    },
  }
}

const targets = (html: string) => [...html.matchAll(/hx-target="#([^"]+)"/g)].map(([, id]) => id)
