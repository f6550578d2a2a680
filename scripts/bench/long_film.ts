/**
 * A film of two hours as the database holds it when somebody chooses its scenes: a real one, again and again.
 */

import { addDemoSessions } from '../../db/demo.ts'
import { updateSource } from '../../db/files.ts'
import type { Session } from '../../db/schema.ts'
import { listSessions } from '../../db/sessions.ts'
import { saveScores } from '../../db/scores.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { detectScenes } from '../../workers/operations/detect.ts'
import { pipelines } from '../../workers/pipelines/mod.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { settings } from './archive_job.ts'
import { freshDatabase, type FreshDatabase } from './database.ts'
import { quiet } from './measure.ts'
import type { Bench } from './row.ts'

export const [hours, fps] = [2, 24]
const frames = hours * 3600 * fps
/** What the database is written in, as a detection does. */
const stretch = 1000
/** As many as there are in such films. */
const scenes = 1800

export interface LongFilm extends FreshDatabase {
  /** It waits for a choice among its scenes. */
  session: Session
}

export async function openLongFilm(bench: Bench): Promise<LongFilm> {
  const fresh = await freshDatabase()
  const operations = pipelines.archive.steps.map(({ operation }) => operation.name)
  await addDemoSessions(fresh.db, fresh.folder, { sessions: 10, filesEach: 3, cutsEach: scenes, operations })
  const session = (await listSessions(fresh.db)).find(({ status }) => status === 'waiting')
  if (!session) throw new Error('One of ten sessions waits.')
  const { pts: _, ...measures } = await measuresOf(bench.footage.dense, bench)
  await fresh.db.transaction().execute(async (tx) => {
    await updateSource(tx, session.id, { frames, duration: probe.duration, probe: JSON.stringify(probe) })
    for (let start = 0; start < frames; start += stretch) {
      const length = Math.min(stretch, frames - start)
      const part = Object.entries(measures).map(([name, values]): [string, Float64Array] => [
        name,
        repeated(values, start, length),
      ])
      const pts = Float64Array.from({ length }, (_, i) => start + i)
      await saveScores(tx, session.id, start, { pts, ...Object.fromEntries(part) })
    }
  })
  return { ...fresh, session }
}

const probe: Probe = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  duration: frames / fps,
  bytes: 8e9,
  video: {
    ...{ index: 0, codec: 'h264', profile: 'High', pixelFormat: 'yuv420p', depth: 8, alpha: false },
    ...{ codedWidth: 1920, codedHeight: 1080, width: 1920, height: 1080, rotation: 0 },
    ...{ timeBase: { num: 1, den: fps }, frameRate: { num: fps, den: 1 }, variable: false, frames },
    ...{ sampleAspect: { num: 1, den: 1 }, interlaced: false, reordered: 0 },
    ...{ range: 'tv', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', hdr: null },
  },
  audio: [],
  startTimecode: null,
}

/** All measures of a real film, frame by frame. */
async function measuresOf(file: string, { tools }: Bench): Promise<Record<string, Float64Array>> {
  const found: Record<string, number[]> = {}
  const onStretch = (_start: number, measures: Record<string, Float64Array>) => {
    for (const [name, values] of Object.entries(measures)) (found[name] ??= []).push(...values)
  }
  await detectScenes(file, await probeFile(file, tools, quiet), settings, tools, { ...quiet, onStretch })
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, Float64Array.from(values)]))
}

/** `length` values of `values` over and over again, from this frame on. */
const repeated = (values: Float64Array, start: number, length: number) =>
  Float64Array.from({ length }, (_, i) => values[(start + i) % values.length] ?? 0)
