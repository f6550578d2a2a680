/**
 * What a picture must become to play everywhere: its size, H.264 level, colours, and the filters that do it.
 */

import type { PresetSettings } from './presets.ts'
import type { VideoStream } from './probe.ts'
import { type Fraction, fractionText, fractionValue } from './timecode.ts'

export interface Size {
  width: number
  height: number
}

/** Frames per second that a decimal is only the everyday name of. */
const broadcastRates = [24, 30, 48, 60, 120].map((nominal) => ({ num: nominal * 1000, den: 1001 }))

/** 23.976, 23.98 or 29.97 as the fraction they stand for; other rates to the thousandth. */
export function exactRate(rate: number): Fraction {
  const meant = broadcastRates.find((known) => Math.abs(fractionValue(known) - rate) < 0.006)
  if (meant) return meant
  return Number.isInteger(rate) ? { num: rate, den: 1 } : { num: Math.round(rate * 1000), den: 1000 }
}

/** Width of a pixel to its height in the upright picture. */
export function pixelAspect({ sampleAspect: { num, den }, rotation }: VideoStream): Fraction {
  return rotation % 180 === 0 ? { num, den } : { num: den, den: num }
}

/**
 * The stored size of a picture made to fit `box` as it is shown (pixels that are not square are counted
 * as wide as they look), never enlarged, both sides even as 4:2:0 wants them.
 */
export function fit(picture: Size, pixel: Fraction, box: 'source' | Size): Size {
  const shown = picture.width * fractionValue(pixel)
  const factor = box === 'source' ? 1 : Math.min(1, box.width / shown, box.height / picture.height)
  if (factor === 1)
    return { width: even(picture.width, Math.floor), height: even(picture.height, Math.floor) }
  return {
    width: even(picture.width * factor, Math.round),
    height: even(picture.height * factor, Math.round),
  }
}

export const isSameSize = (a: Size, b: Size) => a.width === b.width && a.height === b.height

const even = (length: number, round: (value: number) => number) => Math.max(2, round(length / 2) * 2)

/** ITU-T H.264 (08/2021), table A-1: the most macroblocks per second and per frame of each level. */
const levels: [level: string, perSecond: number, perFrame: number][] = [
  ['3.0', 40_500, 1_620],
  ['3.1', 108_000, 3_600],
  ['3.2', 216_000, 5_120],
  ['4.0', 245_760, 8_192],
  ['4.1', 245_760, 8_192],
  ['4.2', 522_240, 8_704],
  ['5.0', 589_824, 22_080],
  ['5.1', 983_040, 36_864],
  ['5.2', 2_073_600, 36_864],
  ['6.0', 4_177_920, 139_264],
  ['6.1', 8_355_840, 139_264],
  ['6.2', 16_711_680, 139_264],
]

/**
 * The lowest H.264 level, from `least` on, that a picture of this size and rate may carry (H.264 A.3.1);
 * null where none does.
 */
export function h264Level({ width, height }: Size, framesPerSecond: number, least: string): string | null {
  const [across, down] = [Math.ceil(width / 16), Math.ceil(height / 16)]
  const from = Math.max(
    0,
    levels.findIndex(([level]) => level === least),
  )
  const found = levels.slice(from).find(([, perSecond, perFrame]) => {
    const longest = Math.sqrt(8 * perFrame)
    const fits = across * down <= perFrame && across <= longest && down <= longest
    return fits && across * down * framesPerSecond <= perSecond
  })
  return found?.[0] ?? null
}

/** The colour of an output, as ffmpeg names it; null = the source does not say, so neither do we. */
export interface Colour {
  range: 'tv'
  matrix: string | null
  primaries: string | null
  transfer: string | null
}

/** What the output's colours will be: SDR as in the source, and BT.709 for what was HDR or RGB. */
export function outputColour(video: VideoStream): Colour {
  const bt709 = { range: 'tv', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' } as const
  if (video.hdr) return bt709
  if (isRgb(video)) {
    return { ...bt709, primaries: video.primaries ?? 'bt709', transfer: video.transfer ?? 'bt709' }
  }
  return { range: 'tv', matrix: video.matrix, primaries: video.primaries, transfer: video.transfer }
}

/** Output options that write the colour into the stream. */
export const colourTags = ({ range, matrix, primaries, transfer }: Colour): string[] => [
  '-color_range',
  range,
  ...(matrix ? ['-colorspace', matrix] : []),
  ...(primaries ? ['-color_primaries', primaries] : []),
  ...(transfer ? ['-color_trc', transfer] : []),
]

/** What a build of ffmpeg must be asked before filters are chosen: `Tools.filters`. */
export type FilterNames = readonly string[]

/** True where HDR can be brought down to SDR properly. */
export const canToneMap = (filters: FilterNames) => filters.includes('zscale') && filters.includes('tonemap')

/** The largest number that H.264 can tell a pixel's shape with; left to itself, ffmpeg makes 399:400 a square. */
const finestShape = 65_535

/**
 * The filters that turn a decoded (and already turned upright) picture into 8-bit 4:2:0 of `size`.
 * Frames keep their number and their PTS.
 */
export function pictureFilters(video: VideoStream, size: Size, filters: FilterNames): string[] {
  const flat = video.alpha && filters.includes('premultiply') ? ['premultiply=inplace=1'] : []
  const sar = `setsar=${fractionText(pixelAspect(video))}:max=${finestShape}`
  if (video.hdr && canToneMap(filters)) {
    return [...flat, ...resize(video, size, ''), ...toneMap(video), 'format=yuv420p', sar]
  }
  return [...flat, ...resize(video, size, colourConversion(video)), 'format=yuv420p', sar]
}

/** An odd last row or column is dropped rather than the whole picture blurred by a resize of one pixel. */
function resize(video: VideoStream, { width, height }: Size, conversion: string): string[] {
  const [across, down] = [video.width - width, video.height - height]
  const crop = (across === 0 || across === 1) && (down === 0 || down === 1)
  const cropped = video.width !== width || video.height !== height ? [`crop=${width}:${height}:0:0`] : []
  if (crop) return conversion ? [`scale=${conversion}:flags=${scaler}`, ...cropped] : cropped
  return [`scale=${width}:${height}:flags=${scaler}${conversion && `:${conversion}`}`]
}

const scaler = 'lanczos+accurate_rnd+full_chroma_int'

function colourConversion(video: VideoStream): string {
  if (isRgb(video)) return 'out_color_matrix=bt709:out_range=tv'
  const matrix = video.matrix && swscaleMatrices[video.matrix]
  const kept = matrix ? `in_color_matrix=${matrix}:out_color_matrix=${matrix}:` : ''
  return `${kept}in_range=${video.range ?? 'tv'}:out_range=tv`
}

/** ffprobe's names of matrices -> the scale filter's. */
export const swscaleMatrices: Record<string, string> = {
  bt709: 'bt709',
  fcc: 'fcc',
  bt470bg: 'bt601',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
}

/**
 * PQ or HLG down to BT.709 by way of linear light, with Hable's curve and 100 nits as white
 * (the chain of ffmpeg's own documentation of `tonemap`). What the file leaves unsaid is BT.2020.
 */
export function toneMap(video: VideoStream): string[] {
  const transfer = video.hdr === 'pq' ? 'smpte2084' : 'arib-std-b67'
  const matrix = isRgb(video) ? '' : `:min=${video.matrix ?? 'bt2020nc'}`
  const range = video.range === 'pc' ? 'pc' : 'tv'
  return [
    `zscale=tin=${transfer}:pin=${video.primaries ?? 'bt2020'}${matrix}:rin=${range}:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    // Most is mastered at 1000 nits; of a film that does not say, ffmpeg would think 10,000 and make it dark.
    'tonemap=tonemap=hable:desat=0:peak=10',
    'zscale=t=bt709:m=bt709:r=tv',
  ]
}

export const isRgb = ({ pixelFormat }: VideoStream) =>
  /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2rgb|x2bgr)/.test(pixelFormat)

/** How many audio channels a setting asks of a source. AAC players know 1, 2, 6 and 8; others are mixed to stereo. */
export function audioChannels(source: number, wanted: PresetSettings['audio']['channels']): number {
  if (wanted === 'mono') return 1
  if (wanted === 'stereo') return 2
  return [1, 2, 6, 8].includes(source) ? source : 2
}
