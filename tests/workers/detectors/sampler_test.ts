/**
 * Small images out of frames, in the kernel, against the plainest arithmetic there is.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Conversion, fullRange, limitedRange, type Term } from '../../../workers/detectors/conversion.ts'
import {
  bgrSampler,
  type PlanarLayout,
  type SmallPicture,
  yuvSampler,
} from '../../../workers/detectors/sampler.ts'
import { planSmallImage } from '../../../workers/detectors/small_image.ts'

const conversion = suite('conversion')

/** What swscale's tables come to, as `ff_yuv2rgb_c_init_tables` makes them and its x86 code multiplies. */
const swscale = (isFull: boolean): Record<keyof Conversion, { coefficient: number; offset: number }> => {
  const scaled = (value: number) => (isFull ? Math.trunc((value * 224) / 255) : value)
  const chroma = (coefficient: number) => ({ coefficient: scaled(coefficient), offset: 1024 })
  return {
    y: isFull ? { coefficient: 65536, offset: 0 } : { coefficient: 76309, offset: 128 },
    vToRed: chroma(104597),
    uToBlue: chroma(132201),
    uToGreen: chroma(-25675),
    vToGreen: chroma(-53279),
  }
}

const inKernel = ({ scale, offset, factor }: Term, value: number) =>
  (((value * scale + offset) * factor + 16384) >> 15) >> 1

for (const [name, found, isFull] of [
  ['limited', limitedRange, false],
  ['full', fullRange, true],
] as const) {
  conversion(`has every term of swscale's for every byte in ${name} range`, () => {
    for (const [term, { coefficient, offset }] of Object.entries(swscale(isFull))) {
      const factor = Math.floor((coefficient * 8192 + 32768) / 65536)
      for (let value = 0; value < 256; value++) {
        const constants = found[term as keyof Conversion]
        const input = value * constants.scale + constants.offset
        assert.ok(input >= -32768 && input < 32768, `${term} leaves 16 bits`)
        assert.is(inKernel(constants, value), ((value * 8 - offset) * factor) >> 16, `${term} of ${value}`)
      }
    }
  })
}

conversion.run()

const sampler = suite('sampler')

/** The same bytes on every run, and no pattern that a wrong offset might meet. */
function noise(bytes: Uint8Array): void {
  let seed = 1
  for (let i = 0; i < bytes.length; i++) bytes[i] = (seed = (seed * 48271) % 2147483647) >> 8
}

type Colour = [blue: number, green: number, red: number]

/** OpenCV's bilinear for one pixel of the small image. `at` tells the colour of a pixel as shown. */
function blended(image: ReturnType<typeof planSmallImage>, at: (x: number, y: number) => Colour) {
  const { x, y } = image
  const number = (list: Int32Array, i: number) => list[i] ?? NaN
  return (i: number, j: number) =>
    [0, 1, 2].map((channel) => {
      const value = (column: Int32Array, row: Int32Array) =>
        at(number(column, i), number(row, j))[channel] ?? NaN
      const line = (row: Int32Array) =>
        (value(x.first, row) * number(x.firstWeight, i) + value(x.second, row) * number(x.secondWeight, i)) >>
        4
      const above = (line(y.first) * number(y.firstWeight, j)) >> 16
      return (above + ((line(y.second) * number(y.secondWeight, j)) >> 16) + 2) >> 2
    })
}

function assertSame(small: SmallPicture, expected: (i: number, j: number) => number[]): void {
  for (let j = 0; j < small.height; j++) {
    for (let i = 0; i < small.width; i++) {
      const p = j * small.width + i
      assert.equal([small.blue[p], small.green[p], small.red[p]], expected(i, j), `at ${i}, ${j}`)
    }
  }
}

/** Where a pixel as shown is stored. */
function turned({ width, height, rotation }: { width: number; height: number; rotation: number }) {
  return (x: number, y: number): [x: number, y: number] => {
    if (rotation === 90) return [y, height - 1 - x]
    if (rotation === 180) return [width - 1 - x, height - 1 - y]
    if (rotation === 270) return [width - 1 - y, x]
    return [x, y]
  }
}

const clamp = (value: number) => Math.min(255, Math.max(0, value))

function colourOf(frame: Uint8Array, { width, height, chromaShift: shift, fullRange: isFull }: PlanarLayout) {
  const terms = isFull ? fullRange : limitedRange
  const chromaWidth = (width + shift.x) >> shift.x
  const planeOfV = chromaWidth * ((height + shift.y) >> shift.y)
  return ([x, y]: [number, number]): Colour => {
    const c = width * height + (y >> shift.y) * chromaWidth + (x >> shift.x)
    const [u, v] = [frame[c] ?? NaN, frame[c + planeOfV] ?? NaN]
    const luma = inKernel(terms.y, frame[y * width + x] ?? NaN)
    const green = luma + inKernel(terms.uToGreen, u) + inKernel(terms.vToGreen, v)
    return [clamp(luma + inKernel(terms.uToBlue, u)), clamp(green), clamp(luma + inKernel(terms.vToRed, v))]
  }
}

for (const [width, height] of [
  [640, 90],
  [480, 80],
  [577, 324],
  [1280, 64],
  [1920, 64],
  [200, 84],
  [100, 300],
  [3, 2],
] as const) {
  for (const rotation of [0, 90, 180, 270]) {
    sampler(`takes the pixels of ${width}x${height} turned by ${rotation}`, () => {
      const isUpright = rotation % 180 === 0
      const image = isUpright ? planSmallImage(width, height) : planSmallImage(height, width)
      const shift = { x: 1, y: rotation === 0 ? 1 : 0 }
      const layout = { width, height, rotation, chromaShift: shift, fullRange: rotation === 90 }
      const planar = yuvSampler(layout, image)
      noise(planar.frame)
      planar.sample()
      const stored = turned(layout)
      const colour = colourOf(planar.frame, layout)
      assertSame(
        planar.small,
        blended(image, (x, y) => colour(stored(x, y))),
      )
      const packed = bgrSampler(layout, image)
      noise(packed.frame)
      packed.sample()
      const channels = (x: number, y: number): Colour => {
        const [column, row] = stored(x, y)
        const from = 3 * (row * width + column)
        return [packed.frame[from] ?? NaN, packed.frame[from + 1] ?? NaN, packed.frame[from + 2] ?? NaN]
      }
      assertSame(packed.small, blended(image, channels))
    })
  }
}

sampler.run()
