/**
 * Takes over a picture that is fit for the web already, packet by packet.
 */

import { rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import {
  type Encoded,
  type Encoding,
  fileArguments,
  planEncode,
  soundFrom,
  waitingPackets,
} from './encode.ts'
import { decode, ffmpeg, ffprobe, input } from './ffmpeg.ts'
import { readPackets } from './media/packets.ts'
import { isWebContainer, isWebSafe, isWebSafeSound, type StreamClaims } from './media/web_safe.ts'
import type { Context, Frames, Tools } from './operation.ts'
import { gapIn, notWhole } from './outputs.ts'
import { createUntouched } from './untouched.ts'

type Means = Pick<Context, 'signal' | 'children'>

/**
 * Copies the first picture, and the first sound or its encoding, where the picture is web-safe (`isWebSafe`) and the
 * copy holds every frame that was detected, at its time, and begins with a keyframe at 0: an edit list may hide frames
 * that others need, and a film may begin with frames that nothing can decode.
 * @returns null, with nothing left behind, where it cannot be taken over.
 * @throws OperationError `ffmpeg_failed`, `ffprobe_failed`, `not_whole`; the signal's reason.
 */
export async function copyEncoded(
  encoding: Omit<Encoding, 'onFrames'> & { frames: Frames },
  tools: Tools,
  context: Means,
): Promise<Encoded | null> {
  const { source, probe, target, video, audio, tags, frames } = encoding
  // Nothing is asked of others: the bundled ffprobe crashes on transport streams.
  if (!isWebContainer(probe)) return null
  const claims = await claimsOf(source, probe.video.index, tools, context)
  if (!isWebSafe(probe, claims, frames, video)) return null
  const plan = planEncode(probe, encoding, tools)
  const [sound] = probe.audio
  const keepsSound = sound !== undefined && isWebSafeSound(sound, audio)
  const args = [
    ...input(source, '-threads', String(tools.threads)),
    ...['-map', `0:${probe.video.index}`, '-c:v', 'copy', ...waitingPackets],
    ...(sound ? ['-map', `0:${sound.index}`] : []),
    ...(keepsSound ? ['-c:a', 'copy'] : plan.sound),
    ...(sound && !keepsSound ? ['-af', soundFrom(0, audio.sample_rate)] : []),
    ...fileArguments(tags),
    `file:${target}`,
  ]
  const untouched = createUntouched()
  await ffmpeg(tools, args, context)
  await untouched.note(target)
  if (!(await isExact(target, frames, tools, context).finally(() => untouched.hold(target)))) {
    // A full disk shortens copies, and old builds of ffmpeg do not say so.
    const gap = await gapIn(target)
    if (gap !== null) throw notWhole(target, gap)
    await rm(target)
    return null
  }
  const copied = keepsSound ? 'picture and sound' : 'picture'
  const settings = {
    copied,
    size: plan.settings.size ?? null,
    audio: keepsSound ? 'AAC' : (plan.settings.audio ?? null),
  }
  return { settings, commands: [args], frames: frames.times.length, ...plan.size }
}

async function claimsOf(source: string, stream: number, tools: Tools, context: Means): Promise<StreamClaims> {
  type Answer = { streams?: { level?: number; bit_rate?: string }[] }
  const wanted = ['-select_streams', String(stream), '-show_entries', 'stream=level,bit_rate']
  const { streams: [found] = [] } = await ffprobe<Answer>(tools, source, wanted, context)
  return { level: found?.level ?? 0, bitRate: Number(found?.bit_rate) || 0 }
}

/** Seconds: what the rounding of stored times may come to. */
const rounding = 0.001

async function isExact(file: string, { times }: Frames, tools: Tools, context: Means): Promise<boolean> {
  const args = ['-copyts', ...input(file), '-map', '0:v:0', '-c', 'copy', '-f', 'framecrc', 'pipe:1']
  const run = decode(tools, args, context)
  const [lines] = await Promise.all([text(run.stdout), run.finished])
  const found = readPackets(lines).map(({ time }) => time)
  const first = found[0] ?? -1
  const shown = Float64Array.from(found).sort()
  return (
    Math.abs(first) < rounding &&
    shown.length === times.length &&
    times.every((time, n) => Math.abs(time - (shown[n] ?? -1)) < rounding)
  )
}
