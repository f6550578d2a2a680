/**
 * From changes in the database to the fragments that show them: gathers the rows, once for all who listen.
 */

import { setImmediate as pause } from 'node:timers/promises'
import type { Event } from '../../db/events.ts'
import { type Change, renderChange, sceneLooks, stageOf } from '../../templates/changes.tsx'
import type { HomeData, SessionData } from '../../templates/data.ts'
import { gatherHome, gatherSession } from '../gather.ts'
import type { Services } from '../services.ts'
import type { FeedOptions } from './feed.ts'

type Grounds = Pick<Services, 'db' | 'sessions' | 'estimates' | 'onError'>

/** Of these nothing is shown that another change does not tell too. */
const quiet: readonly string[] = ['operation', 'preset', 'setting'] satisfies Event['topic'][]

/**
 * What a feed renders with. The lists of the start page and the scenes are rendered only when a session came, went or
 * moved; for pages that may have missed that (`missed`), always. A change that cannot be rendered goes to `onError` and
 * keeps none of the others back. Between one and the next requests have their turn, however much is new.
 */
export function createRenderer(grounds: Grounds): FeedOptions['render'] {
  /** The stage of each session as the lists were last told. */
  const told = new Map<string, string>()
  /** How the scenes of sessions looked when they were told last. */
  const looks = createLooks()

  return async (changes, missed) => {
    const gather = gathering(grounds)
    const shown = changes.filter(({ topic }) => !quiet.includes(topic))
    // The lists are read after every session: read before, they could lack a move that the session already counts as told.
    for (const { subject } of shown) {
      await gather.session(subject).catch(() => undefined) // told below, where it is rendered
      await pause()
    }
    const parts: string[] = []
    for (const change of shown) {
      try {
        parts.push(await render(change, missed, gather))
      } catch (error) {
        grounds.onError(error)
      }
      await pause()
    }
    return parts.join('')
  }

  async function render(change: Change, missed: boolean, gather: Gathering): Promise<string> {
    const session = await gather.session(change.subject)
    const isMove =
      change.topic === 'history' || (change.topic === 'session' && (missed || hasMoved(change, session)))
    const cuts = change.topic === 'scene' && session ? looks.changed(session, missed) : undefined
    const html = renderChange(change, { session, cuts, ...(isMove && { home: await gather.home() }) })
    // Only now, and only for what renders the lists: a stage noted without telling it would never be told.
    if (change.topic === 'session' && !missed) note(change, session)
    return html
  }

  /** Came, went, or stands elsewhere in the lists than before. */
  function hasMoved({ subject }: Change, session: SessionData | undefined): boolean {
    return session === undefined || told.get(subject) !== stageOf(session)
  }

  function note({ subject }: Change, session: SessionData | undefined): void {
    if (session) told.set(subject, stageOf(session))
    else told.delete(subject)
  }
}

/** More sessions than people look at; of others all scenes are told. */
const mostLooks = 20

/** Tells which scenes of a session look different since they were told last. */
function createLooks() {
  const known = new Map<string, Map<number, string>>()
  return {
    /** Ids of cuts; undefined where the scenes are others, too many changed, or a page may have missed some. */
    changed(session: SessionData, missed: boolean): number[] | undefined {
      if (missed) return undefined
      const { key } = session.session
      const [before, now] = [known.get(key), sceneLooks(session)]
      known.delete(key)
      known.set(key, now)
      for (const oldest of known.keys()) if (known.size > mostLooks) known.delete(oldest)
      const isSame = before && [...before.keys()].join() === [...now.keys()].join()
      if (!isSame) return undefined
      const changed = [...now.keys()].filter((cut) => now.get(cut) !== before.get(cut))
      return changed.length > now.size / 2 ? undefined : changed
    },
  }
}

interface Gathering {
  session(key: string): Promise<SessionData | undefined>
  home(): Promise<HomeData>
}

/** A session changes in several ways at a time; its rows are read once for all of them. */
function gathering({ db, sessions, estimates }: Grounds): Gathering {
  const known = new Map<string, Promise<SessionData | undefined>>()
  let home: Promise<HomeData> | undefined
  return {
    session(key) {
      const data = known.get(key) ?? gatherSession({ db, sessions, estimates }, key)
      known.set(key, data)
      return data
    },
    home: () => (home ??= gatherHome(db)),
  }
}
