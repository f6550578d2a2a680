/**
 * Who runs a session: this process by name, and whether another one still lives.
 */

import os from 'node:os'
import type { Ownership } from '../../db/operations.ts'
import { processStart } from '../../workers/processes.ts'

export const host = os.hostname()

/** `host:pid:start`, which no other process ever has. */
export const thisOwner = (): string => `${host}:${process.pid}:${processStart(process.pid) ?? '0'}`

/** The same process where a command of it holds a session: its own engine leaves that alone, too. */
export const thisCommand = (): string => `${thisOwner()}${command}`

const command = '/command'

/** A heart that has not beaten for this long belongs to a dead or sleeping owner. */
const staleAfterMs = 15_000

/** True while somebody may be working on the session. */
export function isOwned(session: Ownership, at = Date.now()): boolean {
  if (session.owner === null || session.heartbeat_at === null) return false
  const beat = Date.parse(`${session.heartbeat_at.replace(' ', 'T')}Z`)
  if (at - beat > staleAfterMs) return false
  const [, ownerHost, pid = '', start = ''] = /^([^:]*):(\d+):(.*)$/.exec(session.owner) ?? []
  return ownerHost !== host || processStart(Number(pid)) === start.replace(command, '')
}
