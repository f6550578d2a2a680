/**
 * Drawn pictures that bring rounding to light: flat, graded, mirrored and noisy ones, the same on every machine.
 */

import { openKernel } from '../../../workers/detectors/kernel/kernel.ts'
import { placeSmall } from '../../../workers/detectors/sampler.ts'
import type { Measurement } from '../../../workers/detectors/detector.ts'

/** What `measurement` makes of seven pictures of this size, from the second on against the one before. */
export function measureDrawn({ start }: Measurement, width: number, height: number): number[] {
  const small = placeSmall(openKernel(0), width, height)
  const measure = start(small)
  const values = new Float64Array(1)
  const byte = noise()
  const grey = (value: (x: number, y: number) => number) => {
    for (let i = 0; i < width * height; i++) {
      const level = value(i % width, Math.floor(i / width))
      for (const plane of [small.blue, small.green, small.red]) plane[i] = level
    }
  }
  const noisy = (level: (byte: number) => number) => {
    for (const plane of [small.blue, small.green, small.red]) {
      for (let i = 0; i < width * height; i++) plane[i] = level(byte())
    }
  }
  const pictures = [
    () => grey(() => 128),
    () => grey((x) => Math.floor((255 * x) / width)),
    () => noisy((value) => value),
    () => grey((_x, y) => Math.floor((255 * Math.abs(2 * y - height)) / height)),
    () => grey(() => 0),
    () => noisy((value) => (value & 1) * 200),
    () => grey((x, y) => (x * 3 + y * 5) & 255),
  ]
  return pictures
    .map((draw) => {
      draw()
      measure(values)
      return values[0] ?? NaN
    })
    .slice(1)
}

function noise(): () => number {
  let seed = 1
  return () => ((seed = (seed * 48271) % 2147483647) >> 8) & 255
}
