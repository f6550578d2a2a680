/**
 * Room for sessions: what each will need is reserved before it begins, and nothing new starts where it would not fit.
 */

import { type RoomNeed, roomNeeds, saveNeed, saveShortage, stillNeeded } from '../../db/room.ts'
import { rootById } from '../../db/roots.ts'
import type { Db, Operation, Root, Session } from '../../db/schema.ts'
import { settings } from '../../db/settings.ts'
import type { RoomData } from '../../templates/data.ts'
import { roomFor } from '../estimates.ts'
import { reserveOf, type Space, spaceOf } from './space.ts'

export interface Room {
  /** Whether a step may begin now. Where not, the session's row says how much must be freed first. */
  mayBegin(session: Session, operation: Pick<Operation, 'name'>): Promise<boolean>
  /** The disk of a root: what is free, kept free, and promised to sessions. */
  report(root: Root): Promise<RoomData>
}

export interface RoomOptions {
  db: Db
  /** A test has a disk of its own. */
  spaceOf?: (folder: string) => Promise<Space>
  /** Milliseconds for which what was seen of disk and sessions holds. */
  freshMs?: number
}

/** Looking at the master writes nothing, and only it tells what the session needs. */
const needsNoRoom = ['probe']

export function createRoom({ db, spaceOf: lookAt = spaceOf, freshMs = 1000 }: RoomOptions): Room {
  const spaces = new Map<string, { at: number; space: Promise<Space> }>()
  /** Sessions that may begin, but whose rows do not show it yet. */
  const admitted = new Set<number>()
  let seen: { at: number; needs: Promise<RoomNeed[]> } | undefined

  const isFresh = (at: number) => performance.now() - at < freshMs

  function space(folder: string): Promise<Space> {
    const known = spaces.get(folder)
    if (known && isFresh(known.at)) return known.space
    const looked = lookAt(folder)
    spaces.set(folder, { at: performance.now(), space: looked })
    return looked
  }

  function needs(): Promise<RoomNeed[]> {
    if (!seen || !isFresh(seen.at)) seen = { at: performance.now(), needs: roomNeeds(db) }
    return seen.needs
  }

  const hasBegun = (need: RoomNeed) => need.begun === 1 || admitted.has(need.session_id)

  /** What sessions that have begun on the same disk will still write. */
  async function reserved(device: number, except?: number): Promise<number> {
    let sum = 0
    for (const need of await needs())
      if (need.session_id !== except && hasBegun(need) && (await space(need.root_path)).device === device)
        sum += stillNeeded(need)
    return sum
  }

  async function shortage(session: Session): Promise<number> {
    const root = await rootById(db, session.output_root_id)
    const { free, total, device } = await space(root.path)
    const reserve = reserveOf({ total }, (await settings(db)).disk_reserve_gigabytes)
    const own = (await needs()).find(({ session_id }) => session_id === session.id)
    if (own && hasBegun(own)) return reserve - free
    const needed = session.bytes_needed ?? (await need(db, session))
    return reserve + needed + (await reserved(device, session.id)) - free
  }

  return {
    async mayBegin(session, { name }) {
      if (needsNoRoom.includes(name)) return true
      const short = await shortage(session)
      if (short > 0) {
        await saveShortage(db, session.id, rounded(short))
        return false
      }
      admitted.add(session.id)
      if (session.bytes_short !== null) await saveShortage(db, session.id, null)
      return true
    },

    async report(root) {
      const { free, total, device } = await space(root.path)
      const all = (await needs()).filter(({ root_id }) => root_id === root.id)
      const queued = all.filter((need) => !hasBegun(need))
      return {
        free,
        total,
        reserve: reserveOf({ total }, (await settings(db)).disk_reserve_gigabytes),
        reserved: await reserved(device),
        queued: queued.reduce((sum, need) => sum + stillNeeded(need), 0),
        short: Math.max(0, ...all.map(({ bytes_short }) => bytes_short ?? 0)),
        waiting: all.filter(({ bytes_short }) => bytes_short !== null).length,
        folder: root.path,
      }
    },
  }
}

/** Reckoned once, when its master was looked at; 0 where it was not, which the session will say itself. */
async function need(db: Db, session: Session): Promise<number> {
  const bytes = await roomFor(db, session)
  if (bytes === null) return 0
  await saveNeed(db, session.id, bytes)
  return bytes
}

/** Up to two digits, so that the row changes seldom while the disk does all the time. */
function rounded(bytes: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(bytes)) - 1)
  return Math.ceil(bytes / unit) * unit
}
