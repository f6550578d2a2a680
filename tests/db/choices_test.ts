import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  addGroup,
  confirmChoice,
  fillGroup,
  moveGroup,
  removeGroup,
  renameGroup,
  setTicks,
} from '../../db/choices.ts'
import { isReopened, leaveChoice, reopenChoice } from '../../db/choice_again.ts'
import { markCut, moveCut, removeCut } from '../../db/cuts.ts'
import { editsOf, undo } from '../../db/room_edits.ts'
import { readRoom } from '../../db/room_state.ts'
import { groupsOf, scenesOf } from '../../db/scenes.ts'
import type { Db, Session } from '../../db/schema.ts'
import { addArchive, freshDatabase, refusal, rows } from './fixture.ts'

const choices = suite<{ db: Db; session: Session }>('choices')

choices.before.each(async (context) => {
  context.db = await freshDatabase()
  context.session = await addArchive(context.db, { status: 'waiting' })
  await setChoose(context.db, 'waiting')
})
choices.after.each(({ db }) => db.destroy())

choices('ticks are exactly those given, and the change is recorded', async ({ db, session }) => {
  await setTicks(db, session.id, [2, 4])
  assert.equal(await ticked(db, session), [2, 4])
  await setTicks(db, session.id, [])
  assert.equal(await ticked(db, session), [])
  assert.equal(await rows(db, 'select command, before, after, actor from edit where id = 1'), [
    {
      command: 'scenes.tick',
      before: '{"cuts":{"1":{"ticked":1},"3":{"ticked":1},"4":{"ticked":0}}}',
      after: '{"cuts":{"1":{"ticked":0},"3":{"ticked":0},"4":{"ticked":1}}}',
      actor: null,
    },
  ])
  assert.equal(await rows(db, 'select count(*) as edits from edit'), [{ edits: 2 }])
})

choices('a tick of a scene that is not there changes nothing', async ({ db, session }) => {
  assert.is((await refusal(setTicks(db, session.id, [1, 9]))).code, 'scene_not_found')
  assert.equal(await ticked(db, session), [1, 2, 3])
})

choices(
  'groups are made, named, moved and removed, and keep their places without gaps',
  async ({ db, session }) => {
    const [first = ''] = (await groupsOf(db, session.id)).map(({ key }) => key)
    const second = await addGroup(db, session.id, [1, 2])
    const third = await addGroup(db, session.id, [4, 1])
    await renameGroup(db, session.id, third, ' Opening ')
    await moveGroup(db, session.id, third, 'up')
    await moveGroup(db, session.id, first, 'up')
    assert.equal(await keys(db, session), [first, third, second])
    await removeGroup(db, session.id, first)
    const groups = await groupsOf(db, session.id)
    assert.equal(
      groups.map(({ name, scenes, position }) => ({ name, scenes, position })),
      [
        { name: 'Opening', scenes: [4, 1], position: 1 },
        { name: null, scenes: [1, 2], position: 2 },
      ],
    )
    const commands = (await rows<{ command: string }>(db, 'select command from edit order by id')).map(
      ({ command }) => command,
    )
    assert.equal(commands, ['group.add', 'group.add', 'group.rename', 'group.move', 'group.remove'])
  },
)

choices('one scene makes no group, and a group that is gone cannot be changed', async ({ db, session }) => {
  assert.is((await refusal(addGroup(db, session.id, [2, 2]))).code, 'group_too_small')
  assert.is((await refusal(renameGroup(db, session.id, 'nope', 'x'))).code, 'group_not_found')
})

choices('a group that somebody else changed meanwhile is not overwritten', async ({ db, session }) => {
  const [key = ''] = (await groupsOf(db, session.id)).map((group) => group.key)
  await renameGroup(db, session.id, key, 'Theirs', '')
  assert.is((await refusal(renameGroup(db, session.id, key, 'Mine', ''))).code, 'changed_meanwhile')
  await renameGroup(db, session.id, key, 'Theirs', '')
  await renameGroup(db, session.id, key, 'Mine', 'Theirs')
  await fillGroup(db, session.id, key, [4, 3], [3, 4])
  assert.is((await refusal(fillGroup(db, session.id, key, [3], [3, 4]))).code, 'changed_meanwhile')
  const [group] = await groupsOf(db, session.id)
  assert.equal([group?.name, group?.scenes], ['Mine', [4, 3]])
})

choices('a confirmed choice lets the session go on, once', async ({ db, session }) => {
  await confirmChoice(db, session.id, [1, 3])
  const [operation] = await rows(db, `select status, settings from operation where name = 'choose'`)
  assert.equal(operation, { status: 'completed', settings: '{"scenes":2,"groups":[[3,4]]}' })
  const [after] = await rows(db, 'select status, wanted from session')
  assert.equal(after, { status: 'processing', wanted: 'run' })
  assert.is((await refusal(confirmChoice(db, session.id))).code, 'not_choosing')
  assert.is((await refusal(setTicks(db, session.id, [1]))).code, 'not_choosing')
  assert.is((await refusal(addGroup(db, session.id, [1, 2]))).code, 'not_choosing')
})

choices(
  'the choice of a completed session is opened again, and ends it once more',
  async ({ db, session }) => {
    assert.is((await refusal(reopenChoice(db, session.id))).code, 'not_choosing')
    assert.is(await confirmChoice(db, session.id), false)
    assert.is((await refusal(reopenChoice(db, session.id))).code, 'not_choosing', 'it runs')
    await rows(db, `update operation set status = 'completed' where name != 'choose' returning id`)
    await rows(db, `update session set status = 'completed', choice = '{}' returning id`)
    await reopenChoice(db, session.id)
    await setTicks(db, session.id, [4])
    const [open] = await rows(db, 'select status, choice, completed_at from session')
    assert.equal(open, { status: 'waiting', choice: null, completed_at: null })
    assert.is(await confirmChoice(db, session.id), true)
    const [made] = await rows(db, 'select status, completed_at is not null as ended from session')
    assert.equal(made, { status: 'completed', ended: 1 })
    assert.is((await refusal(setTicks(db, session.id, [1]))).code, 'not_choosing')
  },
)

choices(
  'a choice that was opened again is left as it was: ticks, groups, cuts and how they are found',
  async ({ db, session }) => {
    assert.is((await refusal(leaveChoice(db, session.id))).code, 'not_choosing', 'it is the first')
    const room = () => readRoom(db, session.id)
    const note = { note: 'Mine' }
    await setTicks(db, session.id, [2, 3])
    await markCut(db, session.id, (await scenesOf(db, session.id))[1]?.cut_id ?? 0, note)
    await makeAll(db, session)
    const before = await room()
    await reopenChoice(db, session.id)
    const [first] = (await editsOf(db, session)).lately.filter(({ command }) => command === 'scene.note')
    await undo(db, session.id, first?.id ?? 0)
    await setTicks(db, session.id, [1])
    await addGroup(db, session.id, [1, 2])
    await removeCut(db, session.id, (await scenesOf(db, session.id))[2]?.cut_id ?? 0)
    assert.not.equal(await room(), before)
    await leaveChoice(db, session.id)
    assert.equal(await room(), before)
    const [state] = await rows(db, 'select status, wanted, completed_at is not null as ended from session')
    assert.equal(state, { status: 'completed', wanted: 'run', ended: 1 })
    assert.is((await refusal(leaveChoice(db, session.id))).code, 'not_choosing')
  },
)

choices('a choice that was opened again and not changed is left all the same', async ({ db, session }) => {
  await makeAll(db, session)
  await reopenChoice(db, session.id)
  await leaveChoice(db, session.id)
  assert.is(await isReopened(db, session.id), false)
  const [last] = await rows(db, 'select command, before from edit order by id desc limit 1')
  assert.equal(last, { command: 'choice.leave', before: null })
})

choices('a choice is not left while a step is tried again', async ({ db, session }) => {
  await makeAll(db, session)
  await reopenChoice(db, session.id)
  assert.is(await isReopened(db, session.id), true)
  await rows(db, `update operation set status = 'pending' where name != 'choose' returning id`)
  assert.is(await isReopened(db, session.id), false)
  assert.is((await refusal(leaveChoice(db, session.id))).code, 'not_choosing')
})

choices('cuts that took each other’s places are put back', async ({ db, session }) => {
  const [, second, third] = await scenesOf(db, session.id)
  if (!second || !third) throw new Error('too few scenes')
  await makeAll(db, session)
  const before = await readRoom(db, session.id)
  await reopenChoice(db, session.id)
  const at = (frame: number) => ({ frame, time: frame / 25 })
  await removeCut(db, session.id, second.cut_id)
  await moveCut(db, session.id, third.cut_id, at(second.start_frame), third.start_frame)
  await leaveChoice(db, session.id)
  assert.equal(await readRoom(db, session.id), before)
})

choices('scenes may be ticked before the step waits, but not be confirmed', async ({ db, session }) => {
  await setChoose(db, 'pending')
  await setTicks(db, session.id, [1])
  assert.is((await refusal(confirmChoice(db, session.id))).code, 'not_choosing')
  assert.equal(await ticked(db, session), [1])
})

choices.run()

/** The choice as it is, and all that comes of it. */
async function makeAll(db: Db, session: Session): Promise<void> {
  await confirmChoice(db, session.id)
  await rows(db, `update operation set status = 'completed' where name != 'choose' returning id`)
  await rows(db, `update session set status = 'completed' returning id`)
}

const setChoose = (db: Db, status: 'waiting' | 'pending') =>
  rows(db, `update operation set status = '${status}' where name = 'choose' returning id`)

const ticked = async (db: Db, session: Session) =>
  (await scenesOf(db, session.id)).filter((scene) => scene.ticked === 1).map(({ number }) => number)

const keys = async (db: Db, session: Session) => (await groupsOf(db, session.id)).map(({ key }) => key)
