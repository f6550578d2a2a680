import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addGroup, confirmChoice, setTicks } from '../../db/choices.ts'
import { addCut, findCuts, importCuts, markCut, moveCut, removeCut } from '../../db/cuts.ts'
import { editsOf, redo, undo } from '../../db/room_edits.ts'
import { readRoom } from '../../db/room_state.ts'
import { groupsOf, scenesOf } from '../../db/scenes.ts'
import { pickStill } from '../../db/stills.ts'
import type { Db, Session } from '../../db/schema.ts'
import { addArchive, freshDatabase, refusal, rows } from './fixture.ts'

const cuts = suite<{ db: Db; session: Session }>('cuts by hand, found anew, undone')

/** Cuts at 0, 250, 500 and 750 of 1000 frames at 25 a second; scene 4 is not ticked, 3 and 4 are a group. */
cuts.before.each(async (context) => {
  context.db = await freshDatabase()
  context.session = await addArchive(context.db, { status: 'waiting' })
  await rows(context.db, `update operation set status = 'waiting' where name = 'choose' returning id`)
})
cuts.after.each(({ db }) => db.destroy())

const at = (frame: number) => ({ frame, time: frame / 25 })
const starts = async (db: Db, session: Session) =>
  (await scenesOf(db, session.id)).map(({ start_frame }) => start_frame)
const idOf = async (db: Db, session: Session, number: number) =>
  (await scenesOf(db, session.id))[number - 1]?.cut_id ?? 0
const settings = { detector: 'content', threshold: 30, min_scene_length: 15 }

cuts('a split is ticked as the scene it splits, and marked as by hand', async ({ db, session }) => {
  await addCut(db, session.id, at(100))
  await addCut(db, session.id, at(800))
  const scenes = await scenesOf(db, session.id)
  assert.equal(
    scenes.map(({ start_frame, origin, ticked }) => [start_frame, origin, ticked]),
    [
      [0, 'start', 1],
      [100, 'hand', 1],
      [250, 'detector', 1],
      [500, 'detector', 1],
      [750, 'detector', 0],
      [800, 'hand', 0],
    ],
  )
  assert.is((await refusal(addCut(db, session.id, at(800)))).code, 'cut_not_possible')
})

cuts('where there is no cut at all, the first by hand makes two scenes', async ({ db, session }) => {
  await db.deleteFrom('cut').where('session_id', '=', session.id).execute()
  await addCut(db, session.id, at(400))
  assert.equal(await starts(db, session), [0, 400])
})

cuts('a threshold that finds a cut in every other frame of an hour is taken, and undone', async (context) => {
  const { db, session } = context
  const places = Array.from({ length: 45_000 }, (_, n) => at(2 * n))
  await findCuts(db, session.id, { settings: { ...settings, threshold: 1 }, cuts: places })
  assert.equal(
    await starts(db, session),
    places.map(({ frame }) => frame),
  )
  const edits = await editsOf(db, session)
  await undo(db, session.id, edits.undo?.id ?? 0)
  assert.equal(await starts(db, session), [0, 250, 500, 750])
  await redo(db, session.id, edits.undo?.id ?? 0)
  assert.is((await starts(db, session)).length, 45_000)
})

cuts(
  'a picked still is undone and redone like all else, until the choice is made',
  async ({ db, session }) => {
    const second = async () => (await scenesOf(db, session.id))[1]
    const pick = async (frame: number | null) => {
      const scene = await second()
      if (scene) await pickStill(db, session.id, scene, frame)
    }
    const turn = async (way: typeof undo, edit: 'undo' | 'redo') =>
      way(db, session.id, (await editsOf(db, session))[edit]?.id ?? 0)
    await pick(300)
    await pick(300)
    await pick(320)
    await turn(undo, 'undo')
    assert.is((await second())?.still_frame, 300)
    await turn(redo, 'redo')
    assert.is((await second())?.still_frame, 320)
    await turn(undo, 'undo')
    await pick(330)
    const { redo: forgotten, lately } = await editsOf(db, session)
    assert.equal(
      [forgotten, lately.length],
      [undefined, 3],
      'another pick takes the place of what was undone',
    )
    await turn(undo, 'undo')
    await turn(undo, 'undo')
    assert.is((await second())?.still_frame, null)

    await confirmChoice(db, session.id)
    await pick(340)
    assert.is((await second())?.still_frame, 340)
    assert.is((await refusal(turn(undo, 'undo'))).code, 'not_choosing')
  },
)

cuts('a merge keeps star, note, tick and groups of both', async ({ db, session }) => {
  await markCut(db, session.id, await idOf(db, session, 4), { starred: true, note: 'the end' })
  await markCut(db, session.id, await idOf(db, session, 3), { note: 'before it' })
  await removeCut(db, session.id, await idOf(db, session, 4))
  const [, , third] = await scenesOf(db, session.id)
  assert.equal([third?.starred, third?.note, third?.ticked], [1, 'before it / the end', 1])
  assert.equal((await groupsOf(db, session.id))[0]?.scenes, [3])
  assert.is((await refusal(removeCut(db, session.id, await idOf(db, session, 1)))).code, 'cut_not_possible')
})

cuts('a cut moves between its neighbours and is then one by hand', async ({ db, session }) => {
  const second = await idOf(db, session, 2)
  await moveCut(db, session.id, second, at(251), 250)
  assert.equal(await starts(db, session), [0, 251, 500, 750])
  assert.is((await refusal(moveCut(db, session.id, second, at(500), 251))).code, 'cut_not_possible')
  assert.is((await refusal(moveCut(db, session.id, second, at(0), 251))).code, 'cut_not_possible')
  const stale = await refusal(moveCut(db, session.id, second, at(249), 250))
  assert.is(stale.code, 'changed_meanwhile')
  await findCuts(db, session.id, { settings, cuts: [0, 250, 500, 750].map(at) })
  assert.equal(await starts(db, session), [0, 251, 500, 750], 'a re-cut brings back none of it')
})

cuts('a re-cut leaves alone what is by hand, and what was taken away', async ({ db, session }) => {
  await addCut(db, session.id, at(100))
  await removeCut(db, session.id, await idOf(db, session, 4))
  assert.equal(await starts(db, session), [0, 100, 250, 750])
  await findCuts(db, session.id, {
    settings: { ...settings, threshold: 20 },
    cuts: [0, 500, 600, 750].map(at),
  })
  assert.equal(await starts(db, session), [0, 100, 600, 750])
  const [row] = await rows(db, 'select detector, threshold, min_scene_length from session')
  assert.equal(row, { ...settings, threshold: 20 })
  await addCut(db, session.id, at(500))
  assert.equal(await starts(db, session), [0, 100, 500, 600, 750], 'a person may put it back')
})

cuts('cuts from a file are added to those there are', async ({ db, session }) => {
  assert.is(await importCuts(db, session.id, [0, 250, 300].map(at)), 1)
  assert.equal(await starts(db, session), [0, 250, 300, 500, 750])
})

cuts('all of it is undone and done again, step by step', async ({ db, session }) => {
  const states: unknown[] = []
  const state = async () => {
    const { cuts, ...room } = await readRoom(db, session.id)
    return JSON.stringify({ ...room, cuts: [...cuts.values()] })
  }
  const steps = [
    () => setTicks(db, session.id, [2, 4]),
    async () => markCut(db, session.id, await idOf(db, session, 2), { starred: true }),
    async () => markCut(db, session.id, await idOf(db, session, 4), { note: 'a note' }),
    () => addCut(db, session.id, at(600)),
    () => addGroup(db, session.id, [1, 4]),
    async () => moveCut(db, session.id, await idOf(db, session, 4), at(590), 600),
    async () => removeCut(db, session.id, await idOf(db, session, 3)),
    () => findCuts(db, session.id, { settings: { ...settings, threshold: 50 }, cuts: [0, 30].map(at) }),
  ]
  for (const step of steps) {
    states.push(await state())
    await step()
  }
  states.push(await state())
  const next = async (way: 'undo' | 'redo') => (await editsOf(db, session))[way]?.id ?? 0
  for (let index = steps.length - 1; index >= 0; index--) {
    await undo(db, session.id, await next('undo'))
    assert.is(await state(), states[index], `undone to ${index}`)
  }
  assert.is((await refusal(undo(db, session.id, 0))).code, 'nothing_to_undo')
  for (let index = 1; index <= steps.length; index++) {
    await redo(db, session.id, await next('redo'))
    assert.is(await state(), states[index], `done again to ${index}`)
  }
})

cuts('what is done after an undo cannot be overtaken by a redo', async ({ db, session }) => {
  await addCut(db, session.id, at(10))
  await addCut(db, session.id, at(20))
  const ids = async () => {
    const { undo, redo } = await editsOf(db, session)
    return [undo?.id, redo?.id]
  }
  await undo(db, session.id, 2)
  assert.equal(await ids(), [1, 2])
  await addCut(db, session.id, at(30))
  assert.equal(await ids(), [3, undefined])
  await undo(db, session.id, 3)
  assert.equal(await ids(), [1, 3], 'the second is history, the third can come back')
})

cuts('what somebody else did meanwhile is not overwritten', async ({ db, session }) => {
  const { seen } = await editsOf(db, session)
  const second = await idOf(db, session, 2)
  await markCut(db, session.id, second, { note: 'theirs' })
  assert.is((await refusal(setTicks(db, session.id, [1], seen))).code, 'changed_meanwhile')
  const stale = await refusal(markCut(db, session.id, second, { note: 'mine', was: '' }))
  assert.match(stale.message, /“theirs”. Yours was not kept: “mine”/)
  await addCut(db, session.id, at(33))
  assert.is((await refusal(undo(db, session.id, 1))).code, 'changed_meanwhile', 'it is not the last any more')
  await rows(db, 'update cut set note = null returning id')
  await undo(db, session.id, 2)
  assert.is((await refusal(undo(db, session.id, 1))).code, 'changed_meanwhile', 'the room is another')
})

cuts('a change that changes nothing is no edit', async ({ db, session }) => {
  await setTicks(db, session.id, [1, 2, 3])
  assert.equal(await rows(db, 'select id from edit'), [])
})

cuts.run()
