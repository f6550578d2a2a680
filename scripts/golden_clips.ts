/**
 * Short clips of every kind of picture, made from the shared footage with the bundled ffmpeg.
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { bundledFfmpeg } from '../workers/tools.ts'

/** Two seconds around a cut, and the first fifty frames of a film that begins in black. */
const battle = { source: 'tears_of_steel.webm', from: '50.5', seconds: '2' }
const opening = { source: 'sintel.mp4', from: '0', seconds: '2.5' }
/** Four seconds, to be dimmed. */
const longer = { source: 'big_buck_bunny.mp4', from: '20', seconds: '4' }

interface Recipe {
  source: string
  from: string
  seconds: string
  args: string[]
  /** How far players are told to turn the picture, clockwise. */
  degrees?: number
}

const flags = 'flags=bicubic+accurate_rnd+bitexact'
const scaled = (size: string) => ['-vf', `scale=${size}:${flags},setsar=1`]
const x264 = (format: string, ...more: string[]) => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '22', '-pix_fmt', format, ...more],
]
const x265 = (format: string, range = 'limited') => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '22', '-pix_fmt', format],
  ...['-x265-params', `log-level=none:pools=none:frame-threads=1:range=${range}`],
]
const lossless = (format: string) => ['-c:v', 'ffv1', '-pix_fmt', format]
const prores = (profile: number, format: string) => [
  ...['-c:v', 'prores_ks', '-profile:v', String(profile), '-pix_fmt', format],
]
const clip = (...args: string[]): Recipe => ({ ...battle, args })
/** Out from second 1, nothing but one colour for a while, in until second 3. `towards`: -1 for black, 1 for white. */
const fadedThrough = (towards: number) => {
  const share = 'clip(abs(t-2)/0.8-0.25,0,1)'
  const brightness = `${towards / 2}*(1-${share})`
  return `eq=eval=frame:contrast='${share}':saturation='${share}':brightness='${brightness}'`
}
/** Cards for a quarter of a second each: one flat grey, a gradient, one that mirrors itself, squares. */
const cards = [
  'scale=256:144',
  `geq=cb=128:cr=128:lum='st(0,floor(N/6));st(1,mod(ld(0),4));${[
    'eq(ld(1),0)*mod(ld(0)*53,256)',
    'eq(ld(1),1)*255*X/W',
    'eq(ld(1),2)*255*abs(2*Y/H-1)',
    'eq(ld(1),3)*255*mod(floor(X/16)+floor(Y/16),2)',
  ].join('+')}'`,
].join(',')
const turned = (degrees: number): Recipe => ({ ...clip(...x264('yuv420p')), degrees })

/** File name -> how it is made. */
const recipes: Record<string, Recipe> = {
  'yuv420p.mp4': clip(...x264('yuv420p')),
  'yuv422p.mp4': clip(...x264('yuv422p')),
  'yuv444p.mp4': clip(...x264('yuv444p')),
  'yuvj420p.mp4': clip(...x264('yuvj420p')),
  'yuvj422p.mov': clip('-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj422p'),
  'tagged_bt709.mp4': clip(...x264('yuv420p', '-colorspace', 'bt709', '-color_primaries', 'bt709')),
  'yuv420p10.mp4': clip(...x265('yuv420p10le')),
  'yuv420p10_full.mp4': clip(
    ...['-vf', `scale=out_range=pc:${flags},format=yuv420p10le`, '-color_range', 'pc'],
    ...x265('yuv420p10le', 'full'),
  ),
  'yuv422p10.mp4': clip(...x265('yuv422p10le')),
  'yuv444p10.mp4': clip(...x265('yuv444p10le')),
  'prores_hq.mov': clip(...prores(3, 'yuv422p10le')),
  'prores_4444_alpha.mov': clip(...prores(4, 'yuva444p10le')),
  'gray.mkv': clip(...lossless('gray')),
  'rgb.mkv': clip(...lossless('bgr0')),
  'rgb_png.mov': clip('-c:v', 'png', '-pix_fmt', 'rgb24'),
  'odd_444.mp4': clip(...scaled('577:323'), ...x264('yuv444p')),
  'odd_420_vp8.webm': clip(...scaled('577:323'), '-c:v', 'libvpx', '-b:v', '1M', '-pix_fmt', 'yuv420p'),
  'odd_420_width.mkv': clip(...scaled('577:324'), ...lossless('yuv420p')),
  'odd_422.mov': clip(...scaled('577:323'), ...prores(3, 'yuv422p10le')),
  'small.mp4': clip(...scaled('200:84'), ...x264('yuv420p')),
  'wide_256.mp4': clip(...scaled('256:106'), ...x264('yuv420p')),
  'wide_512.mp4': clip(...scaled('512:214'), ...x264('yuv420p')),
  'wide_512_odd.mkv': clip(...scaled('512:213'), ...lossless('yuv420p')),
  'wide_768.mp4': clip(...scaled('768:318'), ...x264('yuv420p')),
  'portrait.mp4': clip(...scaled('180:400'), ...x264('yuv420p')),
  'even.mkv': clip(...scaled('256:144'), ...lossless('yuv420p')),
  'square_32.mkv': clip(...scaled('32:32'), ...lossless('yuv420p')),
  'tiny.mkv': clip(...scaled('24:10'), ...lossless('yuv420p')),
  'strip.mkv': clip(...scaled('600:20'), ...lossless('yuv420p')),
  'faded_black.mp4': { ...longer, args: ['-vf', fadedThrough(-1), ...x264('yuv420p')] },
  'faded_white.mp4': { ...longer, args: ['-vf', fadedThrough(1), ...x264('yuv420p')] },
  'faded_drops.mkv': {
    ...longer,
    args: ['-vf', `${fadedThrough(-1)},select=mod(n\\,3)`, '-vsync', 'vfr', ...x264('yuv420p')],
  },
  'faded_ends.mp4': {
    ...longer,
    args: ['-vf', 'fade=t=in:d=1,fade=t=out:st=2.5:d=1', ...x264('yuv420p')],
  },
  'flash.mp4': clip('-vf', "eq=eval=frame:brightness='0.9*between(n,8,9)'", ...x264('yuv420p')),
  'cards.mkv': { ...longer, args: ['-vf', cards, ...lossless('yuv420p')] },
  'rotated_90.mp4': turned(90),
  'rotated_180.mp4': turned(180),
  'rotated_270.mp4': turned(270),
  'variable_drops.mkv': clip('-vf', 'select=mod(n\\,3)', '-vsync', 'vfr', ...x264('yuv420p')),
  'variable_gaps.mp4': clip('-vf', 'setpts=(N+floor(N/10)*3)/24/TB', '-vsync', '0', ...x264('yuv420p')),
  'opening_drops.mp4': {
    ...opening,
    args: ['-vf', 'select=gte(n\\,20)+mod(n\\,2)', '-vsync', 'vfr', ...x264('yuv420p')],
  },
}

/** Footage that is looked at whole. */
export const goldenFilms = ['big_buck_bunny.mp4', 'sintel.mp4', 'sintel_720p.mp4', 'tears_of_steel.webm']

/** Names of all clips. */
export const goldenClips = Object.keys(recipes)

/**
 * Makes one clip in `folder`, unless it is there, from the footage in `media`.
 * @returns its path.
 * @throws Error where there is no such clip or ffmpeg fails.
 */
export function makeGoldenClip(name: string, media: string, folder: string): string {
  const recipe = recipes[name]
  if (!recipe) throw new Error(`There is no clip “${name}”.`)
  const file = path.join(folder, name)
  if (existsSync(file)) return file
  const { source, from, seconds, args, degrees } = recipe
  const before = ['-v', 'error', '-nostdin', '-y', '-ss', from, '-t', seconds, '-i', path.join(media, source)]
  // One thread each way: what an encoder makes must not depend on the machine.
  const made = degrees === undefined ? file : path.join(folder, `upright_${name}`)
  run([...before, '-an', ...args, '-threads', '1', made])
  if (made === file) return file
  // The muxer writes the display matrix only for streams that it copies.
  run(['-v', 'error', '-y', '-i', made, '-c', 'copy', '-metadata:s:v:0', `rotate=${degrees}`, file])
  return file
}

/** SHA-256 of the list of all decoded frames as shown, each with its time and checksum. */
export function hashFrames(file: string): string {
  const frames = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    file,
    '-map',
    '0:v:0',
    '-vsync',
    '0',
    '-enc_time_base',
    '-1',
  ]
  return createHash('sha256')
    .update(
      run([...frames, '-f', 'framemd5', '-'])
        .toString()
        .replace(/^#.*\n/gm, ''),
    )
    .digest('hex')
}

const run = (args: string[]) =>
  execFileSync(bundledFfmpeg(), args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 })
