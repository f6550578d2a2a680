/**
 * Rows about finding cuts: against a bare decode, against PySceneDetect, all detectors against one, from stored scores.
 */

import { performance } from 'node:perf_hooks'
import { cutsIn } from '../../server/commands/recut.ts'
import { createMeasures } from '../../server/measures.ts'
import { detectorNamed, detectors, measurements } from '../../workers/detectors/mod.ts'
import { measureFilm } from '../../workers/measure_film.ts'
import { detectScenes } from '../../workers/operations/detect.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { settings } from './archive_job.ts'
import { bareDecode, ffmpegStartUp } from './bare.ts'
import type { Footage } from './footage.ts'
import { hours, openLongFilm } from './long_film.ts'
import { compare, median, quiet, type Side } from './measure.ts'
import type { Bench, Row } from './row.ts'

type Film = (footage: Footage) => string | Promise<string>

const ours = async ({ tools }: Bench, file: string, startUp = 0): Promise<Side> => {
  const probe = await probeFile(file, tools, quiet)
  return { startUp, work: () => detectScenes(file, probe, settings, tools, quiet) }
}

const againstDecode = (name: string, what: string, film: Film, reach: number, bound?: number): Row => ({
  name,
  measure: `detection, ${what}`,
  against: 'bare decode',
  reach,
  ...(bound && { bound }),
  async run(bench) {
    const file = await film(bench.footage)
    const startUp = await ffmpegStartUp(bench)
    const bare = { startUp, work: () => bareDecode(bench, file) }
    return compare(bench.rounds, await ours(bench, file, startUp), bare)
  },
})

const againstPeer = (name: string, what: string, film: Film, reach: number): Row => ({
  name,
  measure: `detection, ${what}`,
  against: 'PySceneDetect',
  reach,
  needsPeer: true,
  async run(bench) {
    const file = await film(bench.footage)
    const startUp = await ffmpegStartUp(bench)
    const peer = bench.peer?.detect(file)
    if (!peer) throw new Error('There is no peer.')
    return compare(bench.rounds, await ours(bench, file, startUp), peer)
  },
})

/** All that is measured in one decode, against what one detector alone would need. */
const allDetectors: Row = {
  name: 'all-detectors',
  measure: 'all measurements in one pass, 360p H.264',
  against: 'what `content` reads alone',
  reach: 1.3,
  bound: 4,
  async run(bench) {
    const file = bench.footage.sparse
    const { tools } = bench
    const probe = await probeFile(file, tools, quiet)
    const { reads } = detectorNamed('content')
    const few = measurements.filter(({ measures }) => measures.some((name) => reads.includes(name)))
    const measure = (which: typeof measurements) => ({
      work: () => measureFilm(file, probe, which, tools, { ...quiet, report: () => undefined }),
    })
    return compare(bench.rounds, measure(measurements), measure(few))
  },
}

/** One threshold after another for a film of two hours, as the room tries them while the line moves, with each detector. */
const recut: Row = {
  name: 're-cut',
  measure: `re-cut of ${hours} hours from stored scores, the slowest detector`,
  against: '20 ms',
  reach: 1,
  async run(bench) {
    const { db, session, close } = await openLongFilm(bench)
    const films = createMeasures(db)
    try {
      const all: { name: string; first: number; next: number }[] = []
      for (const detector of detectors) {
        const { least, default: usual } = detector.threshold
        const times: number[] = []
        for (let round = 0; round < bench.rounds + 3; round++) {
          const begun = performance.now()
          const film = await films.of(session.id, detector)
          const threshold = Math.max(least, usual * (1 + round / 20))
          if (cutsIn(film, detector, { ...settings, threshold }).length > 0)
            times.push(performance.now() - begun)
        }
        const [first = 0, ...next] = times
        all.push({ name: detector.name, first, next: median(next) })
      }
      const [slowest] = all.toSorted((a, b) => b.next - a.next)
      if (!slowest) throw new Error('There are no detectors.')
      const cold = Math.max(...all.map(({ first }) => first))
      const note = `${slowest.name}; the first time ${cold.toFixed(0)} ms at most, with reading`
      return { ours: slowest.next, against: 20, unit: 'ms', note }
    } finally {
      await close()
    }
  },
}

export const rows: Row[] = [
  againstDecode('decode-1080p', '1080p H.264', ({ hd }) => hd(), 1.15),
  againstDecode('decode-4k', '4K ProRes 422 HQ', ({ prores }) => prores(), 1.15),
  againstDecode('decode-360p', '360p H.264', ({ sparse }) => sparse, 2),
  againstDecode('decode-brief', '332 lines of H.264, 12 s', ({ brief }) => brief(), 4, 6),
  againstPeer('peer-1080p', '1080p H.264', ({ hd }) => hd(), 0.7),
  againstPeer('peer-360p', '360p H.264', ({ sparse }) => sparse, 0.5),
  againstPeer('peer-332p', '332 lines of VP8', ({ dense }) => dense, 0.5),
  allDetectors,
  recut,
]
