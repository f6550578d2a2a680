/**
 * Cuts stretches of a video, frame for frame, and encodes them as one seamless clip.
 */

import { countedRun, type Encoded, type Encoding, planEncode } from './encode.ts'
import { input } from './ffmpeg.ts'
import {
  clipGraph,
  type Part,
  partOf,
  seekMargins,
  seekOptions,
  type Stretch,
  stretchText,
} from './media/clip_graph.ts'
import { paceOf } from './media/pace.ts'
import { fractionValue } from './media/timecode.ts'
import { type Context, type Frames, OperationError, type Tools } from './operation.ts'

export interface PartsEncoding extends Encoding {
  /** What is played, in this order. */
  stretches: readonly Stretch[]
  /** Every frame of the source. */
  frames: Frames
  /** From `firstTimestamp`. */
  origin: number
}

export interface EncodedParts extends Encoded {
  /** Seconds. */
  duration: number
}

type Means = Pick<Context, 'signal' | 'children'>

/**
 * Encodes the stretches, in their order, as one clip: exactly their frames at their own distances, and sound that
 * begins and ends with each. What was encoded is counted; where a seek lost frames the file is opened earlier.
 * @throws OperationError `frames_lost`, `ffmpeg_failed`; the signal's reason.
 */
export async function encodeParts(
  encoding: PartsEncoding,
  tools: Tools,
  context: Means,
): Promise<EncodedParts> {
  const { probe, stretches, frames, origin } = encoding
  const parts = stretches.map((stretch) => partOf(stretch, frames.times, frames.duration, origin))
  const plan = planEncode(probe, encoding, tools)
  const duration = parts.reduce((total, part) => total + part.duration, 0)
  const expected = plan.rate
    ? Math.max(1, Math.round(duration * fractionValue(plan.rate)))
    : parts.reduce((total, part) => total + part.frames, 0)
  // At a new rate builds differ in how often they show the last frame: too many are cut off, one may lack.
  const least = plan.rate
    ? expected - 1 - fractionValue(plan.rate) / fractionValue(probe.video.frameRate)
    : expected
  for (const margin of seekMargins(probe.container, probe.video.codec)) {
    const made = await attempt(encoding, { parts, plan, expected, margin }, tools, context)
    if (made.frames >= least && made.frames <= expected)
      return { settings: plan.settings, ...plan.size, ...made, duration }
  }
  throw new OperationError(
    'frames_lost',
    `Frames ${stretchText(stretches)} could not all be read again, though they were there when scenes were detected. ` +
      'The source may be damaged or have changed: check it, then retry.',
  )
}

interface Attempt {
  parts: Part[]
  plan: ReturnType<typeof planEncode>
  /** Frames of the result. */
  expected: number
  margin: number | null
}

async function attempt(
  { source, probe, target, audio, tags, onFrames, frames, stretches, origin }: PartsEncoding,
  { parts, plan, expected, margin }: Attempt,
  tools: Tools,
  context: Means,
): Promise<Pick<Encoded, 'frames' | 'commands'>> {
  const sound = probe.audio[0]?.index ?? null
  const graph = clipGraph(parts, {
    video: probe.video.index,
    audio: sound,
    sampleRate: audio.sample_rate,
    filters: plan.rate ? [...plan.filters, `trim=end_frame=${expected}`] : plan.filters,
  })
  const args = [
    '-copyts',
    ...parts.flatMap((part) =>
      input(source, '-threads', String(tools.threads), ...seekOptions(part, origin, margin)),
    ),
    ...['-filter_complex', graph, '-map', '[v]', ...(sound === null ? [] : ['-map', '[a]'])],
    ...plan.output(paceOf(frames, probe.video, stretches), tags),
    `file:${target}`,
  ]
  return { frames: await countedRun(args, onFrames, tools, context), commands: [args] }
}
