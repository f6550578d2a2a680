/**
 * The same frame out of two films, to be laid side by side.
 */

import { buffer } from 'node:stream/consumers'
import path from 'node:path'
import { filesInRoles } from '../../db/files.ts'
import type { Db, Session } from '../../db/schema.ts'
import { decode, input } from '../../workers/ffmpeg.ts'
import type { Probe, VideoStream } from '../../workers/media/probe.ts'
import { tileFilters } from '../../workers/media/sheets.ts'
import { fit, outputColour, pixelAspect } from '../../workers/media/video.ts'
import type { Tools } from '../../workers/operation.ts'
import { placeUnder } from './paths.ts'
import { seekTo } from './seek.ts'

export type Side = 'master' | 'web'

const box = { width: 1280, height: 720 }
const longestSeconds = 20

/** A JPEG of one frame of a session's master, or of its version for the web; null where it cannot be had. */
export async function comparedFrame(
  db: Db,
  session: Session,
  { side, frame }: { side: Side; frame: number },
  tools: Tools,
  stop: AbortSignal,
): Promise<Uint8Array | null> {
  const files = await filesInRoles(db, session.id, ['source', 'master', 'master_web'])
  const source = files.find(({ role }) => role === 'source')
  const film = files.find(({ role }) => role === (side === 'web' ? 'master_web' : 'master'))
  const place = film && (await placeUnder(film.root_path, film.path))
  if (!place || !source?.probe) return null
  const probe = JSON.parse(source.probe) as Probe
  return take(place, { at: await seekTo(db, source, frame), probe, side }, tools, stop)
}

interface Wanted {
  /** Seconds. */
  at: number
  probe: Probe
  side: Side
}

async function take(file: string, { at, probe, side }: Wanted, tools: Tools, stop: AbortSignal) {
  const { video } = probe
  const size = fit(video, pixelAspect(video), box)
  const filters = tileFilters(side === 'web' ? encoded(video) : video, size, tools.filters)
  const args = [
    ...input(path.resolve(file), '-ss', at.toFixed(6), '-threads', '1'),
    ...['-map', side === 'web' ? '0:v:0' : `0:${video.index}`, '-an', '-sn', '-dn', '-frames:v', '1'],
    ...['-vf', filters.join(','), '-c:v', 'mjpeg', '-q:v', '2', '-f', 'image2pipe', 'pipe:1'],
  ]
  const signal = AbortSignal.any([stop, AbortSignal.timeout(longestSeconds * 1000)])
  const run = decode(tools, args, { signal, children })
  const [jpeg] = await Promise.all([buffer(run.stdout), run.finished])
  return jpeg.length > 0 ? jpeg : null
}

/** The picture as the web version has it: upright, of square pixels, and of the colours that it was encoded to. */
const encoded = (video: VideoStream): VideoStream => ({
  ...video,
  ...outputColour(video),
  ...{ pixelFormat: 'yuv420p', depth: 8, hdr: null, alpha: false, interlaced: false, rotation: 0 },
  sampleAspect: { num: 1, den: 1 },
})

/** They are over in a moment: nobody needs to know of them. */
const children = { started: () => undefined, ended: () => undefined }
