/**
 * Reads the small image straight out of a decoded frame, converting only the pixels that it needs.
 */

import type { Axis, SmallImage } from './small_image.ts'

/** Fills `small` (B, G, R per pixel, row by row) from one whole frame. */
export type Sampler = (frame: Uint8Array, small: Uint8Array) => void

/** How a frame lies in memory: rows without padding. `width` and `height` are as stored, before rotation. */
export interface Layout {
  width: number
  height: number
  /** Degrees clockwise that the picture is turned for showing. */
  rotation: number
}

export interface PlanarLayout extends Layout {
  /** How often width and height of the chroma planes are halved. */
  chromaShift: { x: number; y: number }
  /** Black at 0 and white at 255, in place of 16 and 235. */
  fullRange: boolean
}

/** Bytes of one planar frame. */
export const planarBytes = ({ width, height, chromaShift: { x, y } }: PlanarLayout) =>
  width * height + 2 * halve(width, x) * halve(height, y)

const halve = (size: number, shift: number) => (size + (1 << shift) - 1) >> shift

/** A sampler of 8-bit BGR frames. */
export function bgrSampler(layout: Layout, image: SmallImage): Sampler {
  const taps = findTaps(layout, image, (column, row) => 3 * (row * layout.width + column))
  return blendLines(image.y, taps, taps, readBgr(image.x, taps))
}

/** A sampler of 8-bit planar Y, U, V frames. */
export function yuvSampler(layout: PlanarLayout, image: SmallImage): Sampler {
  const { width, height, chromaShift: shift } = layout
  const chromaWidth = halve(width, shift.x)
  const u = width * height
  const v = u + chromaWidth * halve(height, shift.y)
  const luma = findTaps(layout, image, (column, row) => row * width + column)
  const chroma = findTaps(
    layout,
    image,
    (column, row) => (row >> shift.y) * chromaWidth + (column >> shift.x),
  )
  return blendLines(image.y, luma, chroma, readYuv(image.x, luma, chroma, { u, v }, layout.fullRange))
}

/** Offsets into a plane: the pixel at (x, y) of the small image lies at `x[…] + y[…]`. */
interface Taps {
  x0: Int32Array
  x1: Int32Array
  y0: Int32Array
  y1: Int32Array
}

/** A quarter turn keeps the axes apart, so that rotation costs nothing: only the offsets change. */
function findTaps(
  { width, height, rotation }: Layout,
  { x, y }: SmallImage,
  offset: (column: number, row: number) => number,
): Taps {
  const [right, bottom] = [width - 1, height - 1]
  const turns: Record<number, [along: (x: number) => number, down: (y: number) => number]> = {
    0: [(x) => offset(x, 0), (y) => offset(0, y)],
    90: [(x) => offset(0, bottom - x), (y) => offset(y, 0)],
    180: [(x) => offset(right - x, 0), (y) => offset(0, bottom - y)],
    270: [(x) => offset(0, x), (y) => offset(right - y, 0)],
  }
  const [along, down] = turns[rotation] ?? [(x: number) => offset(x, 0), (y: number) => offset(0, y)]
  return { x0: x.first.map(along), x1: x.second.map(along), y0: y.first.map(down), y1: y.second.map(down) }
}

/** Fills `line` with one source row, blended along x: 7 bits more than 8 per channel. */
type ReadLine = (frame: Uint8Array, lumaRow: number, chromaRow: number, line: Int32Array) => void

/** OpenCV's fixed-point bilinear: rows are blended with 11 bits, cut to 7, then blended with each other. */
function blendLines(y: Axis, luma: Taps, chroma: Taps, read: ReadLine): Sampler {
  const values = 3 * luma.x0.length
  const upper = new Int32Array(values)
  const lower = new Int32Array(values)
  return (frame, small) => {
    for (let row = 0; row < y.size; row++) {
      const [above, below] = [y.firstWeight[row] ?? 0, y.secondWeight[row] ?? 0]
      read(frame, luma.y0[row] ?? 0, chroma.y0[row] ?? 0, upper)
      // Where a weight is zero its row is not looked at.
      if (below > 0) read(frame, luma.y1[row] ?? 0, chroma.y1[row] ?? 0, lower)
      for (let i = 0, to = row * values; i < values; i++, to++) {
        small[to] = (((above * (upper[i] ?? 0)) >> 16) + ((below * (lower[i] ?? 0)) >> 16) + 2) >> 2
      }
    }
  }
}

function readBgr({ size, firstWeight, secondWeight }: Axis, { x0, x1 }: Taps): ReadLine {
  return (frame, row, _, line) => {
    for (let x = 0, to = 0; x < size; x++, to += 3) {
      const [a, b] = [row + (x0[x] ?? 0), row + (x1[x] ?? 0)]
      const [left, right] = [firstWeight[x] ?? 0, secondWeight[x] ?? 0]
      line[to] = ((frame[a] ?? 0) * left + (frame[b] ?? 0) * right) >> 4
      line[to + 1] = ((frame[a + 1] ?? 0) * left + (frame[b + 1] ?? 0) * right) >> 4
      line[to + 2] = ((frame[a + 2] ?? 0) * left + (frame[b + 2] ?? 0) * right) >> 4
    }
  }
}

/** BT.601 as swscale's tables hold it, in 1/65536. */
const bt601 = { vToRed: 104597, uToBlue: 132201, uToGreen: -25675, vToGreen: -53279 }

/**
 * The integer arithmetic of swscale's x86 conversion to BGR24 (`yuv_2_rgb.asm`, coefficients from
 * `ff_yuv2rgb_c_init_tables`): each term is a 16-bit product's upper half, the sum is clamped.
 */
function readYuv(
  { size, firstWeight, secondWeight }: Axis,
  luma: Taps,
  chroma: Taps,
  plane: { u: number; v: number },
  fullRange: boolean,
): ReadLine {
  const gain = fullRange ? 65536 : Math.trunc((65536 * 255) / 219)
  const scaled = (value: number) => (fullRange ? Math.trunc((value * 224) / 255) : value)
  const toY = products(gain, fullRange ? 0 : 128)
  const toRed = products(scaled(bt601.vToRed), 1024)
  const toBlue = products(scaled(bt601.uToBlue), 1024)
  const toGreenU = products(scaled(bt601.uToGreen), 1024)
  const toGreenV = products(scaled(bt601.vToGreen), 1024)
  return (frame, lumaRow, chromaRow, line) => {
    const u = plane.u + chromaRow
    const v = plane.v + chromaRow
    for (let x = 0, to = 0; x < size; x++, to += 3) {
      const first = chroma.x0[x] ?? 0
      let cu = frame[u + first] ?? 0
      let cv = frame[v + first] ?? 0
      let b = toBlue[cu] ?? 0
      let g = (toGreenU[cu] ?? 0) + (toGreenV[cv] ?? 0)
      let r = toRed[cv] ?? 0
      let y = toY[frame[lumaRow + (luma.x0[x] ?? 0)] ?? 0] ?? 0
      const left = firstWeight[x] ?? 0
      let blue = clamp(y + b) * left
      let green = clamp(y + g) * left
      let red = clamp(y + r) * left
      const right = secondWeight[x] ?? 0
      if (right > 0) {
        const second = chroma.x1[x] ?? 0
        if (second !== first) {
          cu = frame[u + second] ?? 0
          cv = frame[v + second] ?? 0
          b = toBlue[cu] ?? 0
          g = (toGreenU[cu] ?? 0) + (toGreenV[cv] ?? 0)
          r = toRed[cv] ?? 0
        }
        y = toY[frame[lumaRow + (luma.x1[x] ?? 0)] ?? 0] ?? 0
        blue += clamp(y + b) * right
        green += clamp(y + g) * right
        red += clamp(y + r) * right
      }
      line[to] = blue >> 4
      line[to + 1] = green >> 4
      line[to + 2] = red >> 4
    }
  }
}

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value)

/** What each of the 256 values of a plane contributes. */
function products(coefficient: number, offset: number): Int32Array {
  const factor = Math.floor((coefficient * 8192 + 32768) / 65536)
  return Int32Array.from({ length: 256 }, (_, value) => ((value * 8 - offset) * factor) >> 16)
}
