/**
 * How stretches of a video become one seamless clip: which frames, which samples, and the filter graph that
 * takes exactly those.
 */

/** Frames from `startFrame` on, up to but without `endFrame`. */
export interface Stretch {
  startFrame: number
  endFrame: number
}

/** A stretch in the clock of the file's own timestamps, seconds. */
export interface Part {
  frames: number
  /** PTS of its first frame. */
  at: number
  /** From its first frame to the first one after it (or the end of the last frame). */
  duration: number
  /** Just before its first frame; null at the start of the video. */
  from: number | null
  /** Just before the first frame after it; null at the end of the video. */
  to: number | null
}

/** Joins stretches where one begins as the last one ends, so that they are taken in one go. */
export function mergeAdjacent(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = []
  for (const { startFrame, endFrame } of stretches) {
    const last = merged.at(-1)
    if (last?.endFrame === startFrame) last.endFrame = endFrame
    else merged.push({ startFrame, endFrame })
  }
  return merged
}

/**
 * @param times of every frame, seconds from the first one's PTS.
 * @param duration end of the last frame, on the same clock.
 * @param origin PTS of the first frame, seconds.
 */
export function partOf(stretch: Stretch, times: Float64Array, duration: number, origin: number): Part {
  const { startFrame, endFrame } = stretch
  const time = (frame: number) => times[frame] ?? duration
  // The filter rounds to the file's ticks, and one tick may be one frame: half-way could become either.
  const before = (frame: number) => origin + time(frame) - (time(frame) - time(frame - 1)) / 4
  return {
    frames: endFrame - startFrame,
    at: origin + time(startFrame),
    duration: time(endFrame) - time(startFrame),
    from: startFrame === 0 ? null : before(startFrame),
    to: endFrame >= times.length ? null : before(endFrame),
  }
}

export interface GraphWishes {
  /** Stream indexes in the file; `audio` null = a silent film. */
  video: number
  audio: number | null
  /** Of the audio in the result, Hz. */
  sampleRate: number
  /** Applied to the joined picture. */
  filters: readonly string[]
}

/**
 * A filter graph over inputs 0, 1, 2… (one per part, opened with `-copyts`) that ends in `[v]` and `[a]`.
 * Picture and sound of each part begin together and last equally long to the sample.
 */
export function clipGraph(
  parts: readonly Part[],
  { video, audio, sampleRate, filters }: GraphWishes,
): string {
  const pictures = parts.map((part, n) => `[${n}:${video}]trim=${bounds(part)},setpts=PTS-STARTPTS[v${n}]`)
  const joined = [...joinedPictures(parts), ...filters].join(',') || 'null'
  const picture = [...pictures, `${labels('v', parts)}${joined}[v]`]
  if (audio === null) return picture.join(';')
  const sounds = partSamples(parts, sampleRate).map(
    (samples, n) => `[${n}:${audio}]${soundFilters(parts[n] as Part, samples, sampleRate).join(',')}[a${n}]`,
  )
  const sound = parts.length > 1 ? `concat=n=${parts.length}:v=0:a=1` : 'anull'
  return [...picture, ...sounds, `${labels('a', parts)}${sound}[a]`].join(';')
}

/** A part without bounds is the whole video. */
export const bounds = ({ from, to }: Pick<Part, 'from' | 'to'>) =>
  [from !== null && `start=${seconds(from)}`, to !== null && `end=${seconds(to)}`]
    .filter(Boolean)
    .join(':') || 'start_frame=0'

/**
 * The concat filter only guesses how long the last frame of a part lasts; the part's true place is known,
 * so each frame is put at the place of its part plus its distance from the part's first frame.
 */
function joinedPictures(parts: readonly Part[]): string[] {
  if (parts.length === 1) return []
  let [frame, place] = [0, 0]
  const starts = parts.map((part) => {
    const start = [frame, place] as const
    frame += part.frames
    place += part.duration
    return start
  })
  const within = 'PREV_OUTPTS+PTS-PREV_INPTS'
  const expression = starts.reduceRight(
    (rest, [first, at]) => `if(eq(N,${first}),round(${seconds(at)}/TB),${rest})`,
    within,
  )
  return [`concat=n=${parts.length}:v=1:a=0`, `setpts='${expression}'`]
}

/** Samples of each part, rounded so that the errors do not add up. */
function partSamples(parts: readonly Part[], sampleRate: number): number[] {
  let [end, done] = [0, 0]
  return parts.map((part) => {
    end += part.duration
    const samples = Math.round(end * sampleRate) - done
    done += samples
    return samples
  })
}

/**
 * The samples between a part's two ends: silence where the sound begins later, pauses or ends earlier.
 * Timestamps are made anew at the end, since a part beyond the end of the sound has none.
 */
export const soundFilters = ({ at, duration }: Part, samples: number, sampleRate: number) => [
  `asetpts=PTS-round(${seconds(at)}/TB)`,
  `atrim=start=0:end=${seconds(duration)}`,
  `aresample=${sampleRate}:async=1:first_pts=0`,
  `apad=whole_len=${samples}`,
  `atrim=end_sample=${samples}`,
  'asetpts=N/SR/TB',
]

const labels = (kind: string, parts: readonly Part[]) => parts.map((_, n) => `[${kind}${n}]`).join('')

/** As ffmpeg reads a time in seconds. */
export const seconds = (value: number) => value.toFixed(6)

/** Codecs whose every frame is a keyframe: a seek lands on the very frame. */
const intraCodecs = /^(prores|dnxhd|cfhd|mjpeg|ffv1|huffyuv|ffvhuff|utvideo|v210|rawvideo|png|jpeg2000|hap)$/

/**
 * How far before a part its file is opened, seconds: nearest first, each tried only where the one before it lost
 * frames; null = from the start. MOV and Matroska have an index of keyframes. An MPEG stream has none, so ffmpeg lands
 * anywhere and sees nothing until the next keyframe. Elsewhere timestamps after a seek are not to be trusted.
 */
export function seekMargins(container: string, codec: string): (number | null)[] {
  if (/mov|mp4/.test(container)) return intraCodecs.test(codec) ? [0.25, 12, null] : [1.5, 12, null]
  if (/matroska|webm/.test(container)) return [1.5, 12, null]
  if (/mpeg/.test(container)) return [12, null]
  return [null]
}

/** `-copyts` and where to open the file for a part; nothing is cut here, so every timestamp stays the file's own. */
export function seekOptions({ from }: Part, origin: number, margin: number | null): string[] {
  const target = from === null || margin === null ? origin : from - margin
  if (target <= origin) return []
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds(target)]
}

/** For messages: "frames 10-19, 40-59". */
export const stretchText = (stretches: readonly Stretch[]) =>
  stretches.map(({ startFrame, endFrame }) => `${startFrame}-${endFrame - 1}`).join(', ')
