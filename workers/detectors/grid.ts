/**
 * A frame as eight by eight fields of light: as much as is needed to say how like two frames are.
 */

import type { SmallPicture } from './sampler.ts'

export const fields = 64

/** The grids and contrasts of the latest frames: `back` is 0 for the one that is being measured. */
export interface Recent {
  /** Frames so far. */
  known: number
  grid(back: number): Uint8Array
  contrast(back: number): number
  /** Distance from the frame before it; 0 for the first of all. */
  step(back: number): number
}

/** How much a frame's light varies over its pixels below which it is taken for flat: black, white, or one colour. */
export const flatContrast = 16

export interface GridReader {
  /** Fills `grid` with the mean of B, G and R of each field, 0 to 255, row by row. */
  readGrid(grid: Uint8Array): void
  /** The variance of all B, G and R. */
  readContrast(): number
}

/** Reads the small image that is there at each call. Fields differ in size by a pixel where it cannot be divided. */
export function gridReader({ kernel, at, plane, width, height }: SmallPicture): GridReader {
  const columns = kernel.allocate(2 * (width + 16))
  const light = kernel.allocate(4 * fields)
  const sums = kernel.allocate(16)
  const found = new Uint32Array(kernel.view(light, 0).buffer, light, fields)
  const all = new Float64Array(kernel.view(sums, 0).buffer, sums, 2)
  const values = 3 * width * height
  const counts = spans(height).flatMap((rows) => spans(width).map((across) => 3 * rows * across))
  return {
    readGrid(grid) {
      kernel.loops.fieldLight(at, plane, width, height, columns, light)
      for (let i = 0; i < fields; i++) grid[i] = Math.round((found[i] ?? 0) / (counts[i] ?? 1))
    },
    readContrast() {
      kernel.loops.lightAndSquares(at, plane, sums)
      const mean = (all[0] ?? 0) / values
      return Math.max(0, (all[1] ?? 0) / values - mean * mean)
    },
  }
}

/** Pixels along each of eight fields; of fewer than eight pixels some count twice. */
const spans = (size: number) =>
  Array.from({ length: 8 }, (_, i) => Math.max(1, ((size * (i + 1)) >> 3) - ((size * i) >> 3)))

/** How far the fields of two frames are apart on average, in levels of 255. */
export function distance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < fields; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0))
  return sum / fields
}

/**
 * Correlation of the fields of two frames, -1 to 1: how like they are whatever their brightness and contrast.
 * 0 where one of them has no structure.
 */
export function likeness(a: Uint8Array, b: Uint8Array): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0]
  for (let i = 0; i < fields; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    sumA += x
    sumB += y
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  const varianceA = fields * squaresA - sumA * sumA
  const varianceB = fields * squaresB - sumB * sumB
  if (varianceA === 0 || varianceB === 0) return 0
  return (fields * products - sumA * sumB) / Math.sqrt(varianceA * varianceB)
}
