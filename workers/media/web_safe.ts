/**
 * Whether a master already is what the web wants, so that encoding it again could only make it worse.
 */

import type { Frames } from '../operation.ts'
import { paceOf } from './pace.ts'
import type { PresetSettings } from './presets.ts'
import type { Probe } from './probe.ts'
import { fractionValue } from './timecode.ts'
import { audioChannels, exactRate, fit, h264Level, isSameSize, pixelAspect } from './video.ts'

/**
 * Bits that a picture may spend on each of its pixels: about what CRF 18 takes for lively film, 7.5 Mbit/s for 1080p at
 * 24 frames per second. What spends more was made for editing, and is worth encoding.
 */
const bitsPerPixel = 0.15

/** Bits per second that are few whatever the size: small pictures need more for each pixel. */
const alwaysFew = 1_000_000

/** What any browser plays, in rising order. */
const profiles = ['baseline', 'main', 'high']

/** What H.264 says of a stream, beyond what `Probe` knows. */
export interface StreamClaims {
  /** As H.264 counts it: 41 for 4.1; 0 where it does not say. */
  level: number
  /** Bits per second; 0 where it does not say. */
  bitRate: number
}

/** Whether its container is one that the web plays. */
export const isWebContainer = ({ container }: Pick<Probe, 'container'>) => /\b(mov|mp4)\b/.test(container)

/**
 * True where the picture may stay as it is: H.264 in an MP4 or MOV, 8-bit 4:2:0, upright, square, SDR, progressive,
 * evenly spaced, within what the preset asks for and below `bitsPerPixel` or `alwaysFew`.
 */
export function isWebSafe(
  probe: Probe,
  { level, bitRate }: StreamClaims,
  frames: Frames,
  wanted: PresetSettings['video'],
): boolean {
  const { video } = probe
  const rate = fractionValue(video.frameRate)
  const fits = fit(video, pixelAspect(video), wanted.size)
  const highest = Number(h264Level(fits, rate, wanted.level) ?? 0) * 10
  return (
    isWebContainer(probe) &&
    video.codec === 'h264' &&
    video.pixelFormat === 'yuv420p' &&
    video.range !== 'pc' &&
    !video.hdr &&
    !video.interlaced &&
    video.rotation === 0 &&
    fractionValue(video.sampleAspect) === 1 &&
    isSameSize(fits, video) &&
    hasProfile(video.profile, wanted.profile) &&
    level > 0 &&
    level <= highest &&
    (wanted.fps === 'source' || fractionValue(exactRate(wanted.fps)) === rate) &&
    paceOf(frames, video).even &&
    bitRate > 0 &&
    bitRate <= Math.max(alwaysFew, bitsPerPixel * video.width * video.height * rate)
  )
}

/** True where the first sound may stay as it is, beside a picture that does. */
export function isWebSafeSound(sound: Probe['audio'][number], wanted: PresetSettings['audio']): boolean {
  const { codec, channels, sampleRate } = sound
  return codec === 'aac' && channels === audioChannels(channels, wanted.channels) && sampleRate <= 48000
}

function hasProfile(found: string | null, most: PresetSettings['video']['profile']): boolean {
  const place = profiles.indexOf(found?.toLowerCase().replace('constrained ', '') ?? '')
  return place !== -1 && place <= profiles.indexOf(most)
}
