/**
 * Measures every frame of a video, with as many decoders side by side as there are threads.
 */

import type { Detector } from './detectors/detector.ts'
import { type Film, type Frames, join, startFilm } from './detectors/film.ts'
import { type Range, splitAtKeyframes } from './frame_ranges.ts'
import { readFrames } from './frame_reader.ts'
import type { Probe } from './media/probe.ts'
import type { Context, Tools } from './operation.ts'

export interface Measuring extends Pick<Context, 'signal' | 'children'> {
  /** Frames measured so far. */
  report(frames: number): void
  /** Told of every thousand frames, in order, each once: `pts` (ticks) and the detector's measures. */
  onStretch?: ((startFrame: number, measures: Record<string, Float64Array>) => void) | undefined
}

/**
 * Decodes parts of the video side by side and joins them; where they do not fit, it is read again in one go.
 * @throws OperationError as `readFrames`.
 */
export async function measureFilm(
  path: string,
  probe: Probe,
  detector: Detector,
  tools: Tools,
  context: Measuring,
): Promise<Frames> {
  const tell = stretchTeller(context.onStretch)
  const ranges = await splitAtKeyframes(path, probe, tools, context)
  const job = { path, probe, detector, tools, context, tell }
  const film = (ranges.length > 1 && (await readSideBySide(job, ranges))) || (await readInOneGo(job))
  tell(film, 1)
  return film.slice(0, film.length())
}

interface Job {
  path: string
  probe: Probe
  detector: Detector
  tools: Tools
  context: Measuring
  tell: (film: Film, least: number) => void
}

async function readInOneGo({ path, probe, detector, tools, context, tell }: Job): Promise<Film> {
  const film = startFilm(detector, () => {
    context.report(film.length())
    tell(film, stretch)
  })
  await readFrames(path, probe.video, tools, context, film)
  return film
}

/** The whole film; undefined where a part could not be read by itself, or does not fit to the one before. */
async function readSideBySide(job: Job, ranges: Range[]): Promise<Film | undefined> {
  const { path, probe, detector, tools, context, tell } = job
  const abandon = new AbortController()
  const options = { children: context.children, signal: AbortSignal.any([context.signal, abandon.signal]) }
  let frames = 0
  const read = async (range: Range, film: Film): Promise<Film> => {
    const counting = { ...film, onFrame: () => (film.onFrame(), context.report(++frames)) }
    await readFrames(path, probe.video, { ...tools, threads: 1 }, options, counting, range)
    return film
  }
  const whole: Film = startFilm(detector, () => tell(whole, stretch))
  // Of all others only the numbers are kept until their turn comes, not what they were measured with.
  const parts = inLanes(tools.threads, ranges, async (range, i): Promise<Frames> => {
    const film = await read(range, i === 0 ? whole : startFilm(detector, () => undefined))
    return film.slice(0, i === 0 ? 0 : film.length())
  })
  for (const part of parts) part.catch(() => undefined) // they are awaited one after another
  try {
    for (const [i, { start }] of ranges.entries()) {
      const part = await parts[i]
      if (part && start !== undefined && !join(whole, part, start)) return undefined
    }
    return whole
  } catch {
    context.signal.throwIfAborted()
    return undefined // what is wrong shows when it is read in one go
  } finally {
    abandon.abort()
    await Promise.allSettled(parts)
  }
}

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

function stretchTeller(onStretch: Measuring['onStretch']) {
  let told = 0
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
