/**
 * Shrinks a grey picture to 16 by 16, as OpenCV's `resize` with INTER_AREA does it on 8 bits.
 */

import type { Kernel } from './kernel/kernel.ts'
import { type Axis, emptyAxis, roundHalfEven } from './small_image.ts'

export const side = 16

/** A grey picture in the kernel's memory, rows without padding. */
export interface GreyPicture {
  kernel: Kernel
  at: number
  width: number
  height: number
}

/** Plans once for all pictures that appear there. @returns fills the 256 bytes at `to` in the kernel's memory. */
export function planSquare({ kernel, at, width, height }: GreyPicture, to: number): () => void {
  // As OpenCV finds them: the inverse of an inverse, rounded twice.
  const [across, down] = [1 / (side / width), 1 / (side / height)]
  if (across < 1 || down < 1) return stretcher({ kernel, at, width, height }, to)
  if (Number.isInteger(across) && Number.isInteger(down)) {
    // Halves are rounded to even ones, but up where cells are 2 by 2 pixels: OpenCV has a loop of its own for that.
    const lift = across === 2 && down === 2 ? 0.1 : 0
    const scale = Math.fround(1 / (across * down))
    return () => kernel.loops.shrinkEvenly(at, across, down, scale, lift, to)
  }
  const columns = placeCells(kernel, width, across)
  const rows = placeCells(kernel, height, down)
  const line = kernel.allocate(4 * side)
  return () => kernel.loops.shrinkByArea(at, width, columns, rows, line, to)
}

/** What of a line each of sixteen cells covers: where it begins, how many, and where the weights lie that say how much. */
function placeCells(kernel: Kernel, size: number, scale: number): number {
  const cells = Array.from({ length: side }, (_, i) => {
    const { first, weights } = cover(i * scale, scale, size)
    return [first, weights.length, kernel.place(Float32Array.from(weights))]
  })
  return kernel.place(Int32Array.from(cells.flat()))
}

/** A pixel of which a thousandth or less is covered does not count. */
const slightest = 1e-3

function cover(from: number, scale: number, size: number): { first: number; weights: number[] } {
  const width = Math.min(scale, size - from)
  const end = Math.min(Math.floor(from + scale), size - 1)
  const begin = Math.min(Math.ceil(from), end)
  const before = begin - from
  const after = from + scale - end
  const whole = Array.from({ length: end - begin }, () => 1 / width)
  const isCutBefore = before > slightest
  return {
    first: isCutBefore ? begin - 1 : begin,
    weights: [
      ...(isCutBefore ? [before / width] : []),
      ...whole,
      ...(after > slightest ? [Math.min(after, 1, width) / width] : []),
    ],
  }
}

/** A picture with fewer than sixteen pixels one way is blended both ways: fixed-point bilinear, as the small image is. */
function stretcher({ kernel, at, width, height }: GreyPicture, to: number): () => void {
  const grey = kernel.view(at, width * height)
  const square = kernel.view(to, side * side)
  const [x, y] = [planStretch(width), planStretch(height)]
  const number = (list: Int32Array, i: number) => list[i] ?? 0
  const blended = (row: number, column: number) => {
    const left = grey[row * width + number(x.first, column)] ?? 0
    const right = grey[row * width + number(x.second, column)] ?? 0
    return (left * number(x.firstWeight, column) + right * number(x.secondWeight, column)) >> 4
  }
  return () => {
    for (let i = 0; i < square.length; i++) {
      const [row, column] = [i >> 4, i & 15]
      const upper = (blended(number(y.first, row), column) * number(y.firstWeight, row)) >> 16
      const lower = (blended(number(y.second, row), column) * number(y.secondWeight, row)) >> 16
      square[i] = (upper + lower + 2) >> 2
    }
  }
}

/** Only what lies across the end of a pixel is blended. */
function planStretch(size: number): Axis {
  const axis = emptyAxis(side)
  const inverse = side / size
  for (let i = 0; i < side; i++) {
    const first = Math.min(Math.floor(i * (1 / inverse)), size - 1)
    const beyond = Math.fround(i + 1 - (first + 1) * inverse)
    const weight = beyond <= 0 || first === size - 1 ? 0 : Math.fround(beyond - Math.floor(beyond))
    axis.first[i] = first
    axis.second[i] = Math.min(first + 1, size - 1)
    axis.firstWeight[i] = roundHalfEven(Math.fround(1 - weight) * 2048)
    axis.secondWeight[i] = roundHalfEven(weight * 2048)
  }
  return axis
}
