/**
 * Reads the small image straight out of a decoded frame, converting only the pixels that it needs.
 */

import { planGather } from './kernel/gather_plan.ts'
import { type Kernel, openKernel } from './kernel/kernel.ts'
import { conversionConstants, fullRange, limitedRange } from './conversion.ts'
import type { Axis, SmallImage } from './small_image.ts'

/** Reads one small image after the other out of frames that are put into `frame`. */
export interface Sampler {
  /** To be filled with one whole frame. */
  frame: Uint8Array
  /** Makes the small image anew. */
  sample(): void
  small: SmallPicture
}

/** A small image in the kernel's memory; the same place for every frame. */
export interface SmallPicture {
  width: number
  height: number
  /** One byte per pixel, row by row. */
  blue: Uint8Array
  green: Uint8Array
  red: Uint8Array
  kernel: Kernel
  /** Where the three planes lie, one after another. */
  at: number
  /** Bytes from one plane to the next: all pixels, then black up to a multiple of 16. */
  plane: number
}

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
  const { width, height } = layout
  const { kernel, frame, groups, weights, blend } = startSampler(3 * width * height, image)
  const taps = findTaps(layout, image, (column, row) => 3 * (row * width + column))
  const plan = planGather(kernel, inPairs(taps, groups))
  return blend((second, row, line) => {
    const from = frame + ((second ? taps.y1[row] : taps.y0[row]) ?? 0)
    for (let channel = 0; channel < 3; channel++) {
      const to = line + channel * 16 * groups
      kernel.loops.channelLine(from + channel, plan.steps, plan.count, weights, groups, to)
    }
  })
}

/** A sampler of 8-bit planar Y, U, V frames. */
export function yuvSampler(layout: PlanarLayout, image: SmallImage): Sampler {
  const { width, height, chromaShift: shift } = layout
  const { kernel, frame, groups, weights, blend } = startSampler(planarBytes(layout), image)
  const chromaWidth = halve(width, shift.x)
  const u = frame + width * height
  const v = u + chromaWidth * halve(height, shift.y)
  const luma = findTaps(layout, image, (column, row) => row * width + column)
  const chroma = findTaps(
    layout,
    image,
    (column, row) => (row >> shift.y) * chromaWidth + (column >> shift.x),
  )
  const { steps: ls, count: ln } = planGather(kernel, inPairs(luma, groups))
  const { steps: cs, count: cn } = planGather(kernel, inPairs(chroma, groups))
  const constants = kernel.place(conversionConstants(layout.fullRange ? fullRange : limitedRange))
  return blend((second, row, line) => {
    const y = frame + ((second ? luma.y1[row] : luma.y0[row]) ?? 0)
    const c = (second ? chroma.y1[row] : chroma.y0[row]) ?? 0
    kernel.loops.yuvLine(y, u + c, v + c, ls, ln, cs, cn, weights, constants, groups, line)
  })
}

/** Offsets into a plane: the pixel at (x, y) of the small image lies at `x[…] + y[…]`. */
interface Taps {
  x0: Int32Array
  x1: Int32Array
  y0: Int32Array
  y1: Int32Array
}

/** A quarter turn keeps the axes apart, so that rotation costs little: only the offsets change. */
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

/** Left and right neighbours by turns, for whole groups of eight pixels; what is too much weighs nothing. */
function inPairs({ x0, x1 }: Pick<Taps, 'x0' | 'x1'>, groups: number): Int32Array {
  const last = x0.length - 1
  return Int32Array.from({ length: 16 * groups }, (_, i) => {
    const x = Math.min(i >> 1, last)
    return (i & 1 ? x1[x] : x0[x]) ?? 0
  })
}

/** Reads one source row, the first or second of those that make up `row`, blended along x, into `line`. */
type ReadLine = (second: boolean, row: number, line: number) => void

/** Sets the memory apart. OpenCV's fixed-point bilinear: along x with 11 bits cut to 7, then along y. */
function startSampler(frameBytes: number, { x, y }: SmallImage) {
  const kernel = openKernel(frameBytes)
  const frame = kernel.allocate(frameBytes)
  const groups = Math.ceil(x.size / 8)
  const pairs = new Int16Array(16 * groups)
  for (let i = 0; i < x.size; i++) {
    pairs[2 * i] = x.firstWeight[i] ?? 0
    pairs[2 * i + 1] = x.secondWeight[i] ?? 0
  }
  const small = placeSmall(kernel, x.size, y.size)
  const blend = (read: ReadLine): Sampler => ({
    frame: kernel.view(frame, frameBytes),
    sample: lineBlender(kernel, y, groups, small, read),
    small,
  })
  return { kernel, frame, groups, weights: kernel.place(pairs), blend }
}

/** Sets a small image apart in the kernel's memory. Rows are written in whole groups of eight pixels. */
export function placeSmall(kernel: Kernel, width: number, height: number): SmallPicture {
  const plane = (width * height + 8 + 15) & ~15
  const at = kernel.allocate(3 * plane)
  const channel = (i: number) => kernel.view(at + i * plane, width * height)
  return { width, height, blue: channel(0), green: channel(1), red: channel(2), kernel, at, plane }
}

/** Blends the rows of a frame; a row that the one before has read already is not read again. */
function lineBlender(kernel: Kernel, y: Axis, groups: number, small: SmallPicture, read: ReadLine) {
  const { at, plane, width, height } = small
  const lineBytes = 3 * 16 * groups
  let [upper, lower] = [kernel.allocate(lineBytes), kernel.allocate(lineBytes)]
  const pixels = width * height
  const ends = [0, 1, 2].map((i) => kernel.view(at + i * plane + pixels, plane - pixels))
  return () => {
    let held = -1
    for (let row = 0; row < height; row++) {
      const [above, below] = [y.firstWeight[row] ?? 0, y.secondWeight[row] ?? 0]
      if (y.first[row] === held) [upper, lower] = [lower, upper]
      else read(false, row, upper)
      // Where a weight is zero its row is not looked at.
      if (below > 0) read(true, row, lower)
      held = below > 0 ? (y.second[row] ?? -1) : -1
      kernel.loops.blendLines(upper, lower, above, below, groups, at + row * width, plane)
    }
    for (const end of ends) end.fill(0)
  }
}
