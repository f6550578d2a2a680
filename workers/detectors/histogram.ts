/**
 * The histogram detector: a cut is where the share of dark, middle and bright pixels becomes another.
 */

import { type Detector, measureNamed, type Measurement, type Measurer } from './detector.ts'
import type { SmallPicture } from './sampler.ts'
import { spacedCuts } from './spaced_cuts.ts'

/**
 * `correlation`: of the histogram of luma (128 bins) with that of the frame before, -1 to 1, where 1 is the same;
 * 1 for the first frame.
 */
export const histograms: Measurement = { measures: ['correlation'], memory: 1, start: startHistograms }

/** Gives the correlations and cuts of PySceneDetect 0.7's `detect-hist`. Scores are 1 less the correlation. */
export const histogramDetector: Detector = {
  name: 'histogram',
  summary:
    'hard cuts by the spread of light alone; calm in fast motion, blind where two shots are lit alike.',
  threshold: { default: 0.2, least: 0, most: 1 },
  reads: ['correlation'],
  scores: (measured) => measureNamed(measured, 'correlation').map((correlation) => 1 - correlation),
  decide(measured, { threshold, minSceneLength }) {
    const correlations = measureNamed(measured, 'correlation')
    const most = 1 - threshold
    return spacedCuts(measured, minSceneLength, (frame) => (correlations[frame] ?? 1) <= most)
  },
}

const bins = 128

function startHistograms({ kernel, at, plane, width, height }: SmallPicture): Measurer {
  const luma = kernel.allocate(plane)
  const counted = kernel.allocate(4 * 4 * bins)
  const counts = new Uint32Array(kernel.view(counted, 0).buffer, counted, bins)
  const beyond = plane - width * height
  let [now, before] = [new Float32Array(bins), new Float32Array(bins)]
  let isFirst = true
  return (values) => {
    // OpenCV's BGR2YUV: BT.601 in 14 bits.
    kernel.loops.weighColours(at, plane, 1868, 9617, 4899, 14, luma)
    kernel.loops.countPairs(luma, plane, counted)
    counts[0] = (counts[0] ?? 0) - beyond // what lies behind the picture is black
    normalise(counts, now)
    values[0] = isFirst ? 1 : correlate(before, now)
    isFirst = false
    ;[now, before] = [before, now]
  }
}

/** Counts over the root of the sum of their squares, in single precision. */
function normalise(counts: Uint32Array, to: Float32Array): void {
  let squares = 0
  for (const count of counts) squares += count * count
  const scale = Math.fround(1 / Math.sqrt(squares))
  for (let i = 0; i < bins; i++) to[i] = (counts[i] ?? 0) * scale
}

/** Pearson's correlation, 1 for flat histograms. As in OpenCV even and odd bins are summed up apart. */
function correlate(a: Float32Array, b: Float32Array): number {
  const even = sumsOf(a, b, 0)
  const odd = sumsOf(a, b, 1)
  const [sumA, sumB, squaresA, squaresB, products] = even.map((sum, i) => sum + (odd[i] ?? 0)) as Sums
  const scale = 1 / bins
  const spread = (squaresA - sumA * sumA * scale) * (squaresB - sumB * sumB * scale)
  return Math.abs(spread) > Number.EPSILON ? (products - sumA * sumB * scale) / Math.sqrt(spread) : 1
}

/** Of a, of b, of the squares of a and of b, of the products. */
type Sums = [number, number, number, number, number]

function sumsOf(a: Float32Array, b: Float32Array, first: number): Sums {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0]
  for (let i = first; i < bins; i += 2) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    sumA += x
    sumB += y
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  return [sumA, sumB, squaresA, squaresB, products]
}
