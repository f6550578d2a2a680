/**
 * The event stream's tail: one reader of the `event` table per process, one rendering per change, the same bytes to
 * every browser.
 */

import { changesAfter, type Event, lastEventId } from '../../db/events.ts'
import type { Db } from '../../db/schema.ts'
import type { Feed } from '../services.ts'
import { beat, changed, collapsed, opening, reload } from './messages.ts'

/** More than this behind, and reading the page anew is cheaper than mending it. */
const mostChanges = 1000
/** What a browser may leave unread; the bytes are shared, so a hundred stuck ones hold no more than one. */
const mostUnreadBytes = 1024 * 1024

export interface FeedOptions {
  db: Db
  /**
   * The `<hx-partial>`s that changes come to, called once for what is new, however many listen. `missed` says that
   * they are for pages that may have missed others in between: nothing may be left out for having been said before.
   */
  render(changes: Event[], missed: boolean): Promise<string>
  onError(error: unknown): void
  /** How often the table is read, ms. It is one look at an index, and sees other processes' changes too. */
  pollMs?: number
  /** How often a sign of life is sent, ms. */
  beatMs?: number
}

export interface OpenFeed extends Feed {
  /** How many browsers listen now. */
  listeners(): number
  /** Ends every stream. */
  close(): Promise<void>
}

interface Reader {
  after: number
  controller: ReadableStreamDefaultController<Uint8Array>
}

/**
 * Starts to read when the first browser listens, and stops with the last. All that is sent is sent from one loop, so
 * nothing falls between what a reader missed and what comes live, and nothing overtakes.
 */
export function createFeed({ db, render, onError, pollMs = 100, beatMs = 15_000 }: FeedOptions): OpenFeed {
  const live = new Set<Reader>()
  const arriving = new Set<Reader>()
  let running: Promise<void> | undefined
  let wake = () => {}
  let closed = false

  return {
    stream: (after) => {
      let reader: Reader
      const source = {
        start(controller: Reader['controller']) {
          controller.enqueue(opening)
          reader = { after, controller }
          if (closed) controller.close()
          else arrive(reader)
        },
        cancel: () => forget(reader),
      }
      return new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: mostUnreadBytes }))
    },

    async since(after) {
      const last = await lastEventId(db)
      if (after >= last) return { id: last, html: '' }
      const changes = await changesAfter(db, after, mostChanges)
      if (changes.length === mostChanges) return { id: -1, html: '' }
      return { id: changes.at(-1)?.id ?? last, html: collapsed(await render(changes, true)) }
    },

    listeners: () => live.size + arriving.size,

    async close() {
      closed = true
      wake()
      await running
      for (const reader of [...live, ...arriving]) end(reader)
    },
  }

  function arrive(reader: Reader): void {
    arriving.add(reader)
    running ??= run()
    wake()
  }

  async function run(): Promise<void> {
    let tail = -1
    let beaten = Date.now()
    let failing = false
    while (!closed && live.size + arriving.size > 0) {
      try {
        tail = await advance(tail)
        failing = false
      } catch (error) {
        // A database that is away stays away for a while: it is told once.
        if (!failing) onError(error)
        failing = true
      }
      if (Date.now() - beaten >= beatMs) {
        beaten = Date.now()
        send(live, beat)
      }
      if (arriving.size === 0 || failing) await rest()
    }
    running = undefined
  }

  /** One round: what is new goes to those who listen, then who has come since is brought up to it. Gives the new tail. */
  async function advance(from: number): Promise<number> {
    const arrivals = [...arriving]
    let tail = from < 0 ? await lastEventId(db) : from
    for (let more = true; more;) {
      const changes = await changesAfter(db, tail, mostChanges)
      const last = changes.at(-1)
      if (last) {
        send(live, changed(tail, last.id, collapsed(await render(changes, false))))
        tail = last.id
      }
      more = changes.length === mostChanges
    }
    for (const [after, readers] of byPlace(arrivals)) {
      const missed = await missedSince(after, tail)
      for (const reader of readers) if (arriving.delete(reader)) live.add(reader)
      if (missed) send(readers, missed)
    }
    return tail
  }

  async function missedSince(after: number, tail: number): Promise<Uint8Array | undefined> {
    if (after === tail) return undefined
    // An id from the future: the database is another one than the page was read from.
    if (after > tail) return reload(tail)
    const changes = await changesAfter(db, after, mostChanges)
    if (changes.length === mostChanges) return reload(tail)
    return changed(after, changes.at(-1)?.id ?? tail, collapsed(await render(changes, true)))
  }

  function send(readers: Iterable<Reader>, bytes: Uint8Array): void {
    for (const reader of readers) {
      if (!live.has(reader)) continue
      reader.controller.enqueue(bytes)
      // It reads too slowly, or not at all. Ended, it comes back by itself and says what it has.
      if ((reader.controller.desiredSize ?? 0) <= 0) end(reader)
    }
  }

  function end(reader: Reader): void {
    forget(reader)
    reader.controller.close()
  }

  function forget(reader: Reader): void {
    live.delete(reader)
    arriving.delete(reader)
  }

  /** Until the next look is due, or somebody comes. */
  function rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** After a restart hundreds return, most of them from the same place: each place is rendered once. */
function byPlace(readers: Reader[]): Map<number, Reader[]> {
  const places = new Map<number, Reader[]>()
  for (const reader of readers) places.set(reader.after, [...(places.get(reader.after) ?? []), reader])
  return places
}
