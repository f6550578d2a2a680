/**
 * Measures every frame of a video, with as many decoders side by side as there are threads.
 */

import type { Measurement } from './detectors/detector.ts'
import { framesThatProve, type Film, type Frames, join, memoryOf, startFilm } from './detectors/film.ts'
import { canSplit, planParts } from './frame_ranges.ts'
import { readFrames } from './frame_reader.ts'
import type { Probe } from './media/probe.ts'
import type { Context, Tools } from './operation.ts'

export interface Measuring extends Pick<Context, 'signal' | 'children'> {
  /** What was measured in the same way of the first frames before: reading goes on where that ends. */
  known?: Frames | undefined
  /** Frames measured so far. */
  report(frames: number): void
  /**
   * Told of every thousand frames that were not known, in order: `pts` (ticks) and all measures.
   * A stretch that begins at frame 0 replaces all that was told or known before.
   */
  onStretch?: ((startFrame: number, measures: Record<string, Float64Array>) => void) | undefined
}

/**
 * Decodes parts of the video side by side and joins them to what is known; where they do not fit, it is read anew in
 * one go.
 * @throws OperationError as `readFrames`.
 */
export async function measureFilm(
  path: string,
  probe: Probe,
  measurements: readonly Measurement[],
  tools: Tools,
  context: Measuring,
): Promise<Frames> {
  const job = { path, probe, measurements, tools, context }
  const film = (await readInParts(job)) ?? (await readInOneGo(job))
  return film.slice(0, film.length())
}

interface Job {
  path: string
  probe: Probe
  measurements: readonly Measurement[]
  tools: Tools
  context: Measuring
}

async function readInOneGo({ path, probe, measurements, tools, context }: Job): Promise<Film> {
  const tell = stretchTeller(context, 0)
  const film = startFilm(measurements, () => {
    context.report(film.length())
    tell(film, stretch)
  })
  await readFrames(path, probe.video, tools, context, film)
  tell(film, 1)
  return film
}

/** What one decoder reads. */
interface Part {
  /** Tick where it is to begin, which it does at a keyframe before; undefined for the first frame of all. */
  start: number | undefined
  /** PTS of its first frame, once that is there. */
  first?: number
  /** Aborted when this part has come into the next one. */
  enough: AbortController
}

/**
 * The whole film; undefined where there is nothing to be read side by side or to go on from, and where a part could
 * not be read, or does not fit to what is before it.
 */
async function readInParts({ path, probe, measurements, tools, context }: Job): Promise<Film | undefined> {
  const known = canSplit(probe) ? context.known : undefined
  const overlap = overlapOf(measurements)
  const starts = planParts(probe, tools.threads, known && resumeAt(known, overlap))
  if (starts.length === 1 && !known) return undefined
  const parts = starts.map((start): Part => ({ start, enough: new AbortController() }))
  const tell = stretchTeller(context, known?.pts.length ?? 0)
  const whole: Film = startFilm(measurements, () => tell(whole, stretch))
  if (known) whole.append(known)
  let frames = whole.length()

  const abandon = new AbortController()
  const options = { children: context.children, signal: AbortSignal.any([context.signal, abandon.signal]) }
  const threads = threadsOf(probe, tools, parts.length)
  const read = async (part: Part, next: Part | undefined): Promise<Frames> => {
    const film = part.start === undefined ? whole : startFilm(measurements, () => undefined)
    const sink = {
      ...film,
      onPts(pts: number) {
        part.first ??= pts
        film.onPts(pts)
      },
      onFrame() {
        film.onFrame()
        context.report(++frames)
        if (next && leadsNowhere(part, next)) abandon.abort()
        if (next && hasMet(film, next, overlap)) part.enough.abort()
      },
    }
    await readFrames(path, probe.video, { ...tools, threads }, options, sink, {
      start: part.start,
      enough: part.enough.signal,
    })
    return film.slice(film === whole ? film.length() : 0, film.length())
  }
  // Of each only the numbers are kept until its turn comes, not what they were measured with.
  const readings = inLanes(tools.threads, parts, (part, i) => read(part, parts[i + 1]))
  for (const reading of readings) reading.catch(() => undefined) // they are awaited one after another
  try {
    for (const [i, { start }] of parts.entries()) {
      const found = await readings[i]
      if (found && start !== undefined && !join(whole, found)) return undefined
    }
    tell(whole, 1)
    return whole
  } catch {
    context.signal.throwIfAborted()
    return undefined // what is wrong shows when it is read in one go
  } finally {
    abandon.abort()
    await Promise.allSettled(readings)
  }
}

/**
 * Frames that two parts both decode: some behind a keyframe may refer to what was before it, and come out broken,
 * and so is what is measured of those that look back on them.
 */
const overlapOf = (measurements: readonly Measurement[]) => 2 * framesThatProve + memoryOf(measurements)

/**
 * A large picture takes so long to hand over that its decoder must go on meanwhile; of small ones, threads that wait for
 * each other cost more than they bring.
 */
function threadsOf({ video }: Probe, { threads }: Tools, parts: number): number {
  const isLarge = video.codedWidth * video.codedHeight > largePixels
  return isLarge ? threads : Math.max(1, Math.floor(threads / parts))
}

const largePixels = 1_500_000

const resumeAt = ({ pts }: Frames, overlap: number) => pts[Math.max(0, pts.length - overlap)] ?? 0

/** True where a part's frames reach far enough behind the beginning of the next one. */
function hasMet(film: Film, { first, start = 0 }: Part, overlap: number): boolean {
  const last = film.length() - overlap
  return last >= 0 && film.ptsAt(last) >= (first ?? start)
}

/** True where the next part had to begin as early as this one, for want of a keyframe: it would read everything again. */
const leadsNowhere = (part: Part, next: Part) =>
  part.first !== undefined && next.first !== undefined && next.first <= part.first

/** Works on all items in order, so many at a time. */
function inLanes<Item, Result>(
  lanes: number,
  items: Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result>[] {
  const free = Array.from({ length: lanes }, () => Promise.resolve())
  const waiting: (() => void)[] = []
  return items.map(async (item, i) => {
    await (free.pop() ?? new Promise<void>((resolve) => waiting.push(resolve)))
    try {
      return await work(item, i)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free.push(Promise.resolve())
    }
  })
}

const stretch = 1000

/** Tells of whole stretches, and of less where `least` says so. @param known how many frames need not be told. */
function stretchTeller({ onStretch }: Measuring, known: number) {
  let told = known
  return (film: Film, least: number) => {
    const ready = film.length()
    while (ready - told >= least) {
      const end = Math.min(told + stretch, ready)
      const { pts, measures } = film.slice(told, end)
      onStretch?.(told, { pts, ...measures })
      told = end
    }
  }
}
