/**
 * The video that a session is about, as its operations read it.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Probe } from './media/probe.ts'
import { type Job, type JobFile, OperationError } from './operation.ts'

export interface Source {
  /** Absolute: the verified copy in the project folder where there is one, else the original. */
  path: string
  /** The original's name, for people. */
  name: string
  /** The original's row. */
  fileId: number
  probe: Probe
}

/** @throws OperationError `no_source` where there is none, or nobody has probed it. */
export function sourceOf({ files }: Pick<Job, 'files'>): Source {
  const original = originalOf({ files })
  const copy = files.find((file) => file.role === 'master')
  const probe = original.probe ?? copy?.probe
  if (!probe) {
    throw new OperationError('no_source', `${path.basename(original.path)} has not been probed yet.`)
  }
  return {
    path: (copy ?? original).path,
    name: path.basename(original.path),
    fileId: original.id,
    probe,
  }
}

/** @throws OperationError `source_torn` where the copied master, which all is made from, is not as long as its row says. */
export async function refuseTorn({ files }: Pick<Job, 'files'>): Promise<void> {
  const copy = files.find((file) => file.role === 'master')
  if (!copy) return
  const { size } = await stat(copy.path).catch(() => ({ size: null }))
  if (size === copy.bytes) return
  throw new OperationError(
    'source_torn',
    `The copy of the master, ${path.basename(copy.path)}, ${size === null ? 'is gone' : `has ${size} bytes instead of ${copy.bytes}`}. Resume: it is copied anew first.`,
  )
}

/** @throws OperationError `no_source`. */
export function originalOf({ files }: Pick<Job, 'files'>): JobFile {
  const original = files.find((file) => file.role === 'source')
  if (!original) throw new OperationError('no_source', 'The session names no source video.')
  return original
}
