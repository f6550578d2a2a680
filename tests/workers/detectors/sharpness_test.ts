/** Sharpness is the mean square of the Laplacian, whatever the width leaves over of a group of eight. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openKernel } from '../../../workers/detectors/kernel/kernel.ts'
import { placeSmall, type SmallPicture } from '../../../workers/detectors/sampler.ts'
import { sharpness } from '../../../workers/detectors/sharpness.ts'

const test = suite('sharpness')

test('is what its definition says, at any size', () => {
  for (const [width, height] of [
    [274, 154],
    [9, 5],
    [10, 3],
    [11, 11],
    [3, 3],
    [2, 40],
    [1, 1],
  ] as const) {
    const small = placeSmall(openKernel(0), width, height)
    let seed = 7
    for (let i = 0; i < small.green.length; i++) {
      seed = (seed * 48271) % 2147483647
      small.green[i] = seed & 1 ? 255 : (seed >> 8) & 255
      small.blue[i] = seed & 255
    }
    const values = new Float64Array(1)
    sharpness.start(small)(values)
    assert.is(values[0], defined(small), `${width}x${height}`)
  }
})

test('the sharpest picture there can be fits', () => {
  const small = placeSmall(openKernel(0), 512, 512)
  for (let i = 0; i < small.green.length; i++) small.green[i] = ((i & 1) ^ ((i >> 9) & 1)) * 255
  const values = new Float64Array(1)
  sharpness.start(small)(values)
  assert.is(values[0], 1020 ** 2)
})

function defined({ green, width, height }: SmallPicture): number {
  const at = (x: number, y: number) => green[y * width + x] ?? 0
  let sum = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)
      sum += (4 * at(x, y) - around) ** 2
    }
  }
  return sum / Math.max(1, (width - 2) * (height - 2))
}

test.run()
