/**
 * Light copies of masters that browsers cannot play: made when somebody asks, one at a time, and kept while there is a
 * session.
 */

import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { filesInRoles } from '../../db/files.ts'
import type { Db, Session } from '../../db/schema.ts'
import type { Probe } from '../../workers/media/probe.ts'
import type { Tools } from '../../workers/operation.ts'
import { makeProxy } from '../../workers/proxy.ts'
import { AppError } from '../errors.ts'
import type { Proxies, ProxyState } from '../services.ts'
import { openFile } from './open_file.ts'

export interface ProxiesOptions {
  db: Db
  tools: Tools
  /** A folder of its own, absolute. */
  cache: string
  onError(error: unknown): void
}

/** `close` ends what is being made; half a copy never stands under its name. */
export function createProxies({ db, tools, cache, onError }: ProxiesOptions): Proxies & { close(): void } {
  const stop = new AbortController()
  const making = new Map<string, ProxyState>()
  const nameOf = ({ key }: Pick<Session, 'key'>) => `${key}.mp4`
  let last = Promise.resolve()

  return {
    async state(session) {
      const known = making.get(session.key)
      if (known) return known
      const file = await openFile({ root_path: cache, path: nameOf(session) }).catch(() => null)
      await file?.close()
      return { state: file ? 'ready' : 'none', progress: file ? 1 : 0 }
    },
    open: (session) => openFile({ root_path: cache, path: nameOf(session) }),
    async start(session) {
      if (making.get(session.key)?.state === 'making') return
      const film = await filmOf(session)
      making.set(session.key, { state: 'making', progress: 0 })
      last = last.then(() => make(session, film))
    },
    close: () => stop.abort(),
  }

  async function filmOf(session: Session): Promise<{ path: string; probe: Probe }> {
    const files = await filesInRoles(db, session.id, ['source', 'master'])
    const source = files.find(({ role }) => role === 'source')
    const copy = files.find(({ role, missing_at }) => role === 'master' && missing_at === null)
    const [file, probe] = [copy ?? source, source?.probe ?? copy?.probe]
    if (!file || !probe) throw new AppError('not_measured')
    return { path: path.join(file.root_path, file.path), probe: JSON.parse(probe) as Probe }
  }

  async function make(session: Session, film: { path: string; probe: Probe }): Promise<void> {
    const half = path.join(cache, `.${nameOf(session)}.part.mp4`)
    const { duration } = film.probe
    try {
      await mkdir(cache, { recursive: true })
      await makeProxy({ ...film, target: half }, tools, {
        signal: stop.signal,
        children: { started: () => undefined, ended: () => undefined },
        onTime: (seconds) =>
          making.set(session.key, { state: 'making', progress: Math.min(0.99, seconds / duration) }),
      })
      await rename(half, path.join(cache, nameOf(session)))
      making.delete(session.key)
    } catch (error) {
      await rm(half, { force: true })
      making.set(session.key, { state: 'failed', progress: 0 })
      if (!stop.signal.aborted) onError(error)
    }
  }
}
