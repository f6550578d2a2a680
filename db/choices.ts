/**
 * The choice a person makes: ticks, groups, and that it is made. Every change is recorded in `edit`.
 */

import type { Transaction } from 'kysely'
import { actorOf } from './actors.ts'
import { ChoiceError, choosing, notChoosing } from './choosing.ts'
import { isToBeDone } from './choice_again.ts'
import { edit } from './room_edits.ts'
import { newKey } from './keys.ts'
import { type GroupRow, type RoomState, writeGroups } from './room_state.ts'
import { groupsOf, scenesOf } from './scenes.ts'
import type { Database, Db } from './schema.ts'
import { now, updateSession } from './sessions.ts'

type Tx = Transaction<Database>

/**
 * Ticks exactly these scenes.
 * @param seen the event up to which whoever does it had seen the scenes: a number may be another scene's since.
 * @throws ChoiceError `not_choosing` once the choice is made, `scene_not_found`, `changed_meanwhile`.
 */
export const setTicks = (
  db: Db,
  sessionId: number,
  numbers: readonly number[],
  seen?: number,
): Promise<void> =>
  edit(db, sessionId, { command: 'scenes.tick', subject: String(numbers.length), seen }, async (tx) =>
    tickExactly(tx, sessionId, await cutsOf(tx, sessionId, numbers)),
  )

/** Ids of cuts. */
export interface Ticks {
  tick: readonly number[]
  untick: readonly number[]
}

/**
 * Ticks and unticks these scenes and leaves all others alone; those that are gone are passed over.
 * @throws ChoiceError `not_choosing`.
 */
export const changeTicks = (db: Db, sessionId: number, ticks: Ticks): Promise<void> => {
  const subject = String(ticks.tick.length + ticks.untick.length)
  return edit(db, sessionId, { command: 'scenes.tick', subject }, (tx) => applyTicks(tx, sessionId, ticks))
}

async function applyTicks(tx: Tx, sessionId: number, { tick, untick }: Ticks): Promise<void> {
  for (const [ticked, ids] of [[1, tick] as const, [0, untick] as const]) {
    if (ids.length === 0) continue
    await tx
      .updateTable('cut')
      .set({ ticked })
      .where('session_id', '=', sessionId)
      .where('id', 'in', ids)
      .execute()
  }
}

/**
 * A group of two or more scenes, played in the order given; it comes last. Its key is returned.
 * @throws ChoiceError `not_choosing`, `scene_not_found`, `group_too_small`.
 */
export const addGroup = (db: Db, sessionId: number, numbers: readonly number[]): Promise<string> =>
  edit(db, sessionId, { command: 'group.add', subject: '' }, async (tx, room) =>
    appendGroup(tx, sessionId, room, await cutsOf(tx, sessionId, numbers)),
  )

/** The same of cuts, by their ids. */
export const addGroupOfCuts = (db: Db, sessionId: number, ids: readonly number[]): Promise<string> =>
  edit(db, sessionId, { command: 'group.add', subject: '' }, (tx, room) =>
    appendGroup(tx, sessionId, room, known(room, ids)),
  )

async function appendGroup(tx: Tx, sessionId: number, room: RoomState, cuts: number[]): Promise<string> {
  if (cuts.length < 2) throw new ChoiceError('group_too_small', 'Tick two or more scenes to group them.')
  const key = newKey()
  const { id } = await tx
    .insertInto('scene_group')
    .values({ key, session_id: sessionId, position: room.groups.length + 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('scene_group_member')
    .values(cuts.map((cut_id, index) => ({ group_id: id, cut_id, position: index + 1 })))
    .execute()
  return key
}

/**
 * An empty name goes back to the group's number.
 * @param was the name as it was read before; not asked where it does not matter.
 * @throws ChoiceError `not_choosing`, `group_not_found`, `changed_meanwhile` where it is not `was` any more.
 */
export const renameGroup = (
  db: Db,
  sessionId: number,
  key: string,
  given: string,
  was?: string,
): Promise<void> =>
  changeGroups(db, sessionId, 'group.rename', key, (groups, group) => {
    const name = given.trim() === '' ? null : given.trim()
    if (was !== undefined && was.trim() !== (group.name ?? '') && name !== group.name)
      throw new ChoiceError(
        'changed_meanwhile',
        group.name === null
          ? 'Somebody has taken the name of this group away meanwhile.'
          : `Somebody has called this group “${group.name}” meanwhile.`,
      )
    return groups.with(groups.indexOf(group), { ...group, name })
  })

/**
 * Changes places with the group above or below; where there is none, nothing happens.
 * @throws ChoiceError `not_choosing`, `group_not_found`.
 */
export const moveGroup = (db: Db, sessionId: number, key: string, way: 'up' | 'down'): Promise<void> =>
  changeGroups(db, sessionId, 'group.move', key, (groups, group) => {
    const from = groups.indexOf(group)
    const to = from + (way === 'up' ? -1 : 1)
    const other = groups[to]
    return other ? groups.with(from, other).with(to, group) : groups
  })

/**
 * Puts a group to a place among the others, from 1.
 * @throws ChoiceError `not_choosing`, `group_not_found`.
 */
export const placeGroup = (db: Db, sessionId: number, key: string, place: number): Promise<void> =>
  changeGroups(db, sessionId, 'group.move', key, (groups, group) => {
    const others = groups.filter((other) => other !== group)
    return others.toSpliced(place - 1, 0, group)
  })

/**
 * The group's scenes in playing order, by the ids of their cuts; those that are gone are passed over.
 * @param was them as they were read before; not asked where it does not matter.
 * @throws ChoiceError `not_choosing`, `group_not_found`, `group_too_small` where none is left, `changed_meanwhile` where
 * they are not `was` any more.
 */
export const fillGroup = (
  db: Db,
  sessionId: number,
  key: string,
  cuts: readonly number[],
  was?: readonly number[],
): Promise<void> =>
  changeGroups(db, sessionId, 'group.scenes', key, (groups, group, room) => {
    if (was && String(was) !== String(group.cuts) && String(cuts) !== String(group.cuts))
      throw new ChoiceError('changed_meanwhile', 'Somebody has changed the scenes of this group meanwhile.')
    const members = known(room, cuts)
    if (members.length === 0) throw new ChoiceError('group_too_small', 'A group has at least one scene.')
    return groups.with(groups.indexOf(group), { ...group, cuts: members })
  })

/**
 * Puts more scenes at the end of a group, by the ids of their cuts; those it has keep their places.
 * @throws ChoiceError `not_choosing`, `group_not_found`.
 */
export const addToGroup = (db: Db, sessionId: number, key: string, cuts: readonly number[]): Promise<void> =>
  changeGroups(db, sessionId, 'group.scenes', key, (groups, group, room) =>
    groups.with(groups.indexOf(group), { ...group, cuts: known(room, [...group.cuts, ...cuts]) }),
  )

/** @throws ChoiceError `not_choosing`, `group_not_found`. */
export const removeGroup = (db: Db, sessionId: number, key: string): Promise<void> =>
  changeGroups(db, sessionId, 'group.remove', key, (groups, group) =>
    groups.filter((other) => other !== group),
  )

function changeGroups(
  db: Db,
  sessionId: number,
  command: string,
  key: string,
  change: (groups: GroupRow[], group: GroupRow, room: RoomState) => GroupRow[],
): Promise<void> {
  const named = db.selectFrom('scene_group').select('name').where('key', '=', key).executeTakeFirst()
  return named.then((row) =>
    edit(db, sessionId, { command, subject: row?.name ?? '' }, async (tx, room) => {
      const group = room.groups.find((candidate) => candidate.key === key)
      if (!group) throw new ChoiceError('group_not_found', 'There is no such group any more.')
      await writeGroups(tx, sessionId, change(room.groups, group, room))
    }),
  )
}

const known = (room: RoomState, ids: readonly number[]) => [...new Set(ids)].filter((id) => room.cuts.has(id))

/**
 * The ticks and groups as they are become the choice, and the session goes on.
 * @param last what is ticked first: exactly these scenes by their numbers, or changes by the ids of cuts.
 * @returns whether all had been made before (`reopenChoice`): the session is completed then as it was, and what the
 * new choice has made out of date is to be remade.
 * @throws ChoiceError `not_choosing` unless the session waits for it, `scene_not_found`.
 */
export function confirmChoice(db: Db, sessionId: number, last?: readonly number[] | Ticks): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { operation, ended } = await choosing(tx, sessionId)
    if (ended || operation?.status !== 'waiting') throw notChoosing()
    if (last && 'tick' in last) await applyTicks(tx, sessionId, last)
    else if (last) await tickExactly(tx, sessionId, await cutsOf(tx, sessionId, last))
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
    const isMade = !(await isToBeDone(tx, sessionId))
    await updateSession(tx, sessionId, { wanted: 'run', status: isMade ? 'completed' : 'processing' })
    await tx
      .insertInto('edit')
      .values({
        session_id: sessionId,
        command: 'choice.confirm',
        subject: '',
        actor: actorOf(db),
        after: JSON.stringify({ scenes, groups }),
      })
      .execute()
    return isMade
  })
}

async function tickExactly(tx: Tx, sessionId: number, cuts: readonly number[]): Promise<void> {
  await tx
    .updateTable('cut')
    .set((eb) => ({
      ticked: eb
        .case()
        .when('id', 'in', [...cuts, 0])
        .then(1)
        .else(0)
        .end(),
    }))
    .where('session_id', '=', sessionId)
    .execute()
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
