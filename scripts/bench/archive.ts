/**
 * Rows about the archive's work: all of it, stills alone, clips alone.
 */

import type { Job } from '../../workers/operation.ts'
import { archive, detect, discard, makeClips, makeFullStills } from './archive_job.ts'
import { bareEncode, onePass, seekEach } from './bare.ts'
import type { Footage } from './footage.ts'
import { compare, median, seconds } from './measure.ts'
import type { Row } from './row.ts'

type Film = (footage: Footage) => string | Promise<string>

const dense: Film = (footage) => footage.dense
const sparse: Film = (footage) => footage.sparse

const wholeJob = 'cuts, stills in both sizes, clips'

const againstPeer = (name: string, what: string, film: Film, reach: number): Row => ({
  name,
  measure: `${wholeJob}: ${what}`,
  against: 'PySceneDetect',
  reach,
  needsPeer: true,
  async run(bench) {
    const file = await film(bench.footage)
    const peer = bench.peer?.archive(file)
    if (!peer) throw new Error('There is no peer.')
    return compare(bench.rounds, { work: () => archive(bench, file) }, peer)
  },
})

const againstEncode = (name: string, what: string, film: Film, reach: number, bound?: number): Row => ({
  name,
  measure: `${wholeJob}: ${what}`,
  against: 'one bare x264 pass',
  reach,
  ...(bound && { bound }),
  async run(bench) {
    const file = await film(bench.footage)
    return compare(
      bench.rounds,
      { work: () => archive(bench, file) },
      { work: () => bareEncode(bench, file) },
    )
  },
})

const clipsAlone = (name: string, what: string, film: Film, reach: number, bound?: number): Row => ({
  name,
  measure: `clips of every scene: ${what}`,
  against: 'one bare x264 pass',
  reach,
  ...(bound && { bound }),
  async run(bench) {
    const file = await film(bench.footage)
    const job = await detect(bench, file)
    const ours = { work: () => makeClips(fresh(job)) }
    const figures = await compare(bench.rounds, ours, { work: () => bareEncode(bench, file) })
    discard(job)
    return { ...figures, note: `${job.scenes.length} scenes` }
  },
})

/** Against the better of the two plain ways: all three by turns. */
const stillsAlone = (name: string, what: string, film: Film, reach: number, bound?: number): Row => ({
  name,
  measure: `full stills of every scene: ${what}`,
  against: 'better of seeks and one pass',
  reach,
  ...(bound && { bound }),
  async run(bench) {
    const file = await film(bench.footage)
    const job = await detect(bench, file)
    const middles = job.scenes.map(({ startFrame, endFrame }) => Math.floor((startFrame + endFrame) / 2))
    const times = middles.map((frame) => job.frames?.times[frame] ?? 0)
    const ways = {
      ours: () => makeFullStills(fresh(job)),
      seeks: () => seekEach(bench, file, times),
      pass: () => onePass(bench, file, middles),
    }
    const taken = { ours: [] as number[], seeks: [] as number[], pass: [] as number[] }
    for (let round = 0; round < bench.rounds; round++)
      for (const way of ['ours', 'seeks', 'pass'] as const)
        taken[way].push(await seconds({ work: ways[way] }))
    discard(job)
    const [seeks, pass] = [median(taken.seeks), median(taken.pass)]
    const note = `${seeks < pass ? 'seeks' : 'one pass'}, ${job.scenes.length} scenes`
    return { ours: median(taken.ours), against: Math.min(seeks, pass), unit: 's', note }
  },
})

/** The job as it was before anything was made. */
const fresh = (job: Job): Job => ({ ...job, files: job.files.slice(0, 1) })

export const rows: Row[] = [
  againstPeer('archive-dense', 'many scenes', dense, 0.4),
  againstPeer('archive-sparse', 'few scenes', sparse, 0.55),
  againstEncode('archive-pass-dense', 'many scenes', dense, 1.35),
  againstEncode('archive-pass-sparse', 'few scenes', sparse, 1.35),
  stillsAlone('stills-dense', 'many scenes', dense, 1.1),
  stillsAlone('stills-sparse', 'few scenes', sparse, 1.1),
  clipsAlone('clips-dense', 'many scenes', dense, 1.05),
  clipsAlone('clips-sparse', 'few scenes', sparse, 1.05),
  clipsAlone('clips-brief', '12 s', ({ brief }) => brief(), 2.5, 4),
]
