/**
 * Previews of presets: made one at a time, given up when nobody waits any more, and kept by what they were made of.
 */

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Root } from '../../db/schema.ts'
import { OperationError, type Tools } from '../../workers/operation.ts'
import { makePreview } from '../../workers/preset_preview.ts'
import { AppError } from '../errors.ts'
import type { Disk, PreviewOrder, Previews, ShownPreview } from '../services.ts'

export interface PreviewsOptions {
  disk: Disk
  media: Root
  tools: Tools
  /** A folder of its own, absolute; what lies in it is forgotten at every start. */
  cache: string
}

const [mostKept, longestSeconds] = [40, 30]

export async function createPreviews({ disk, media, tools, cache }: PreviewsOptions): Promise<Previews> {
  await rm(cache, { recursive: true, force: true })
  const kept = new Map<string, ShownPreview>()
  let turn: Promise<unknown> = Promise.resolve()

  /** Those who wait for their turn and have gone meanwhile cost nothing. */
  function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const result = turn.then(() => {
      signal.throwIfAborted()
      return work()
    })
    turn = result.catch(() => undefined)
    return result
  }

  async function make(key: string, source: string, order: PreviewOrder): Promise<ShownPreview> {
    const { probe, refusal } = await disk.look(media, order.master)
    if (!probe) throw new AppError('bad_input', { field: 'master', detail: refusal ?? 'it cannot be read' })
    const at = order.at ?? probe.duration / 2
    if (at >= probe.duration)
      throw new AppError('bad_input', {
        field: 'at',
        detail: `the film ends at ${probe.duration.toFixed(2)} s`,
      })
    await mkdir(cache, { recursive: true })
    const folder = await mkdtemp(path.join(cache, 'making-'))
    const signal = AbortSignal.any([order.signal, AbortSignal.timeout(longestSeconds * 1000)])
    try {
      const wish = { source, probe, at, settings: order.settings, folder }
      const made = await makePreview(wish, tools, { signal, children })
      await rename(folder, path.join(cache, key))
      return { key, ...made, sound: probe.audio.length > 0 }
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw explained(error, order.signal)
    }
  }

  async function keep(preview: ShownPreview): Promise<ShownPreview> {
    kept.set(preview.key, preview)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) {
      kept.delete(oldest)
      await rm(path.join(cache, oldest), { recursive: true, force: true })
    }
    return preview
  }

  return {
    async of(order) {
      const source = await disk.resolve(media, order.master)
      const { mtimeMs, size } = await stat(source)
      const { stills_web, video, audio } = order.settings
      const content = JSON.stringify([source, mtimeMs, size, order.at, stills_web, video, audio])
      const key = createHash('sha256').update(content).digest('hex').slice(0, 24)
      return (
        kept.get(key) ??
        inTurn(order.signal, async () => kept.get(key) ?? keep(await make(key, source, order)))
      )
    },
    picture: (key, side) =>
      kept.has(key)
        ? readFile(path.join(cache, key, `${side}.jpg`)).catch(() => null)
        : Promise.resolve(null),
  }
}

function explained(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return error
  if ((error as Error).name === 'TimeoutError')
    return new AppError('bad_input', { detail: `it took longer than ${longestSeconds} s`, cause: error })
  if (!(error instanceof OperationError)) return error
  return new AppError('bad_input', { detail: `no frame could be made there: ${error.message}`, cause: error })
}

/** They are over in seconds: nobody needs to know of them. */
const children = { started: () => undefined, ended: () => undefined }
