/**
 * Makes films out of planned edits, with ffmpeg at both ends: frames of the footage in, H.264 out.
 */

import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import type { Picture } from './edits.ts'

export interface Size {
  /** Even, as all sizes of 4:2:0. */
  width: number
  height: number
}

/**
 * Writes an edit of the footage in `source` to `file`, 24 frames a second, x264 at CRF 20. What it is made of
 * lies beside it uncompressed meanwhile.
 * @throws Error where ffmpeg fails.
 */
export async function makeEditFilm(
  ffmpeg: string,
  source: string,
  pictures: readonly Picture[],
  size: Size,
  file: string,
): Promise<void> {
  const raw = `${file}.yuv`
  try {
    execFileSync(ffmpeg, [...quiet, '-i', source, ...readAs(size), raw])
    const footage = openSync(raw, 'r')
    try {
      await encode(ffmpeg, size, pictures, render(footage, size), file)
    } finally {
      closeSync(footage)
    }
  } finally {
    rmSync(raw, { force: true })
  }
}

const quiet = ['-v', 'error', '-nostdin', '-y']

/** Fills the size; what is too wide or too high is left out. */
const readAs = ({ width, height }: Size) => [
  ...['-an', '-vsync', '0', '-pix_fmt', 'yuv420p', '-f', 'rawvideo'],
  ...['-vf', `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`],
]

async function encode(
  ffmpeg: string,
  { width, height }: Size,
  pictures: readonly Picture[],
  rendered: (picture: Picture) => Uint8Array,
  file: string,
): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', '24', '-i', '-']
  const output = ['-c:v', 'libx264', '-preset', 'superfast', '-crf', '20', '-threads', '1', file]
  const child = spawn(ffmpeg, ['-v', 'error', '-y', ...input, ...output], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  for (const picture of pictures) {
    if (!child.stdin.write(rendered(picture))) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} while it wrote ${file}.`)
}

interface Plane {
  at: number
  width: number
  height: number
}

/** Makes pictures in 8-bit 4:2:0 from frames that lie one after another in `footage`. */
function render(footage: number, { width, height }: Size): (picture: Picture) => Uint8Array {
  const bytes = (width * height * 3) / 2
  const half = { width: width / 2, height: height / 2 }
  const planes: Plane[] = [
    { at: 0, width, height },
    { at: width * height, ...half },
    { at: (width * height * 5) / 4, ...half },
  ]
  const rendered = (picture: Picture): Uint8Array => {
    switch (picture.kind) {
      case 'frame': {
        const frame = new Uint8Array(bytes)
        readSync(footage, frame, 0, bytes, picture.frame * bytes)
        return frame
      }
      case 'flat':
        return new Uint8Array(bytes).fill(128).fill(picture.luma, 0, width * height)
      case 'mix':
        return mixed(rendered(picture.under), rendered(picture.over), picture, planes)
      case 'pan':
        return panned(rendered(picture.of), picture, planes)
    }
  }
  return rendered
}

function mixed(
  under: Uint8Array,
  over: Uint8Array,
  { weight, share }: { weight: number; share: number },
  planes: Plane[],
): Uint8Array {
  for (const { at, width, height } of planes) {
    const end = Math.round(share * width)
    for (let row = at; row < at + width * height; row += width) {
      for (let i = row; i < row + end; i++) {
        const below = under[i] ?? 0
        under[i] = Math.round(below + weight * ((over[i] ?? 0) - below))
      }
    }
  }
  return under
}

/** Eight exposures along the way make the blur. */
function panned(
  picture: Uint8Array,
  { shift, smear }: { shift: number; smear: number },
  planes: Plane[],
): Uint8Array {
  const moved = new Uint8Array(picture.length)
  for (const { at, width, height } of planes) {
    const from = Float64Array.from({ length: 8 }, (_, i) => Math.round((shift - (smear * i) / 8) * width))
    for (let row = 0; row < height; row++) {
      const line = picture.subarray(at + row * width, at + (row + 1) * width)
      for (let x = 0; x < width; x++) {
        let sum = 0
        for (const offset of from) sum += line[mirrored(x + offset, width)] ?? 0
        moved[at + row * width + x] = Math.round(sum / 8)
      }
    }
  }
  return moved
}

/** Where in a line of `width` a position lies that runs back and forth in it. */
function mirrored(x: number, width: number): number {
  const turn = 2 * width
  const along = ((x % turn) + turn) % turn
  return along < width ? along : turn - 1 - along
}
