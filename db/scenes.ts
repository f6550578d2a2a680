/**
 * Cuts, the scenes between them, and the groups a person makes of them.
 */

import type { Insertable, Transaction } from 'kysely'
import { newKey } from './keys.ts'
import { inParts, listed } from './many.ts'
import type { Database, Db, Scene } from './schema.ts'

type Tx = Transaction<Database>

export const scenesOf = (db: Db | Tx, sessionId: number): Promise<Scene[]> =>
  db.selectFrom('scene').selectAll().where('session_id', '=', sessionId).orderBy('number').execute()

/** @param number from 1. */
export const sceneNumbered = (db: Db, sessionId: number, number: number): Promise<Scene | undefined> =>
  db
    .selectFrom('scene')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('number', '=', number)
    .executeTakeFirst()

/**
 * Replaces what the detector found before. A cut that is found again keeps its tick, star, note and groups;
 * cuts made by hand stay,
 * and those that a person took away stay away.
 */
export async function saveCuts(
  tx: Tx,
  sessionId: number,
  cuts: { frame: number; time: number }[],
): Promise<void> {
  const removed = await tx
    .selectFrom('removed_cut')
    .select('frame')
    .where('session_id', '=', sessionId)
    .execute()
  const taken = new Set(removed.map(({ frame }) => frame))
  const found = cuts.filter(({ frame }) => !taken.has(frame))
  await tx
    .deleteFrom('cut')
    .where('session_id', '=', sessionId)
    .where('origin', 'in', ['start', 'detector'])
    .where('frame', 'not in', listed(found.map(({ frame }) => frame)))
    .execute()
  const rows = found.map(({ frame, time }): Insertable<Database['cut']> => {
    return { session_id: sessionId, frame, time, origin: frame === 0 ? 'start' : 'detector' }
  })
  for (const part of inParts(rows))
    await tx
      .insertInto('cut')
      .values(part)
      .onConflict((oc) =>
        oc.columns(['session_id', 'frame']).doUpdateSet({ time: (eb) => eb.ref('excluded.time') }),
      )
      .execute()
}

export interface GroupOfScenes {
  id: number
  key: string
  name: string | null
  position: number
  /** Scene numbers in the order they are played. */
  scenes: number[]
}

export async function groupsOf(db: Db | Tx, sessionId: number): Promise<GroupOfScenes[]> {
  const rows = await db
    .selectFrom('scene_group')
    .innerJoin('scene_group_member', 'scene_group_member.group_id', 'scene_group.id')
    .innerJoin('scene', 'scene.cut_id', 'scene_group_member.cut_id')
    .select(['scene_group.id', 'scene_group.key', 'scene_group.name', 'scene_group.position', 'scene.number'])
    .where('scene_group.session_id', '=', sessionId)
    .where('scene.session_id', '=', sessionId)
    .orderBy('scene_group.position')
    .orderBy('scene_group_member.position')
    .execute()
  const groups = new Map<number, GroupOfScenes>()
  for (const { number, ...group } of rows) {
    const known = groups.get(group.id) ?? { ...group, scenes: [] }
    known.scenes.push(number)
    groups.set(group.id, known)
  }
  return [...groups.values()]
}

/** Ticks exactly these scenes and replaces the session's groups, each a list of scene numbers in playing order. */
export async function applyChoice(
  tx: Tx,
  sessionId: number,
  choice: { scenes: number[]; groups: { name: string | null; scenes: number[] }[] },
): Promise<void> {
  const cutOf = new Map((await scenesOf(tx, sessionId)).map((scene) => [scene.number, scene.cut_id]))
  const cuts = (numbers: number[]) => numbers.flatMap((number) => cutOf.get(number) ?? [])
  await tx.updateTable('cut').set({ ticked: 0 }).where('session_id', '=', sessionId).execute()
  for (const id of cuts(choice.scenes))
    await tx.updateTable('cut').set({ ticked: 1 }).where('id', '=', id).execute()

  await tx.deleteFrom('scene_group').where('session_id', '=', sessionId).execute()
  for (const [index, { name, scenes }] of choice.groups.entries()) {
    const { id } = await tx
      .insertInto('scene_group')
      .values({ key: newKey(), session_id: sessionId, position: index + 1, name })
      .returning('id')
      .executeTakeFirstOrThrow()
    const members = cuts(scenes).map((cut_id, position) => ({ group_id: id, cut_id, position: position + 1 }))
    await tx.insertInto('scene_group_member').values(members).execute()
  }
}
