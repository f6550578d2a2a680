/**
 * The choice a person makes: ticks, groups, and that it is made. Every change is recorded in `edit`.
 */

import type { Transaction } from 'kysely'
import { newKey } from './keys.ts'
import { groupsOf, scenesOf } from './scenes.ts'
import type { Database, Db } from './schema.ts'
import { now, updateSession } from './sessions.ts'

type Tx = Transaction<Database>

/** What stands in a choice's way. */
export class ChoiceError extends Error {
  override name = 'ChoiceError'
  code: 'not_choosing' | 'scene_not_found' | 'group_not_found' | 'group_too_small'

  constructor(code: ChoiceError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Ticks exactly these scenes.
 * @throws ChoiceError `not_choosing` once the choice is made, `scene_not_found`.
 */
export function setTicks(db: Db, sessionId: number, numbers: readonly number[]): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await whileChoosing(tx, sessionId)
    await tick(tx, sessionId, numbers)
  })
}

/**
 * A group of two or more scenes, played in the order given; it comes last. Its key is returned.
 * @throws ChoiceError `not_choosing`, `scene_not_found`, `group_too_small`.
 */
export function addGroup(db: Db, sessionId: number, numbers: readonly number[]): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await whileChoosing(tx, sessionId)
    const cuts = await cutsOf(tx, sessionId, numbers)
    if (cuts.length < 2) throw new ChoiceError('group_too_small', 'Tick two or more scenes to group them.')
    const key = newKey()
    const position = (await groupsOf(tx, sessionId)).length + 1
    const { id } = await tx
      .insertInto('scene_group')
      .values({ key, session_id: sessionId, position })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('scene_group_member')
      .values(cuts.map((cut_id, index) => ({ group_id: id, cut_id, position: index + 1 })))
      .execute()
    await record(tx, sessionId, {
      command: 'group.add',
      subject: key,
      before: null,
      after: { scenes: numbers },
    })
    return key
  })
}

/**
 * An empty name goes back to the group's number.
 * @throws ChoiceError `not_choosing`, `group_not_found`.
 */
export function renameGroup(db: Db, sessionId: number, key: string, given: string): Promise<void> {
  const name = given.trim() === '' ? null : given.trim()
  return changeGroup(db, sessionId, key, async (tx, group) => {
    if (group.name === name) return
    await tx.updateTable('scene_group').set({ name }).where('id', '=', group.id).execute()
    await record(tx, sessionId, {
      command: 'group.rename',
      subject: key,
      before: { name: group.name },
      after: { name },
    })
  })
}

/**
 * Changes places with the group above or below; where there is none, nothing happens.
 * @throws ChoiceError `not_choosing`, `group_not_found`.
 */
export function moveGroup(db: Db, sessionId: number, key: string, way: 'up' | 'down'): Promise<void> {
  return changeGroup(db, sessionId, key, async (tx, group, all) => {
    const keys = all.map((other) => other.key)
    const from = keys.indexOf(key)
    const to = from + (way === 'up' ? -1 : 1)
    const other = all[to]
    if (!other) return
    const order = keys.with(from, other.key).with(to, key)
    await renumber(tx, all, order)
    await record(tx, sessionId, { command: 'group.move', subject: group.key, before: keys, after: order })
  })
}

/** @throws ChoiceError `not_choosing`, `group_not_found`. */
export function removeGroup(db: Db, sessionId: number, key: string): Promise<void> {
  return changeGroup(db, sessionId, key, async (tx, group, all) => {
    await tx.deleteFrom('scene_group').where('id', '=', group.id).execute()
    const left = all.filter((other) => other.key !== key)
    const order = left.map((other) => other.key)
    await renumber(tx, left, order)
    const { id: _id, ...before } = group
    await record(tx, sessionId, { command: 'group.remove', subject: key, before, after: null })
  })
}

/**
 * The ticks and groups as they are become the choice, and the session goes on. With `numbers`, these scenes are
 * ticked first.
 * @throws ChoiceError `not_choosing` unless the session waits for it, `scene_not_found`.
 */
export function confirmChoice(db: Db, sessionId: number, numbers?: readonly number[]): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const { operation, ended } = await choosing(tx, sessionId)
    if (ended || operation?.status !== 'waiting') throw notChoosing()
    if (numbers) await tick(tx, sessionId, numbers)
    const scenes = await tickedOf(tx, sessionId)
    const groups = (await groupsOf(tx, sessionId)).map((group) => group.scenes)
    await tx
      .updateTable('operation')
      .set({
        status: 'completed',
        progress: 1,
        settings: JSON.stringify({ scenes: scenes.length, groups }),
        started_at: now,
        seconds: 0,
      })
      .where('id', '=', operation.id)
      .execute()
    await updateSession(tx, sessionId, { wanted: 'run', status: 'processing' })
    await record(tx, sessionId, {
      command: 'choice.confirm',
      subject: '',
      before: null,
      after: { scenes, groups },
    })
  })
}

async function tick(tx: Tx, sessionId: number, numbers: readonly number[]): Promise<void> {
  const wanted = await cutsOf(tx, sessionId, numbers)
  const before = await tickedOf(tx, sessionId)
  await tx
    .updateTable('cut')
    .set((eb) => ({
      ticked: eb
        .case()
        .when('id', 'in', [...wanted, 0])
        .then(1)
        .else(0)
        .end(),
    }))
    .where('session_id', '=', sessionId)
    .execute()
  const after = await tickedOf(tx, sessionId)
  if (after.join() !== before.join())
    await record(tx, sessionId, { command: 'scenes.tick', subject: '', before, after })
}

const tickedOf = async (tx: Tx, sessionId: number) =>
  (await scenesOf(tx, sessionId)).filter(({ ticked }) => ticked === 1).map(({ number }) => number)

async function cutsOf(tx: Tx, sessionId: number, numbers: readonly number[]): Promise<number[]> {
  const cutOf = new Map((await scenesOf(tx, sessionId)).map((scene) => [scene.number, scene.cut_id]))
  return [...new Set(numbers)].map((number) => {
    const cut = cutOf.get(number)
    if (cut === undefined) throw new ChoiceError('scene_not_found', `There is no scene ${number}.`)
    return cut
  })
}

type Group = Awaited<ReturnType<typeof groupsOf>>[number]

function changeGroup(
  db: Db,
  sessionId: number,
  key: string,
  change: (tx: Tx, group: Group, all: Group[]) => Promise<void>,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await whileChoosing(tx, sessionId)
    const all = await groupsOf(tx, sessionId)
    const group = all.find((candidate) => candidate.key === key)
    if (!group) throw new ChoiceError('group_not_found', 'There is no such group any more.')
    await change(tx, group, all)
  })
}

async function renumber(tx: Tx, groups: Group[], order: string[]): Promise<void> {
  for (const { id, key } of groups) {
    const position = order.indexOf(key) + 1
    await tx.updateTable('scene_group').set({ position }).where('id', '=', id).execute()
  }
}

/** Ticks may be set as soon as there are scenes, until the choice is made. */
async function whileChoosing(tx: Tx, sessionId: number): Promise<void> {
  const { operation, ended, choice } = await choosing(tx, sessionId)
  const open = operation?.status === 'waiting' || operation?.status === 'pending'
  if (!open || ended || choice !== null) throw notChoosing()
}

async function choosing(tx: Tx, sessionId: number) {
  const { status, choice } = await tx
    .selectFrom('session')
    .select(['status', 'choice'])
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  const operation = await tx
    .selectFrom('operation')
    .select(['id', 'status'])
    .where('session_id', '=', sessionId)
    .where('name', '=', 'choose')
    .executeTakeFirst()
  return { operation, choice, ended: ['completed', 'failed', 'cancelled'].includes(status) }
}

const notChoosing = () => new ChoiceError('not_choosing', 'This session is not waiting for a choice.')

interface Edit {
  command: string
  subject: string
  before: unknown
  after: unknown
}

async function record(tx: Tx, sessionId: number, { before, after, ...edit }: Edit): Promise<void> {
  await tx
    .insertInto('edit')
    .values({
      ...edit,
      session_id: sessionId,
      before: before === null ? null : JSON.stringify(before),
      after: after === null ? null : JSON.stringify(after),
      actor: null,
    })
    .execute()
}
