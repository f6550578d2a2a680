/**
 * What a person can change in the review room, read whole, compared, and put back: cuts and what is thought of their
 * scenes, groups, and how cuts are found.
 */

import type { Selectable, Transaction } from 'kysely'
import { inParts, listed } from './many.ts'
import type { Database, Db } from './schema.ts'

type Tx = Transaction<Database>

export type CutRow = Omit<Selectable<Database['cut']>, 'session_id'>

export interface GroupRow {
  id: number
  key: string
  name: string | null
  actor: string | null
  /** Ids of cuts, in playing order. */
  cuts: number[]
}

export interface CutSettings {
  detector: string
  threshold: number
  min_scene_length: number
}

export interface RoomState {
  cuts: Map<number, CutRow>
  /** In their order. */
  groups: GroupRow[]
  /** Frames where a person took a cut away, ascending. */
  removed: number[]
  settings: CutSettings
}

/**
 * One side of an edit: what it changed, as it was or became. Of a cut only the columns that differ; all of them where
 * there was no such cut on the other side; null where there is none on this. Groups and frames whole, where they differ.
 */
export interface RoomPart {
  cuts?: Record<string, Partial<CutRow> | null>
  groups?: GroupRow[]
  removed?: number[]
  settings?: CutSettings
}

export async function readRoom(tx: Db | Tx, sessionId: number): Promise<RoomState> {
  const cuts = await tx
    .selectFrom('cut')
    .select(cutColumns)
    .where('session_id', '=', sessionId)
    .orderBy('frame')
    .execute()
  const removed = await tx
    .selectFrom('removed_cut')
    .select('frame')
    .where('session_id', '=', sessionId)
    .orderBy('frame')
    .execute()
  const settings = await tx
    .selectFrom('session')
    .select(['detector', 'threshold', 'min_scene_length'])
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return {
    cuts: new Map(cuts.map((cut) => [cut.id, cut])),
    groups: await readGroups(tx, sessionId),
    removed: removed.map(({ frame }) => frame),
    settings,
  }
}

/** All of a state, as JSON can hold it, and back. */
export const wholeOf = ({ cuts, ...room }: RoomState): Required<RoomPart> => ({
  ...room,
  cuts: Object.fromEntries(cuts),
})
export const stateOf = ({ cuts, ...room }: Required<RoomPart>): RoomState => ({
  ...room,
  cuts: new Map(Object.entries(cuts).map(([id, cut]) => [Number(id), cut as CutRow])),
})

async function readGroups(tx: Db | Tx, sessionId: number): Promise<GroupRow[]> {
  const groups = await tx
    .selectFrom('scene_group')
    .select(['id', 'key', 'name', 'actor'])
    .where('session_id', '=', sessionId)
    .orderBy('position')
    .execute()
  if (groups.length === 0) return []
  const ids = groups.map(({ id }) => id)
  const members = await tx
    .selectFrom('scene_group_member')
    .select(['group_id', 'cut_id'])
    .where('group_id', 'in', ids)
    .orderBy('position')
    .execute()
  return groups.map((group) => ({
    ...group,
    cuts: members.filter(({ group_id }) => group_id === group.id).map(({ cut_id }) => cut_id),
  }))
}

/** What differs between two states, as it was and as it became; undefined where nothing does. */
export function compare(
  before: RoomState,
  after: RoomState,
): { before: RoomPart; after: RoomPart } | undefined {
  const parts: { before: RoomPart; after: RoomPart } = { before: {}, after: {} }
  for (const id of new Set([...before.cuts.keys(), ...after.cuts.keys()])) {
    const [was, is] = [before.cuts.get(id), after.cuts.get(id)]
    const columns = was && is ? cutColumns.filter((name) => was[name] !== is[name]) : cutColumns
    if (columns.length === 0) continue
    ;(parts.before.cuts ??= {})[id] = was ? pick(was, columns) : null
    ;(parts.after.cuts ??= {})[id] = is ? pick(is, columns) : null
  }
  for (const name of ['groups', 'removed', 'settings'] as const) {
    if (same(before[name], after[name])) continue
    Object.assign(parts.before, { [name]: before[name] })
    Object.assign(parts.after, { [name]: after[name] })
  }
  return Object.keys(parts.before).length > 0 ? parts : undefined
}

/** True where the room is, in all that the part tells of, as the part says. */
export function holds(state: RoomState, part: RoomPart): boolean {
  for (const [id, wanted] of Object.entries(part.cuts ?? {})) {
    const row = state.cuts.get(Number(id))
    if ((row === undefined) !== (wanted === null)) return false
    if (row && wanted && !same(pick(row, Object.keys(wanted) as CutColumn[]), wanted)) return false
  }
  return (['groups', 'removed', 'settings'] as const).every(
    (name) => part[name] === undefined || same(state[name], part[name]),
  )
}

/** Makes the room what the part says it was. */
export async function restore(tx: Tx, sessionId: number, part: RoomPart): Promise<void> {
  const cuts = Object.entries(part.cuts ?? {}).map(([id, row]) => ({ id: Number(id), row }))
  const known = await knownCuts(tx, sessionId)
  const gone = cuts.flatMap(({ id, row }) => (row === null ? [id] : []))
  await tx.deleteFrom('cut').where('id', 'in', listed(gone)).execute()
  // Two cuts may have taken each other's places: those that move leave theirs before any is taken.
  const moving = cuts.flatMap(({ id, row }) => (row?.frame !== undefined && known.has(id) ? [id] : []))
  await tx
    .updateTable('cut')
    .set((eb) => ({ frame: eb('frame', '+', beyondAnyFilm) }))
    .where('id', 'in', listed(moving))
    .execute()
  const back = cuts.flatMap(({ id, row }) => (row === null || known.has(id) ? [] : [row as CutRow]))
  for (const rows of inParts(back))
    await tx
      .insertInto('cut')
      .values(rows.map((row) => ({ ...row, session_id: sessionId })))
      .execute()
  for (const { id, row } of cuts)
    if (row !== null && known.has(id)) await tx.updateTable('cut').set(row).where('id', '=', id).execute()
  if (part.groups) await writeGroups(tx, sessionId, part.groups)
  if (part.removed) await writeRemoved(tx, sessionId, part.removed)
  if (part.settings) await tx.updateTable('session').set(part.settings).where('id', '=', sessionId).execute()
}

/** Frames. */
const beyondAnyFilm = 2 ** 40

async function knownCuts(tx: Tx, sessionId: number): Promise<Set<number>> {
  const rows = await tx.selectFrom('cut').select('id').where('session_id', '=', sessionId).execute()
  return new Set(rows.map(({ id }) => id))
}

/** Replaces all groups of a session, in the order given; those without scenes are left out. */
export async function writeGroups(tx: Tx, sessionId: number, groups: readonly GroupRow[]): Promise<void> {
  await tx.deleteFrom('scene_group').where('session_id', '=', sessionId).execute()
  const kept = groups.filter(({ cuts }) => cuts.length > 0)
  for (const [index, { cuts, ...group }] of kept.entries()) {
    await tx
      .insertInto('scene_group')
      .values({ ...group, session_id: sessionId, position: index + 1 })
      .execute()
    const members = cuts.map((cut_id, place) => ({ group_id: group.id, cut_id, position: place + 1 }))
    for (const part of inParts(members)) await tx.insertInto('scene_group_member').values(part).execute()
  }
}

export async function writeRemoved(tx: Tx, sessionId: number, frames: readonly number[]): Promise<void> {
  await tx.deleteFrom('removed_cut').where('session_id', '=', sessionId).execute()
  const rows = frames.map((frame) => ({ session_id: sessionId, frame }))
  for (const part of inParts(rows)) await tx.insertInto('removed_cut').values(part).execute()
}

const cutColumns = [
  'id',
  'frame',
  'time',
  'origin',
  'ticked',
  'starred',
  'note',
  'still_frame',
  'actor',
  'created_at',
] as const

type CutColumn = (typeof cutColumns)[number]

const pick = (row: CutRow, columns: readonly CutColumn[]): Partial<CutRow> =>
  Object.fromEntries(columns.map((name) => [name, row[name]]))

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
