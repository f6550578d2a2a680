/**
 * Reads the small image straight out of a decoded frame, converting only the pixels that it needs.
 */

import type { SmallImage } from './small_image.ts'

/** Fills `small` (B, G, R per pixel, row by row) from one whole frame. */
export type Sampler = (frame: Uint8Array, small: Uint8Array) => void

/** How a frame lies in memory. `width` and `height` are as stored, before rotation. */
export interface Layout {
  width: number
  height: number
  /** Degrees clockwise that the picture is turned for showing. */
  rotation: number
}

/** A sampler of 8-bit BGR frames without padding. */
export function bgrSampler(layout: Layout, image: SmallImage): Sampler {
  const taps = findTaps(layout, image, (column, row) => 3 * (row * layout.width + column))
  return sampler(
    image,
    taps,
    taps,
    (frame, at) => (frame[at] ?? 0) | ((frame[at + 1] ?? 0) << 8) | ((frame[at + 2] ?? 0) << 16),
  )
}

export interface PlanarLayout extends Layout {
  /** How often width and height of the chroma planes are halved. */
  chromaShift: { x: number; y: number }
  /** Black at 0 and white at 255, in place of 16 and 235. */
  fullRange: boolean
}

/** A sampler of 8-bit planar Y, U, V frames without padding, converted as swscale's unscaled path does. */
export function yuvSampler(layout: PlanarLayout, image: SmallImage): Sampler {
  const { width, height, chromaShift } = layout
  const chromaWidth = halve(width, chromaShift.x)
  const u = width * height
  const v = u + chromaWidth * halve(height, chromaShift.y)
  const luma = findTaps(layout, image, (column, row) => row * width + column)
  const chroma = findTaps(
    layout,
    image,
    (column, row) => (row >> chromaShift.y) * chromaWidth + (column >> chromaShift.x),
  )
  return sampler(image, luma, chroma, yuvPixel(u, v, layout.fullRange))
}

const halve = (size: number, shift: number) => (size + (1 << shift) - 1) >> shift

/** Bytes of one planar frame. */
export function planarBytes({ width, height, chromaShift }: PlanarLayout): number {
  return width * height + 2 * halve(width, chromaShift.x) * halve(height, chromaShift.y)
}

/** Offsets into the frame: the pixel at (x, y) of the small image lies at `x[…] + y[…]`. */
interface Taps {
  x0: Int32Array
  x1: Int32Array
  y0: Int32Array
  y1: Int32Array
}

/** A quarter turn keeps the axes apart, so that rotation costs nothing: only the offsets change. */
function findTaps(
  { width, height, rotation }: Layout,
  image: SmallImage,
  offset: (column: number, row: number) => number,
): Taps {
  const right = width - 1
  const bottom = height - 1
  const [alongX, alongY] =
    rotation === 90
      ? [(x: number) => offset(0, bottom - x), (y: number) => offset(y, 0)]
      : rotation === 180
        ? [(x: number) => offset(right - x, 0), (y: number) => offset(0, bottom - y)]
        : rotation === 270
          ? [(x: number) => offset(0, x), (y: number) => offset(right - y, 0)]
          : [(x: number) => offset(x, 0), (y: number) => offset(0, y)]
  return {
    x0: image.x.first.map(alongX),
    x1: image.x.second.map(alongX),
    y0: image.y.first.map(alongY),
    y1: image.y.second.map(alongY),
  }
}

/** Reads one pixel as B | G << 8 | R << 16, given its offsets in the luma plane and in a chroma plane. */
type Pixel = (frame: Uint8Array, luma: number, chroma: number) => number

/** BT.601 as swscale's tables hold it, in 1/65536: V to R, U to B, U to G, V to G. */
const bt601 = [104597, 132201, -25675, -53279] as const

/**
 * The integer arithmetic of swscale's x86 conversion to BGR24 (`yuv_2_rgb.asm`, coefficients from
 * `ff_yuv2rgb_c_init_tables`): each term is a 16-bit product's upper half, the sum is clamped.
 */
function yuvPixel(u: number, v: number, fullRange: boolean): Pixel {
  const gain = fullRange ? 65536 : Math.trunc((65536 * 255) / 219)
  const [vr, ub, ug, vg] = bt601.map((value) => (fullRange ? Math.trunc((value * 224) / 255) : value))
  const y = products(gain, fullRange ? 0 : 128)
  const red = products(vr, 1024)
  const blue = products(ub, 1024)
  const greenU = products(ug, 1024)
  const greenV = products(vg, 1024)
  return (frame, luma, chroma) => {
    const l = y[frame[luma] ?? 0] ?? 0
    const cu = frame[u + chroma] ?? 0
    const cv = frame[v + chroma] ?? 0
    const b = l + (blue[cu] ?? 0)
    const g = l + (greenU[cu] ?? 0) + (greenV[cv] ?? 0)
    const r = l + (red[cv] ?? 0)
    return clamp(b) | (clamp(g) << 8) | (clamp(r) << 16)
  }
}

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value)

function products(coefficient = 0, offset: number): Int32Array {
  const factor = Math.floor((coefficient * 8192 + 32768) / 65536)
  return Int32Array.from({ length: 256 }, (_, value) => ((value * 8 - offset) * factor) >> 16)
}

function sampler(image: SmallImage, luma: Taps, chroma: Taps, pixel: Pixel): Sampler {
  if (image.rule === 'linear') return linearSampler(image, luma, chroma, pixel)
  const isAverage = image.rule === 'average'
  const { width, height } = image
  return (frame, small) => {
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++, to += 3) {
        const value = isAverage
          ? average(frame, luma, chroma, pixel, x, y)
          : pixel(frame, at(luma.x0, x) + at(luma.y0, y), at(chroma.x0, x) + at(chroma.y0, y))
        store(small, to, value & 255, (value >> 8) & 255, value >> 16)
      }
    }
  }
}

const at = (values: Int32Array, index: number) => values[index] ?? 0

function store(small: Uint8Array, to: number, b: number, g: number, r: number): void {
  small[to] = b
  small[to + 1] = g
  small[to + 2] = r
}

function average(frame: Uint8Array, luma: Taps, chroma: Taps, pixel: Pixel, x: number, y: number): number {
  const a = pixel(frame, at(luma.x0, x) + at(luma.y0, y), at(chroma.x0, x) + at(chroma.y0, y))
  const b = pixel(frame, at(luma.x1, x) + at(luma.y0, y), at(chroma.x1, x) + at(chroma.y0, y))
  const c = pixel(frame, at(luma.x0, x) + at(luma.y1, y), at(chroma.x0, x) + at(chroma.y1, y))
  const d = pixel(frame, at(luma.x1, x) + at(luma.y1, y), at(chroma.x1, x) + at(chroma.y1, y))
  const mean = (shift: number) =>
    (((a >> shift) & 255) + ((b >> shift) & 255) + ((c >> shift) & 255) + ((d >> shift) & 255) + 2) >> 2
  return mean(0) | (mean(8) << 8) | (mean(16) << 16)
}

/** OpenCV's fixed-point bilinear: rows are blended with 11 bits, cut to 7, then blended with each other. */
function linearSampler(image: SmallImage, luma: Taps, chroma: Taps, pixel: Pixel): Sampler {
  const { width, height, x: axisX, y: axisY } = image
  return (frame, small) => {
    for (let y = 0, to = 0; y < height; y++) {
      const [l0, l1, c0, c1] = [at(luma.y0, y), at(luma.y1, y), at(chroma.y0, y), at(chroma.y1, y)]
      const upper = at(axisY.firstWeight, y)
      const lower = at(axisY.secondWeight, y)
      for (let x = 0; x < width; x++, to += 3) {
        const left = at(axisX.firstWeight, x)
        const right = at(axisX.secondWeight, x)
        const a = pixel(frame, l0 + at(luma.x0, x), c0 + at(chroma.x0, x))
        // Where a weight is zero its pixel is not looked at; at odd whole ratios that is three of four.
        const b = right ? pixel(frame, l0 + at(luma.x1, x), c0 + at(chroma.x1, x)) : a
        const c = lower ? pixel(frame, l1 + at(luma.x0, x), c1 + at(chroma.x0, x)) : a
        const d = !lower ? b : right ? pixel(frame, l1 + at(luma.x1, x), c1 + at(chroma.x1, x)) : c
        small[to] =
          (((upper * (((a & 255) * left + (b & 255) * right) >> 4)) >> 16) +
            ((lower * (((c & 255) * left + (d & 255) * right) >> 4)) >> 16) +
            2) >>
          2
        small[to + 1] =
          (((upper * ((((a >> 8) & 255) * left + ((b >> 8) & 255) * right) >> 4)) >> 16) +
            ((lower * ((((c >> 8) & 255) * left + ((d >> 8) & 255) * right) >> 4)) >> 16) +
            2) >>
          2
        small[to + 2] =
          (((upper * (((a >> 16) * left + (b >> 16) * right) >> 4)) >> 16) +
            ((lower * (((c >> 16) * left + (d >> 16) * right) >> 4)) >> 16) +
            2) >>
          2
      }
    }
  }
}
