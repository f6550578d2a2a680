/**
 * Cuts put right by hand, and found anew: each command is one edit that can be undone.
 */

import type { Insertable, Transaction } from 'kysely'
import { ChoiceError } from './choosing.ts'
import { inParts, listed } from './many.ts'
import { edit } from './room_edits.ts'
import { type CutRow, type CutSettings, type GroupRow, type RoomState, writeGroups } from './room_state.ts'
import type { CutOrigin, Database, Db } from './schema.ts'

type Tx = Transaction<Database>

/** A frame and its time: seconds from the first frame's PTS. */
export interface Place {
  frame: number
  time: number
}

/**
 * Makes a scene begin here. It is ticked as the scene was that it splits.
 * @throws ChoiceError `cut_not_possible` where one begins already, `not_choosing`, `changed_meanwhile`.
 */
export const addCut = (db: Db, sessionId: number, place: Place, seen?: number): Promise<void> =>
  edit(db, sessionId, { command: 'cut.add', subject: String(place.frame), seen }, async (tx, room) => {
    if (cutAt(room, place.frame)) throw notPossible('A scene begins there already.')
    await insertCuts(tx, sessionId, room, [place], 'hand')
    await forget(tx, sessionId, place.frame)
  })

/**
 * Cuts read from a file: they stay whatever is detected later. Those that are there already are left as they are.
 * @returns how many were added.
 */
export const importCuts = (db: Db, sessionId: number, places: Place[], seen?: number): Promise<number> => {
  const subject = String(places.length)
  return edit(db, sessionId, { command: 'cuts.import', subject, seen }, async (tx, room) => {
    const fresh = places.filter(({ frame }) => !cutAt(room, frame))
    await insertCuts(tx, sessionId, room, fresh, 'import')
    for (const { frame } of fresh) await forget(tx, sessionId, frame)
    return fresh.length
  })
}

/**
 * Merges a scene with the one before it, which takes over its star, its note and its place in groups, and stays ticked
 * if either was. A re-cut does not bring the cut back.
 * @throws ChoiceError `scene_not_found`, `cut_not_possible` for the first scene, `not_choosing`.
 */
export const removeCut = (db: Db, sessionId: number, cutId: number, seen?: number): Promise<void> =>
  changeCut(db, sessionId, cutId, { command: 'cut.remove', seen }, async (tx, room, cut) => {
    const before = previous(room, cut)
    if (!before) throw notPossible('The first scene begins with the film.')
    await tx
      .updateTable('cut')
      .set({
        ticked: Math.max(before.ticked, cut.ticked),
        starred: Math.max(before.starred, cut.starred),
        note: [before.note, cut.note].filter(Boolean).join(' / ') || null,
      })
      .where('id', '=', before.id)
      .execute()
    const groups = replaced(room.groups, cut.id, before.id)
    if (groups) await writeGroups(tx, sessionId, groups)
    await tx.deleteFrom('cut').where('id', '=', cut.id).execute()
    if (cut.origin !== 'hand') await remember(tx, sessionId, cut.frame)
  })

/**
 * Lets a scene begin earlier or later, but not beyond its neighbours. The cut is then one by hand.
 * @param from where whoever moves it had seen it.
 * @throws ChoiceError `scene_not_found`, `cut_not_possible`, `not_choosing`, `changed_meanwhile`.
 */
export const moveCut = (
  db: Db,
  sessionId: number,
  cutId: number,
  place: Place,
  from: number,
): Promise<void> =>
  changeCut(db, sessionId, cutId, { command: 'cut.move' }, async (tx, room, cut) => {
    if (cut.frame !== from)
      throw new ChoiceError('changed_meanwhile', `This cut was moved to frame ${cut.frame}.`)
    const [before, after] = [previous(room, cut), next(room, cut)]
    if (!before) throw notPossible('The first scene begins with the film.')
    if (place.frame <= before.frame) throw notPossible('The scene before it would be empty.')
    if (after && place.frame >= after.frame) throw notPossible('The scene would be empty.')
    await tx
      .updateTable('cut')
      .set({ ...place, origin: 'hand' })
      .where('id', '=', cut.id)
      .execute()
    if (cut.origin !== 'hand') await remember(tx, sessionId, cut.frame)
    await forget(tx, sessionId, place.frame)
  })

export interface Mark {
  starred?: boolean | undefined
  /** Empty for none. */
  note?: string | undefined
  /** The note as it was read before; not asked where it does not matter. */
  was?: string | undefined
}

/**
 * What a person thinks of a scene.
 * @throws ChoiceError `scene_not_found`, `not_choosing`, `changed_meanwhile` where the note is not `was` any more.
 */
export const markCut = (db: Db, sessionId: number, cutId: number, mark: Mark): Promise<void> => {
  const command = mark.note === undefined ? 'scene.star' : 'scene.note'
  return changeCut(db, sessionId, cutId, { command }, async (tx, _room, cut) => {
    const note = mark.note === undefined ? cut.note : mark.note.trim() || null
    const isStale = mark.was !== undefined && mark.was.trim() !== (cut.note ?? '') && note !== cut.note
    if (isStale) {
      const theirs =
        cut.note === null
          ? 'Somebody took the note away meanwhile'
          : `Somebody wrote meanwhile: “${cut.note}”`
      throw new ChoiceError('changed_meanwhile', `${theirs}. Yours was not kept: “${note ?? ''}”.`)
    }
    const starred = mark.starred === undefined ? cut.starred : Number(mark.starred)
    await tx.updateTable('cut').set({ note, starred }).where('id', '=', cut.id).execute()
  })
}

export interface Found {
  settings: CutSettings
  /** Frame 0 first. */
  cuts: Place[]
}

/**
 * Replaces what a detector found by what it finds now. A cut that is found again keeps all that was made of it; cuts by
 * hand and from files stay, and those that a person took away stay away. New scenes are ticked as those they split.
 * @param how `look` is shown the room before, and may throw to leave it as it is.
 */
export const findCuts = (
  db: Db,
  sessionId: number,
  { settings, cuts }: Found,
  how: { seen?: number | undefined; look?: ((room: RoomState) => void) | undefined } = {},
): Promise<void> => {
  const subject = `${settings.detector} ${settings.threshold} ${settings.min_scene_length}`
  return edit(db, sessionId, { command: 'cuts.find', subject, seen: how.seen }, async (tx, room) => {
    how.look?.(room)
    const { gone, fresh } = weighCuts(room, cuts)
    await insertCuts(tx, sessionId, room, fresh, 'detector')
    await tx
      .deleteFrom('cut')
      .where('id', 'in', listed(gone.map(({ id }) => id)))
      .execute()
    await tx.updateTable('session').set(settings).where('id', '=', sessionId).execute()
    await dropEmptyGroups(tx, sessionId)
  })
}

/** Which cuts would go and which come, were these found. */
export function weighCuts(
  room: Pick<RoomState, 'cuts' | 'removed'>,
  cuts: Place[],
): { gone: CutRow[]; fresh: Place[] } {
  const found = new Set(cuts.map(({ frame }) => frame))
  const removed = new Set(room.removed)
  const all = [...room.cuts.values()]
  const known = new Set(all.map(({ frame }) => frame))
  return {
    gone: all.filter(({ origin, frame }) => origin === 'detector' && !found.has(frame)),
    fresh: cuts.filter(({ frame }) => !known.has(frame) && !removed.has(frame)),
  }
}

/** Where there is no cut at all yet, the film's beginning becomes one first. */
async function insertCuts(
  tx: Tx,
  sessionId: number,
  room: RoomState,
  places: Place[],
  origin: CutOrigin,
): Promise<void> {
  const before = [...room.cuts.values()]
  const begins = before.length === 0 && places.length > 0 && places.every(({ frame }) => frame > 0)
  const first = { session_id: sessionId, frame: 0, time: 0, origin: 'start', ticked: 1 } as const
  const rows: Insertable<Database['cut']>[] = begins ? [first] : []
  let next = 0
  for (const { frame, time } of places.toSorted((a, b) => a.frame - b.frame)) {
    while ((before[next]?.frame ?? Infinity) < frame) next++
    const ticked = before[next - 1]?.ticked ?? 1
    rows.push({ session_id: sessionId, frame, time, origin: frame === 0 ? 'start' : origin, ticked })
  }
  for (const part of inParts(rows)) await tx.insertInto('cut').values(part).execute()
}

async function dropEmptyGroups(tx: Tx, sessionId: number): Promise<void> {
  await tx
    .deleteFrom('scene_group')
    .where('session_id', '=', sessionId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('scene_group_member')
            .select('cut_id')
            .whereRef('scene_group_member.group_id', '=', 'scene_group.id'),
        ),
      ),
    )
    .execute()
}

function changeCut(
  db: Db,
  sessionId: number,
  cutId: number,
  doing: { command: string; seen?: number | undefined },
  change: (tx: Tx, room: RoomState, cut: CutRow) => Promise<void>,
): Promise<void> {
  return db
    .selectFrom('cut')
    .select('frame')
    .where('id', '=', cutId)
    .executeTakeFirst()
    .then((known) =>
      edit(db, sessionId, { ...doing, subject: String(known?.frame ?? '') }, async (tx, room) => {
        const cut = room.cuts.get(cutId)
        if (!cut)
          throw new ChoiceError(
            'scene_not_found',
            'This scene was merged with another or cut anew meanwhile.',
          )
        await change(tx, room, cut)
      }),
    )
}

const cutAt = (room: RoomState, frame: number) => [...room.cuts.values()].find((cut) => cut.frame === frame)

const previous = (room: RoomState, cut: CutRow) =>
  [...room.cuts.values()].findLast(({ frame }) => frame < cut.frame)

const next = (room: RoomState, cut: CutRow) => [...room.cuts.values()].find(({ frame }) => frame > cut.frame)

/** Groups with one scene in the place of another; undefined where none has it. */
function replaced(groups: GroupRow[], from: number, to: number): GroupRow[] | undefined {
  if (!groups.some(({ cuts }) => cuts.includes(from))) return undefined
  return groups.map((group) => ({
    ...group,
    cuts: [...new Set(group.cuts.map((id) => (id === from ? to : id)))],
  }))
}

async function remember(tx: Tx, sessionId: number, frame: number): Promise<void> {
  await tx
    .insertInto('removed_cut')
    .values({ session_id: sessionId, frame })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

async function forget(tx: Tx, sessionId: number, frame: number): Promise<void> {
  await tx.deleteFrom('removed_cut').where('session_id', '=', sessionId).where('frame', '=', frame).execute()
}

const notPossible = (message: string) => new ChoiceError('cut_not_possible', message)
