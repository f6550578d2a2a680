/**
 * Looks at what may become a master, once for every state the file is in.
 */

import { stat } from 'node:fs/promises'
import { OperationError, type Tools } from '../../workers/operation.ts'
import { oddities } from '../../workers/operations/probe.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { AppError } from '../errors.ts'
import type { Look } from '../services.ts'
import { isLinkAway, isVisible, placeUnder } from './paths.ts'

const [mostKept, longestSeconds] = [200, 20]

export type Looker = (root: string, relative: string) => Promise<Look>

/** Remembers what it saw until the file changes; who asks while it looks waits for the same answer. */
export function createLooker(tools: Tools): Looker {
  const seen = new Map<string, Promise<Look>>()
  return async (root, relative) => {
    const { file, state } = await stateOf(root, relative)
    const known = seen.get(state)
    if (known) return known
    const looking = look(file, tools)
    seen.set(state, looking)
    const [oldest] = seen.keys()
    if (seen.size > mostKept && oldest !== undefined) seen.delete(oldest)
    // What failed by accident is tried again by whoever asks next.
    looking.catch(() => seen.delete(state))
    return looking
  }
}

async function stateOf(root: string, relative: string) {
  const file = isVisible(relative) ? await placeUnder(root, relative) : null
  if (file === null) throw await absence(root, relative)
  const facts = await stat(file)
  return { file, state: JSON.stringify([file, facts.mtimeMs, facts.size]) }
}

async function absence(root: string, relative: string): Promise<AppError> {
  const isAway = isVisible(relative) && (await isLinkAway(root, relative))
  return isAway
    ? new AppError('link_away', { detail: relative })
    : new AppError('master_not_found', { detail: relative })
}

async function look(file: string, tools: Tools): Promise<Look> {
  const signal = AbortSignal.timeout(longestSeconds * 1000)
  const children = { started: () => undefined, ended: () => undefined }
  try {
    const probe = await probeFile(file, tools, { signal, children })
    return { probe, refusal: null, warnings: oddities(probe) }
  } catch (error) {
    if (!(error instanceof OperationError) || error.code === 'ffmpeg_missing') throw error
    return { probe: null, refusal: error.message, warnings: [] }
  }
}
